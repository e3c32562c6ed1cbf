import {
  accountId,
  amount,
  bigNatural,
  digest,
  enumeration,
  type Infer,
  list,
  natural,
  optional,
  publicKey,
  sequence,
  struct,
} from "@aethel/models/codec";

/** Most terms (spans of sequences with one power) that are kept for one consensus key. */
export const KEY_TERMS_MAX = 16;

/**
 * Term of a consensus key: consecutive sequences in which the validator set has the key with one
 * power.
 */
export const KeyTerm = struct("KeyTerm", {
  /** First sequence on which the key can vote: the one after the epoch boundary. */
  from: sequence,
  /** Last sequence of the term, which is an epoch boundary. Absent while the term lasts. */
  until: optional(sequence),
  /**
   * First sequence of the validator's current time in the set. Since then it has been a member
   * without interruption or ejection, perhaps with different keys.
   */
  since: sequence,
  power: amount,
});

export type KeyTerm = Infer<typeof KeyTerm>;

/**
 * Owner of a consensus key, and the sequences at which validator sets had the key (B20). A key that
 * was requested and is not in a set yet has no terms.
 */
export const KeyRecord = struct("KeyRecord", {
  validator: accountId,
  /** Terms in ascending order. Terms that are too old for evidence may be removed. */
  terms: list(KeyTerm, KEY_TERMS_MAX),
});

export type KeyRecord = Infer<typeof KeyRecord>;

/** Identity of an offence. It does not depend on the messages that were signed. */
export const Offence = struct("Offence", {
  validator: accountId,
  kind: enumeration(["equivocation", "invalid-verification"]),
  /**
   * For an equivocation, `since` of the key's term. For an invalid verification, the sequence of
   * the false block.
   */
  sequence,
});

export type Offence = Infer<typeof Offence>;

/** Offence that was punished. */
export const OffenceRecord = struct("OffenceRecord", {
  validator: accountId,
  /** Amount slashed so far, in micro-tokens. For an equivocation it may be raised later. */
  slashed: amount,
  /** Sequence of the block that convicted the validator. */
  sequence,
  /**
   * Largest part of the power that any evidence has shown the validator to have when it
   * equivocated, in units of 2^-96. Only present for equivocations.
   */
  share: optional(bigNatural(16)),
});

export type OffenceRecord = Infer<typeof OffenceRecord>;

/**
 * Conviction of one validator for the equivocations during one of its times in the set. It is kept
 * as long as it counts together with other convictions.
 */
export const Conviction = struct("Conviction", {
  validator: accountId,
  /** Digest of the `Offence`. */
  offence: digest,
  /** First sequence of the validator's time in the set. */
  since: sequence,
  /**
   * Key of the validator when it was convicted. The validator keeps it until it is out of the set.
   */
  key: publicKey,
  /** Bonded and unbonding stake of the validator when it was convicted, in micro-tokens. */
  stake: amount,
  /** Current cost of the offence, in micro-tokens. */
  total: amount,
  /** Sequence of the block that convicted the validator. */
  sequence,
});

export type Conviction = Infer<typeof Conviction>;

/**
 * Counters for the convictions that count together: the cost of each depends on all of them. Their
 * numbers go from `first` to `next` - 1.
 */
export const Convictions = struct("Convictions", {
  first: natural(8),
  next: natural(8),
  /** Number of the conviction whose cost is raised next. The first one follows after the last. */
  cursor: natural(8),
  /** Number of convictions whose cost must still be computed from the current sum of shares. */
  due: natural(8),
  /** Sum of the shares of the convictions' offences, in units of 2^-96. */
  share: bigNatural(16),
});

export type Convictions = Infer<typeof Convictions>;
