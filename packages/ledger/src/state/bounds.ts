import { EVIDENCE_MAX, SEATS_MAX } from "@aethel/models";
import { KEY_TERMS_MAX } from "./offence-records.ts";
import { UNBONDING_ENTRIES_MAX } from "./validator-records.ts";

/**
 * Bounds of the state and of one block. They are part of the protocol: all nodes of a chain MUST
 * have the same. A request beyond a bound either waits or fails with a result code of its own.
 * Tests use small bounds to reach each of them.
 */
export interface StateBounds {
  /**
   * Most accounts that wait in one queue for an epoch boundary. An invoke that would add one more
   * fails with `stake-queue`. A decrease of power is never refused.
   */
  readonly waitingMax: number;
  /** Most entries of unbonding stake of one account. Each has its own release date. */
  readonly unbondingEntriesMax: number;
  /**
   * Most members of the validator set. It is bounded because the whole set is one value of the
   * state tree.
   */
  readonly membersMax: number;
  /**
   * Most accounts of one queue that one epoch boundary handles. The others wait for the next epoch
   * boundary.
   */
  readonly movesMax: number;
  /**
   * Most entries of unbonding stake that one block releases. The others wait for the next block.
   */
  readonly releasesMax: number;
  /**
   * Most convictions whose cost one epoch boundary raises. The others wait for the next epoch
   * boundary.
   */
  readonly raisesMax: number;
  /**
   * Most terms that are kept for one consensus key. A term is a run of sequences in which the key
   * has one power; see `KeyRecord`.
   */
  readonly keyTermsMax: number;
  /** Most pieces of evidence in a block. */
  readonly evidenceMax: number;
}

/**
 * Bounds of every chain. With full queues, an epoch boundary takes about 0.1 s of one core, for
 * which no proof of its block pays (measured by `npm run bench -- costs`).
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
