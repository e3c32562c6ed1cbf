import {
  type AccountId,
  type Amount,
  type BlockHeader,
  type Digest,
  equalBytes,
  findCertificateDefect,
  leaderOf,
  ledgerHeader,
  type QuorumCertificate,
  signersOfCertificate,
  toAmount,
  toSequence,
  toView,
  type ValidatorSet,
  type VerifySigned,
  validatorAt,
} from "@aethel/models";
import {
  absenceAfter,
  absenceJails,
  blockReward,
  type DividedReward,
  shareReward,
} from "@aethel/rewards";
import { credit } from "./accounts.ts";
import { countUp, sumUp } from "./counters.ts";
import type { Draft } from "./draft.ts";
import { enqueuePower } from "./queues/power-lanes.ts";
import { readValidator } from "./stake.ts";
import type { LedgerState } from "./state.ts";
import {
  ACCURACY_EPOCHS,
  NO_SHORT_EPOCHS,
  Participation,
  type ShortEpochs,
  stateKey,
  ValidatorRecord,
} from "./state-layout.ts";
import { noteMinted, readSupply } from "./supply.ts";
import { isAtBorder, lastEpochMs, spanOf } from "./time/clock.ts";

/** Why the parent's certificate in a block pays nobody. */
export type ParentCertificateDefect = "missing" | "of-genesis" | "other-block" | "not-certified";

/**
 * Whether a certificate makes the parent final: COMMIT phase, the parent's digest and sequence,
 * and every signature verified against the set that voted on it, since each is paid for (B10).
 */
export function findParentCertificateDefect(
  certificate: QuorumCertificate | undefined,
  state: LedgerState,
  verify?: VerifySigned,
): ParentCertificateDefect | undefined {
  const { header, digest, previousSet, chain } = state;
  if (header.sequence === 0) return certificate === undefined ? undefined : "of-genesis";
  if (certificate === undefined) return "missing";
  const block = { header, digest, set: previousSet, chain };
  if (!isCommitOf(certificate, block)) return "other-block";
  return isCommitCertificate(certificate, block, verify) ? undefined : "not-certified";
}

/** A block, and the set that voted on it. */
interface CertifiedBlock {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly set: ValidatorSet;
  readonly chain: Digest;
}

function isCommitOf(
  certificate: QuorumCertificate,
  { header, digest }: Pick<CertifiedBlock, "header" | "digest">,
): boolean {
  const { phase, sequence } = certificate;
  const isSame = sequence === header.sequence && equalBytes(certificate.digest, digest);
  return phase === "commit" && isSame;
}

/** Whether a certificate makes this block final, every one of its signatures verified. */
export function isCommitCertificate(
  certificate: QuorumCertificate,
  block: CertifiedBlock,
  verify?: VerifySigned,
): boolean {
  if (!isCommitOf(certificate, block)) return false;
  const about = { certificate, set: block.set, genesis: block.chain };
  const defect = findCertificateDefect(verify === undefined ? about : { ...about, verify });
  return defect === undefined;
}

/** The parent's reward, as its certificate divides it. Who is convicted by now is paid nothing. */
function rewardOf(
  certificate: QuorumCertificate,
  { draft, state }: { readonly draft: Draft; readonly state: LedgerState },
  minted: Amount,
): DividedReward {
  const { header, previousSet, parameters, clock } = state;
  const { totalDifficulty } = ledgerHeader(header);
  const reward = blockReward({ span: spanOf(clock), totalDifficulty, minted }, parameters);
  const signers = signersOfCertificate(certificate).map((index) => {
    const member = validatorAt(previousSet, index);
    const signer = { index, power: member?.power ?? 0n };
    const isPaid = member === undefined || !isConvicted(draft, member.id);
    return isPaid ? signer : { ...signer, isConvicted: true as const };
  });
  return shareReward({ reward, signers, totalPower: previousSet.totalPower }, parameters);
}

/**
 * Pays for the parent: shares to the signers of its certificate, the bonus to the proposer of this
 * block, who chose which votes to include. Counts who took part.
 *
 * The bonus of a sequence is its scheduled leader's or nobody's, and then stays unminted: a stand-in
 * for a leader that is passed over, or one of a later view, gains nothing by another's loss. Who is
 * convicted gets none.
 */
export function settleParent(
  certificate: QuorumCertificate,
  proposer: AccountId,
  { draft, state }: { readonly draft: Draft; readonly state: LedgerState },
): void {
  countVotes(certificate, draft, state);
  if (ledgerHeader(state.header).totalDifficulty === 0) return;
  const { minted } = readSupply(draft);
  const divided = rewardOf(certificate, { draft, state }, minted);
  for (const { index, amount } of divided.shares) {
    const member = validatorAt(state.previousSet, index);
    if (member !== undefined) pay(draft, member.id, amount);
  }
  const isEntitled = isScheduled(proposer, state) && !isConvicted(draft, proposer);
  const bonus = isEntitled ? divided.bonus : toAmount(0n);
  pay(draft, proposer, bonus);
  noteMinted(draft, toAmount(divided.minted - divided.bonus + bonus));
}

/** Whether a validator leads the next sequence by the plain schedule, in view 0. */
function isScheduled(id: AccountId, { votingSet, header }: LedgerState): boolean {
  const leader = leaderOf(votingSet, toSequence(header.sequence + 1), toView(0));
  const scheduled = validatorAt(votingSet, leader);
  return scheduled !== undefined && equalBytes(scheduled.id, id);
}

/** Whether a validator has been convicted of an equivocation and is not back yet. */
function isConvicted(draft: Draft, id: AccountId): boolean {
  return readValidator(draft, id).convictedAt !== undefined;
}

function pay(draft: Draft, id: AccountId, amount: Amount): void {
  if (amount === 0n) return;
  credit(draft, id, amount);
  const record = readValidator(draft, id);
  const rewards = sumUp(record.rewards, amount);
  draft.write(stateKey.validator(id), ValidatorRecord, { ...record, rewards });
}

/** One value for all counts of an epoch, so that a block of a thousand votes writes one key. */
function countVotes(certificate: QuorumCertificate, draft: Draft, state: LedgerState): void {
  const known = draft.read(stateKey.participation, Participation);
  const members = certificate.signers.map((signed, at) => ({
    votes: countUp(known?.members[at]?.votes ?? 0, signed ? 1 : 0),
  }));
  const counts = { blocks: countUp(known?.blocks ?? 0, 1), members };
  if (!isAtBorder(state.clock)) {
    draft.write(stateKey.participation, Participation, counts);
    return;
  }
  // The next certificate is by another set, in which an index means another validator.
  draft.write(stateKey.participation, Participation, undefined);
  const { blocks } = counts;
  const lastedMs = lastEpochMs(state.clock, state.parameters);
  state.previousSet.validators.forEach(({ id }, at) => {
    addEpoch(draft, id, { votes: members[at]?.votes ?? 0, blocks, lastedMs }, state);
  });
}

/**
 * Adds an epoch up. Absence is counted over epochs that together have two blocks for each member of the
 * set: the proposer of the next block chooses which votes a block has, and in an epoch of a few blocks
 * a single one could have proposed all that follow them.
 */
function addEpoch(draft: Draft, id: AccountId, epoch: ShortEpochs, state: LedgerState): void {
  const record = readValidator(draft, id);
  const { votes, blocks } = epoch;
  const told = together(record.short, epoch);
  const isShort = told.blocks < 2 * state.previousSet.validators.length;
  const absent = isShort
    ? record.absent
    : absenceAfter({ absentMs: record.absent, ...told }, state.parameters);
  // Who is ejected comes back by a new key, not by asking.
  const isJailed = record.status !== "ejected" && absenceJails(absent, state.parameters);
  draft.write(stateKey.validator(id), ValidatorRecord, {
    ...record,
    votes: record.votes + votes,
    blocks: record.blocks + blocks,
    recent: [...record.recent, { votes, blocks }].slice(-ACCURACY_EPOCHS),
    absent,
    short: isShort ? told : NO_SHORT_EPOCHS,
    status: isJailed ? "jailed" : record.status,
  });
  if (isJailed) enqueuePower(draft, id, state);
}

function together(left: ShortEpochs, right: ShortEpochs): ShortEpochs {
  return {
    votes: left.votes + right.votes,
    blocks: left.blocks + right.blocks,
    lastedMs: left.lastedMs + right.lastedMs,
  };
}
