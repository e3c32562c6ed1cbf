import { EVIDENCE_MAX, SEATS_MAX } from "@aethel/models";
import { KEY_TERMS_MAX } from "./offence-records.ts";
import { UNBONDING_ENTRIES_MAX } from "./validator-records.ts";

/**
 * Bounds of the state and of one block. They are a part of the protocol: all nodes of a chain MUST
 * have the same. Each is checked where something grows, and leads to an outcome or to waiting.
 * Tests make them small, so that they reach each of them.
 */
export interface StateBounds {
  /**
   * Most accounts that wait in one lane for an epoch boundary; more `stake` is `stake-queue` then.
   */
  readonly waitingMax: number;
  /** Most entries of unbonding stake of one account, each with a date of its own. */
  readonly unbondingEntriesMax: number;
  /** Most members of the validator set, whose encoding is one value of the tree. */
  readonly membersMax: number;
  /** Most accounts of one lane that an epoch boundary serves; the others wait for the next one. */
  readonly movesMax: number;
  /** Most accounts whose unbonded stake one block releases; the others wait for the next block. */
  readonly releasesMax: number;
  /** Most convictions whose cost an epoch boundary raises; the others wait for the next one. */
  readonly raisesMax: number;
  /** Most terms of one consensus key that are kept: see `KeyRecord`. */
  readonly keyTermsMax: number;
  /** Most pieces of evidence in a block. */
  readonly evidenceMax: number;
}

/** Bounds of every chain. */
export const STATE_BOUNDS: StateBounds = {
  waitingMax: 16_384,
  unbondingEntriesMax: UNBONDING_ENTRIES_MAX,
  membersMax: SEATS_MAX,
  movesMax: 1_024,
  releasesMax: 1_024,
  raisesMax: 256,
  keyTermsMax: KEY_TERMS_MAX,
  evidenceMax: EVIDENCE_MAX,
};
