import { type AccountId, type Digest, type Timestamp, toSequence, ZERO_DIGEST } from "../ids.ts";
import { annexRoot, evidenceRoot } from "./block.ts";
import { type BlockHeader, WIRE_VERSION } from "./header.ts";
import { payloadRoot } from "./item.ts";
import type { ValidatorSet } from "./validator-set.ts";

/**
 * Creates the header of sequence 0: it has no parent, an empty body, and an empty record of
 * leaders. `validators` votes on the first block.
 */
export function createGenesisHeader(options: {
  /** Genesis hash, which identifies the chain. */
  readonly chain: Digest;
  readonly timestamp: Timestamp;
  readonly validators: ValidatorSet;
  /** Id in the place of a proposer, which the header of sequence 0 does not have. */
  readonly proposer: AccountId;
  /** Bytes that only the application reads. They name the state with which the chain begins. */
  readonly application: Uint8Array;
}): BlockHeader {
  const { chain, timestamp, validators, proposer, application } = options;
  return {
    version: WIRE_VERSION,
    chain,
    sequence: toSequence(0),
    timestamp,
    parent: ZERO_DIGEST,
    payloadRoot: payloadRoot([]),
    annexRoot: annexRoot([]),
    evidenceRoot: evidenceRoot([]),
    parentCertificateRoot: ZERO_DIGEST,
    validators: validators.hash,
    nextValidators: validators.hash,
    leadership: ZERO_DIGEST,
    proposer,
    application,
  };
}
