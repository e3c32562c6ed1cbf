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

/** Unbonding entries of one account at a time. */
export const UNBONDING_ENTRIES_MAX = 64;

/**
 * `active` votes, or will; `leaving`: stake under the minimum, power on its way to zero; `jailed`:
 * absent for so long that it has no power until it asks to be unjailed; `ejected`: convicted of an
 * equivocation, no power until it comes back under a new key.
 */
export const ValidatorStatus = enumeration(["active", "leaving", "jailed", "ejected"]);

export type ValidatorStatus = Infer<typeof ValidatorStatus>;

/** Votes of one finished epoch, and blocks that it could vote on. */
const VotedEpoch = struct("VotedEpoch", { votes: natural(4), blocks: natural(4) });

/**
 * Finished epochs of a validator that are too short to tell whether it is absent: see `addEpoch`.
 */
const ShortEpochs = struct("ShortEpochs", {
  /** Certificates with its vote, and all that could have it. */
  votes: natural(8),
  blocks: natural(8),
  /** Header time that they lasted. */
  lastedMs: natural(8),
});

export type ShortEpochs = Infer<typeof ShortEpochs>;

export const NO_SHORT_EPOCHS: ShortEpochs = { votes: 0, blocks: 0, lastedMs: 0 };

/** Finished epochs that accuracy is measured over. */
export const ACCURACY_EPOCHS = 8;

/** A staker. Its power is what the voting set says; this is what it should become. */
export const ValidatorRecord = struct("ValidatorRecord", {
  key: publicKey,
  /** Bonded micro-tokens; not part of the balance. */
  stake: amount,
  status: ValidatorStatus,
  /** Earned since the first block, shares and bonuses; they went to the balance. */
  rewards: amount,
  /** Tips of the blocks that it proposed; they went there too. */
  tips: amount,
  /** Blocks of finished epochs whose certificate had its signature, and all in which it could. */
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
  /** Takes the place of `key` at an epoch boundary. */
  nextKey: optional(publicKey),
  /** Sequence of the block that convicted it of an equivocation, until it comes back. */
  convictedAt: optional(sequence),
});

export type ValidatorRecord = Infer<typeof ValidatorRecord>;

/** Stake that was withdrawn. `freeAt`, in header time, is 0 while its power is still in effect. */
const UnbondingEntry = struct("UnbondingEntry", { amount, freeAt: timestamp });

/** Withdrawn stake of one account, oldest first. It can still be slashed. */
export const Unbonding = struct("Unbonding", {
  entries: list(UnbondingEntry, UNBONDING_ENTRIES_MAX),
});

export type Unbonding = Infer<typeof Unbonding>;

const VoteCount = struct("VoteCount", { votes: natural(4) });

/** Who signed how many of the certificates of this epoch; by index in the voting set. */
export const Participation = struct("Participation", {
  blocks: natural(4),
  members: list(VoteCount, VALIDATORS_MAX),
});

export type Participation = Infer<typeof Participation>;

/** Time of something that waits for an epoch boundary and has no date yet. */
export const NO_DATE: Timestamp = toTimestamp(0);
