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
 * Status of a validator. `active`: it has power, or will have at an epoch boundary. `leaving`: its
 * stake is below the minimum, so its power is 0 or will fall to 0. `jailed`: no power after too
 * much absence, until it unjails. `ejected`: no power after an equivocation, until it returns under
 * a new key.
 */
export const ValidatorStatus = enumeration(["active", "leaving", "jailed", "ejected"]);

export type ValidatorStatus = Infer<typeof ValidatorStatus>;

/** Votes in one finished epoch, and blocks that the validator could vote on. */
const VotedEpoch = struct("VotedEpoch", { votes: natural(4), blocks: natural(4) });

/**
 * Sums over finished epochs that are together too short to tell whether a validator is absent: see
 * `addEpoch`.
 */
const ShortEpochs = struct("ShortEpochs", {
  /** Certificates that include the validator's vote. `blocks`: those that could include it. */
  votes: natural(8),
  blocks: natural(8),
  /** Header time of these epochs, in milliseconds. */
  lastedMs: natural(8),
});

export type ShortEpochs = Infer<typeof ShortEpochs>;

export const NO_SHORT_EPOCHS: ShortEpochs = { votes: 0, blocks: 0, lastedMs: 0 };

/** Number of finished epochs over which accuracy is measured. */
export const ACCURACY_EPOCHS = 8;

/**
 * Record of an account that has or had stake. Its power is that in the voting set, which follows
 * this record at epoch boundaries.
 */
export const ValidatorRecord = struct("ValidatorRecord", {
  key: publicKey,
  /** Bonded stake, in micro-tokens. It is not part of the balance. */
  stake: amount,
  status: ValidatorStatus,
  /** Sum of all shares and bonuses since genesis. They were credited to the balance. */
  rewards: amount,
  /** Sum of the tips of the blocks that it proposed. They were credited to the balance. */
  tips: amount,
  /**
   * Blocks of finished epochs whose certificate includes its signature. `blocks`: those that it
   * could sign.
   */
  votes: natural(8),
  blocks: natural(8),
  offences: natural(4),
  slashed: amount,
  /** Last finished epochs in which it had power, oldest first: see `accuracyOf`. */
  recent: list(VotedEpoch, ACCURACY_EPOCHS),
  /**
   * Absence in milliseconds of header time: what it missed in finished epochs, less what it voted
   * on, never below 0. See `absenceAfter`.
   */
  absent: natural(8),
  /** Sums over finished epochs that `absent` does not include yet. */
  short: ShortEpochs,
  /** Requested key, which replaces `key` at an epoch boundary. Absent if none is requested. */
  nextKey: optional(publicKey),
  /**
   * Sequence of the block that convicted it of an equivocation. Absent if there is none, and after
   * its return.
   */
  convictedAt: optional(sequence),
});

export type ValidatorRecord = Infer<typeof ValidatorRecord>;

/**
 * Withdrawn stake. `freeAt` is the header time from which it is free; 0 while the set still has the
 * power of this stake.
 */
const UnbondingEntry = struct("UnbondingEntry", { amount, freeAt: timestamp });

/** Withdrawn stake of one account, oldest first. It can still be slashed. */
export const Unbonding = struct("Unbonding", {
  entries: list(UnbondingEntry, UNBONDING_ENTRIES_MAX),
});

export type Unbonding = Infer<typeof Unbonding>;

const VoteCount = struct("VoteCount", { votes: natural(4) });

/**
 * Votes in the certificates of this epoch, by the voter's index in the set. `blocks`: number of
 * certificates.
 */
export const Participation = struct("Participation", {
  blocks: natural(4),
  members: list(VoteCount, VALIDATORS_MAX),
});

export type Participation = Infer<typeof Participation>;

/** Value of `freeAt` for stake without a date, which waits for an epoch boundary. */
export const NO_DATE: Timestamp = toTimestamp(0);
