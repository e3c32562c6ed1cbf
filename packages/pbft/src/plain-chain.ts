import {
  annexRoot,
  type Block,
  type BlockHeader,
  blockDigest,
  createGenesisHeader,
  type Digest,
  evidenceRoot,
  type FinalizedBlock,
  type Item,
  parentCertificateRoot,
  payloadRoot,
  toAccountId,
  toTimestamp,
  type ValidatorSet,
  WIRE_VERSION,
  ZERO_DIGEST,
} from "@aethel/models";
import type { ApplicationHead, ProposeRequest } from "./ports.ts";
import { leadershipAfter, leadershipHashAfter } from "./schedule/leader-at.ts";
import { EMPTY_LEADERSHIP } from "./schedule/record.ts";

/**
 * Returns the head of a chain before its first block. `application`: the application's part of the
 * header, which identifies the state with which the chain begins.
 */
export function createGenesisHead(options: {
  readonly genesis: Digest;
  readonly validators: ValidatorSet;
  readonly application: Uint8Array;
}): ApplicationHead {
  const { genesis, validators, application } = options;
  const header = createGenesisHeader({
    chain: genesis,
    timestamp: toTimestamp(0),
    validators,
    proposer: toAccountId(ZERO_DIGEST),
    application,
  });
  const digest = blockDigest(header);
  const sets = { validators, previousValidators: validators };
  return { header, digest, certificate: undefined, ...sets, leadership: EMPTY_LEADERSHIP };
}

/** Fields of a request that a plain block needs. */
type PlainRequest = Omit<ProposeRequest, "signal" | "reason" | "leadership"> &
  Partial<Pick<ProposeRequest, "leadership">>;

/**
 * Builds a block with these items on top of `head`. `application`: the application's part of the
 * header, which identifies the state after the block. A voter builds the block again from the
 * proposed block's header and items, and accepts the proposal if the digests are equal.
 */
export function createPlainBlock(options: {
  readonly head: ApplicationHead;
  readonly request: PlainRequest;
  readonly items: readonly Item[];
  readonly application: Uint8Array;
  /** Entries of the annex, which the application adds beside its items. Default: none. */
  readonly annex?: readonly Uint8Array[];
  /** Set that votes from the next sequence on. Default: the current set. */
  readonly nextValidators?: ValidatorSet;
}): Block {
  const { head, request, items, application } = options;
  const { annex = [], nextValidators = head.validators } = options;
  const { sequence, timestamp, proposer, parentCertificate, evidence } = request;
  const { leadership = leadershipHashAfter(head, parentCertificate) } = request;
  const header: BlockHeader = {
    ...head.header,
    sequence,
    timestamp,
    proposer,
    parent: head.digest,
    payloadRoot: payloadRoot(items),
    annexRoot: annexRoot(annex),
    evidenceRoot: evidenceRoot(evidence),
    parentCertificateRoot: parentCertificateRoot(parentCertificate),
    validators: head.validators.hash,
    nextValidators: nextValidators.hash,
    leadership,
    application,
  };
  return { version: WIRE_VERSION, header, items, annex, evidence, parentCertificate };
}

/**
 * Returns the head after a final block was applied. `nextValidators`: set that votes on the next
 * sequence. Default: the current set.
 */
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
