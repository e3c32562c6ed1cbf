import { EVIDENCE_MAX, SEATS_MAX } from "@aethel/models";
import { KEY_TERMS_MAX } from "./offence-records.ts";
import { UNBONDING_ENTRIES_MAX } from "./validator-records.ts";

/**
 * Bounds of what the state and one block hold. Part of the protocol: all nodes of a chain MUST have
 * the same. Each is checked where something grows and ends in an outcome, or in waiting; tests make
 * them tiny, so that they reach every one.
 */
export interface StateBounds {
  /**
   * Accounts in one lane of those that wait for an epoch boundary; more `stake` is `stake-queue`
   * then.
   */
  readonly waitingMax: number;
  /** Entries of unbonding stake of one account, each with a date of its own. */
  readonly unbondingEntriesMax: number;
  /** Members of the validator set: its encoding is one value of the tree. */
  readonly membersMax: number;
  /** Accounts of one lane that an epoch boundary looks at; the others wait for the next one. */
  readonly movesMax: number;
  /** Accounts that get unbonded stake back in one block; the others wait for the next one. */
  readonly releasesMax: number;
  /** Convictions whose cost an epoch boundary may raise; the others wait for the next one. */
  readonly raisesMax: number;
  /** Terms of one consensus key that are kept: see `KeyRecord`. */
  readonly keyTermsMax: number;
  /** Pieces of evidence in a block. */
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
