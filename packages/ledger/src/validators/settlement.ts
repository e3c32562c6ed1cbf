import {
  type AccountId,
  type Amount,
  equalBytes,
  leaderOf,
  ledgerHeader,
  type QuorumCertificate,
  signersOfCertificate,
  toAmount,
  toSequence,
  toView,
  validatorAt,
} from "@aethel/models";
import { blockReward, type DividedReward, shareReward } from "@aethel/rewards";
import { credit } from "../state/accounts.ts";
import { spanOf } from "../state/clock.ts";
import { sumUp } from "../state/counters.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { noteMinted, readSupply } from "../state/supply.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { countVotes } from "./participation.ts";
import { readValidator } from "./stake.ts";

/**
 * Computes the reward for the parent block and divides it among the signers of the parent's
 * certificate. Signers that were convicted of an equivocation get nothing.
 */
function rewardOf(
  certificate: QuorumCertificate,
  { overlay, state }: { readonly overlay: StateOverlay; readonly state: LedgerState },
  minted: Amount,
): DividedReward {
  const { header, previousSet, parameters, clock } = state;
  const { totalDifficulty } = ledgerHeader(header);
  const reward = blockReward({ span: spanOf(clock), totalDifficulty, minted }, parameters);
  const signers = signersOfCertificate(certificate).map((index) => {
    const member = validatorAt(previousSet, index);
    const signer = { index, power: member?.power ?? 0n };
    const isPaid = member === undefined || !isConvicted(overlay, member.id);
    return isPaid ? signer : { ...signer, isConvicted: true as const };
  });
  return shareReward({ reward, signers, totalPower: previousSet.totalPower }, parameters);
}

/**
 * Mints the parent's reward: shares for the signers of its certificate, and the bonus for the
 * proposer of this block, who chose the votes in the certificate. Also counts the votes.
 *
 * Only the scheduled leader of a sequence gets its bonus; otherwise the bonus is not minted. So the
 * leader of a later view, or the substitute for a leader that was passed over, gains nothing from
 * another's loss. A proposer that was convicted of an equivocation gets no bonus.
 */
export function settleParent(
  certificate: QuorumCertificate,
  proposer: AccountId,
  { overlay, state }: { readonly overlay: StateOverlay; readonly state: LedgerState },
): void {
  countVotes(certificate, overlay, state);
  if (ledgerHeader(state.header).totalDifficulty === 0) return;
  const { minted } = readSupply(overlay);
  const divided = rewardOf(certificate, { overlay, state }, minted);
  for (const { index, amount } of divided.shares) {
    const member = validatorAt(state.previousSet, index);
    if (member !== undefined) pay(overlay, member.id, amount);
  }
  const isEntitled = isScheduled(proposer, state) && !isConvicted(overlay, proposer);
  const bonus = isEntitled ? divided.bonus : toAmount(0n);
  pay(overlay, proposer, bonus);
  noteMinted(overlay, toAmount(divided.minted - divided.bonus + bonus));
}

/**
 * Whether a validator is the leader of view 0 of the next sequence by the schedule, before leaders
 * are passed over.
 */
function isScheduled(id: AccountId, { votingSet, header }: LedgerState): boolean {
  const leader = leaderOf(votingSet, toSequence(header.sequence + 1), toView(0));
  const scheduled = validatorAt(votingSet, leader);
  return scheduled !== undefined && equalBytes(scheduled.id, id);
}

/** Whether a validator has been convicted of an equivocation and has not returned. */
function isConvicted(overlay: StateOverlay, id: AccountId): boolean {
  return readValidator(overlay, id).convictedAt !== undefined;
}

function pay(overlay: StateOverlay, id: AccountId, amount: Amount): void {
  if (amount === 0n) return;
  credit(overlay, id, amount);
  const record = readValidator(overlay, id);
  const rewards = sumUp(record.rewards, amount);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, rewards });
}
