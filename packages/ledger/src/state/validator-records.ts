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
 * Status of a validator. `active`: votes, or will. `leaving`: stake under the minimum, and power on
 * its way to zero. `jailed`: no power after too much absence, until it unjails. `ejected`: no power
 * after an equivocation, until it returns under a new key.
 */
export const ValidatorStatus = enumeration(["active", "leaving", "jailed", "ejected"]);

export type ValidatorStatus = Infer<typeof ValidatorStatus>;

/** Votes in one finished epoch, and blocks that the validator could vote on. */
const VotedEpoch = struct("VotedEpoch", { votes: natural(4), blocks: natural(4) });

/** Finished epochs that are too short to tell whether a validator is absent: see `addEpoch`. */
const ShortEpochs = struct("ShortEpochs", {
  /** Certificates with its vote, and certificates that could have it. */
  votes: natural(8),
  blocks: natural(8),
  /** Header time of these epochs. */
  lastedMs: natural(8),
});

export type ShortEpochs = Infer<typeof ShortEpochs>;

export const NO_SHORT_EPOCHS: ShortEpochs = { votes: 0, blocks: 0, lastedMs: 0 };

/** Number of finished epochs over which accuracy is measured. */
export const ACCURACY_EPOCHS = 8;

/**
 * Staker. Its power in effect is in the voting set, and follows this record at epoch boundaries.
 */
export const ValidatorRecord = struct("ValidatorRecord", {
  key: publicKey,
  /** Bonded micro-tokens, which are not a part of the balance. */
  stake: amount,
  status: ValidatorStatus,
  /** Shares and bonuses since the first block, which were credited to the balance. */
  rewards: amount,
  /** Tips of the blocks that it proposed, which were credited too. */
  tips: amount,
  /**
   * Blocks of finished epochs with its signature in their certificate, and blocks that it could
   * sign.
   */
  votes: natural(8),
  blocks: natural(8),
  offences: natural(4),
  slashed: amount,
  /** The last finished epochs in which it had power, oldest first: see `accuracyOf`. */
  recent: list(VotedEpoch, ACCURACY_EPOCHS),
  /** Header time of finished epochs that it missed, less what it voted on: see `absenceAfter`. */
  absent: natural(8),
  /** Finished epochs that `absent` does not count yet. */
  short: ShortEpochs,
  /** Key that replaces `key` at an epoch boundary. */
  nextKey: optional(publicKey),
  /** Sequence of the block that convicted it of an equivocation, until it returns. */
  convictedAt: optional(sequence),
});

export type ValidatorRecord = Infer<typeof ValidatorRecord>;

/** Withdrawn stake. `freeAt`, in header time, is 0 while its power is still in effect. */
const UnbondingEntry = struct("UnbondingEntry", { amount, freeAt: timestamp });

/** Withdrawn stake of one account, oldest first. It can still be slashed. */
export const Unbonding = struct("Unbonding", {
  entries: list(UnbondingEntry, UNBONDING_ENTRIES_MAX),
});

export type Unbonding = Infer<typeof Unbonding>;

const VoteCount = struct("VoteCount", { votes: natural(4) });

/** Votes in the certificates of this epoch, by index in the voting set. */
export const Participation = struct("Participation", {
  blocks: natural(4),
  members: list(VoteCount, VALIDATORS_MAX),
});

export type Participation = Infer<typeof Participation>;

/** Date of stake that waits for an epoch boundary. */
export const NO_DATE: Timestamp = toTimestamp(0);
