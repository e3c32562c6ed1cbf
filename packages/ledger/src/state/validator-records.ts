import { type Timestamp, toTimestamp, VALIDATORS_MAX } from "@aethel/models";
import {
  amount,
  enumeration,
  type Infer,
  list,
  natural,
  optional,
  publicKey,
  sequence,
  struct,
  timestamp,
} from "@aethel/models/codec";

/** Most unbonding entries of one account. */
export const UNBONDING_ENTRIES_MAX = 64;

/**
 * Status of a validator. `active`: it has power, or will get it at an epoch boundary. `leaving`:
 * its stake is below the minimum, so its power is 0 or will fall to 0. `jailed`: it has no power
 * after too much absence, until it unjails. `ejected`: it has no power after an equivocation, until
 * it returns with a new key.
 */
export const ValidatorStatus = enumeration(["active", "leaving", "jailed", "ejected"]);

export type ValidatorStatus = Infer<typeof ValidatorStatus>;

/**
 * Number of a validator's votes in one finished epoch (`votes`), and number of blocks of that epoch
 * for which it could vote (`blocks`).
 */
const VotedEpoch = struct("VotedEpoch", { votes: natural(4), blocks: natural(4) });

/**
 * Sums over finished epochs whose number of blocks, even together, is too small to tell whether a
 * validator is absent: see `addEpoch`.
 */
const ShortEpochs = struct("ShortEpochs", {
  /**
   * Number of certificates that include the validator's vote. `blocks`: number of certificates that
   * could include it.
   */
  votes: natural(8),
  blocks: natural(8),
  /** Length of these epochs in header time, in milliseconds. */
  lastedMs: natural(8),
});

export type ShortEpochs = Infer<typeof ShortEpochs>;

export const NO_SHORT_EPOCHS: ShortEpochs = { votes: 0, blocks: 0, lastedMs: 0 };

/** Number of finished epochs over which accuracy is measured. */
export const ACCURACY_EPOCHS = 8;

/**
 * Record of an account that has or had stake. The account's power is in the voting set, which
 * follows this record at epoch boundaries.
 */
export const ValidatorRecord = struct("ValidatorRecord", {
  key: publicKey,
  /** Bonded stake, in micro-tokens. It is not part of the balance. */
  stake: amount,
  status: ValidatorStatus,
  /**
   * Sum of all shares and bonuses that the validator received since genesis, in micro-tokens. They
   * were credited to its balance.
   */
  rewards: amount,
  /**
   * Sum of the tips of the blocks that the validator proposed, in micro-tokens. They were credited
   * to its balance.
   */
  tips: amount,
  /**
   * Number of certificates in finished epochs that include the validator's signature. `blocks`:
   * number of blocks that it could sign.
   */
  votes: natural(8),
  blocks: natural(8),
  offences: natural(4),
  slashed: amount,
  /**
   * Votes in the last finished epochs in which the validator had power, oldest first: see
   * `accuracyOf`.
   */
  recent: list(VotedEpoch, ACCURACY_EPOCHS),
  /**
   * Absence in milliseconds of header time: the time that the validator missed in finished epochs,
   * less the time that it voted on, never below 0. See `absenceAfter`.
   */
  absent: natural(8),
  /** Sums over the finished epochs that are not included in `absent` yet. */
  short: ShortEpochs,
  /**
   * Requested consensus key, which replaces `key` at an epoch boundary. Absent if none is
   * requested.
   */
  nextKey: optional(publicKey),
  /**
   * Sequence of the block that convicted the validator of an equivocation. Absent if none did, and
   * after the validator's return.
   */
  convictedAt: optional(sequence),
});

export type ValidatorRecord = Infer<typeof ValidatorRecord>;

/**
 * Withdrawn stake. `freeAt` is the header time at which it is released. It is 0 as long as the
 * validator set still counts power for this stake.
 */
const UnbondingEntry = struct("UnbondingEntry", { amount, freeAt: timestamp });

/** Withdrawn stake of one account, oldest first. It can still be slashed. */
export const Unbonding = struct("Unbonding", {
  entries: list(UnbondingEntry, UNBONDING_ENTRIES_MAX),
});

export type Unbonding = Infer<typeof Unbonding>;

const VoteCount = struct("VoteCount", { votes: natural(4) });

/**
 * Counts of votes in the certificates of this epoch, by the voter's index in the set. `blocks`:
 * number of certificates.
 */
export const Participation = struct("Participation", {
  blocks: natural(4),
  members: list(VoteCount, VALIDATORS_MAX),
});

export type Participation = Infer<typeof Participation>;

/** Value of `freeAt` for stake without a release date, which waits for an epoch boundary. */
export const NO_DATE: Timestamp = toTimestamp(0);
