import { EVIDENCE_MAX, SEATS_MAX } from "@aethel/models";
import { KEY_TERMS_MAX } from "./offence-records.ts";
import { UNBONDING_ENTRIES_MAX } from "./validator-records.ts";

/**
 * Bounds of the state and of one block. They are part of the protocol: all nodes of a chain MUST
 * have the same. What reaches a bound is either refused with an outcome of its own, or waits. Tests
 * make the bounds small to reach each of them.
 */
export interface StateBounds {
  /**
   * Most accounts that wait in one queue for an epoch boundary. An invoke that would add one more
   * is forbidden (`stake-queue`). A decrease of power is never refused.
   */
  readonly waitingMax: number;
  /** Most entries of unbonding stake of one account. Each has its own release date. */
  readonly unbondingEntriesMax: number;
  /** Most members of the validator set. The whole set is one value of the tree. */
  readonly membersMax: number;
  /** Most accounts of one queue that an epoch boundary serves. The others wait for the next one. */
  readonly movesMax: number;
  /**
   * Most entries of unbonding stake that one block releases. The others wait for the next block.
   */
  readonly releasesMax: number;
  /** Most convictions whose cost an epoch boundary raises. The others wait for the next one. */
  readonly raisesMax: number;
  /** Most terms of one consensus key that are kept: see `KeyRecord`. */
  readonly keyTermsMax: number;
  /** Most pieces of evidence in a block. */
  readonly evidenceMax: number;
}

/**
 * Bounds of every chain. Full queues take an epoch boundary about 0.1 s of one core, which no proof
 * of its block pays for (measured by `npm run bench -- costs`).
 */
export const STATE_BOUNDS: StateBounds = {
  waitingMax: 16_384,
  unbondingEntriesMax: UNBONDING_ENTRIES_MAX,
  membersMax: SEATS_MAX,
  movesMax: 128,
  releasesMax: 128,
  raisesMax: 256,
  keyTermsMax: KEY_TERMS_MAX,
  evidenceMax: EVIDENCE_MAX,
};
