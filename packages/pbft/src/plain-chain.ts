import {
  type BlockHeader,
  blockDigest,
  type Digest,
  evidenceRoot,
  type FinalizedBlock,
  type ProofBlock,
  parentCertificateRoot,
  proofsRoot,
  type Root,
  toAccountId,
  toAmount,
  toDifficulty,
  toSequence,
  toTimestamp,
  type ValidatorSet,
  verificationRoot,
  ZERO_DIGEST,
} from "@aethel/models";
import type { ApplicationHead, ProposeRequest } from "./ports.ts";
import { leadershipAfter, leadershipHashAfter } from "./schedule/leader-at.ts";
import { EMPTY_LEADERSHIP } from "./schedule/record.ts";

/**
 * The head of a chain before its first block, for an application that has no ledger: its state is
 * whatever it likes, told to the chain as one root.
 */
export function createGenesisHead(options: {
  readonly genesis: Digest;
  readonly validators: ValidatorSet;
  readonly stateRoot: Root;
}): ApplicationHead {
  const { genesis, validators, stateRoot } = options;
  const header: BlockHeader = {
    chain: genesis,
    sequence: toSequence(0),
    timestamp: toTimestamp(0),
    parent: ZERO_DIGEST,
    proofsRoot: proofsRoot([]),
    verificationRoot: verificationRoot([]),
    evidenceRoot: evidenceRoot([]),
    parentCertificateRoot: ZERO_DIGEST,
    stateRootBefore: stateRoot,
    stateRootAfter: stateRoot,
    supplyBefore: toAmount(0n),
    supplyAfter: toAmount(0n),
    validators: validators.hash,
    nextValidators: validators.hash,
    leadership: ZERO_DIGEST,
    proposer: toAccountId(ZERO_DIGEST),
    totalDifficulty: toDifficulty(0),
    judgeVersion: 0,
  };
  const digest = blockDigest(header);
  const sets = { validators, previousValidators: validators };
  return { header, digest, certificate: undefined, ...sets, leadership: EMPTY_LEADERSHIP };
}

/** Fields of a request that a plain block needs. */
type PlainRequest = Omit<ProposeRequest, "signal" | "reason" | "leadership"> &
  Partial<Pick<ProposeRequest, "leadership">>;

/**
 * A block on top of `head`, without proofs, that moves the state to `stateRoot`. A voter builds the
 * same one from the proposed block's own header, and accepts if the digests are equal.
 */
export function createPlainBlock(options: {
  readonly head: ApplicationHead;
  readonly request: PlainRequest;
  readonly stateRoot: Root;
  /** The set from the next sequence on; the same one by default. */
  readonly nextValidators?: ValidatorSet;
}): ProofBlock {
  const { head, request, stateRoot, nextValidators = head.validators } = options;
  const { sequence, timestamp, proposer, parentCertificate, evidence } = request;
  const { leadership = leadershipHashAfter(head, parentCertificate) } = request;
  const header: BlockHeader = {
    ...head.header,
    sequence,
    timestamp,
    proposer,
    parent: head.digest,
    evidenceRoot: evidenceRoot(evidence),
    parentCertificateRoot: parentCertificateRoot(parentCertificate),
    stateRootBefore: head.header.stateRootAfter,
    stateRootAfter: stateRoot,
    validators: head.validators.hash,
    nextValidators: nextValidators.hash,
    leadership,
  };
  return { header, proofs: [], evidence, parentCertificate };
}

/** The head once a final block is applied. `nextValidators`: as in the block. */
export function advanceHead(
  head: ApplicationHead,
  { block, certificate }: FinalizedBlock,
  nextValidators: ValidatorSet = head.validators,
): ApplicationHead {
  return {
    header: block.header,
    digest: certificate.digest,
    certificate,
    validators: nextValidators,
    previousValidators: head.validators,
    leadership: leadershipAfter(head, block.parentCertificate),
  };
}
