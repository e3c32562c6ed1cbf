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

/** Most terms of one key that are kept. */
export const KEY_TERMS_MAX = 16;

/**
 * Term of a consensus key: consecutive sequences for which the sets name the key with one power.
 */
export const KeyTerm = struct("KeyTerm", {
  /** First sequence that the key can vote on: the one after the epoch boundary. */
  from: sequence,
  /** Last sequence of the term, which is an epoch boundary. Absent while the set names the key. */
  until: optional(sequence),
  /**
   * First sequence of the validator's time in the set: since then it has been a member without
   * interruption or ejection, under any keys.
   */
  since: sequence,
  power: amount,
});

export type KeyTerm = Infer<typeof KeyTerm>;

/**
 * Owner of a consensus key, and the sequences for which sets named the key (B20). A key that was
 * requested and has not entered a set has no terms.
 */
export const KeyRecord = struct("KeyRecord", {
  validator: accountId,
  /** Terms in ascending order. Terms that are too old for evidence may be missing. */
  terms: list(KeyTerm, KEY_TERMS_MAX),
});

export type KeyRecord = Infer<typeof KeyRecord>;

/** Identity of an offence. It does not depend on which messages were signed. */
export const Offence = struct("Offence", {
  validator: accountId,
  kind: enumeration(["equivocation", "invalid-verification"]),
  /**
   * For an equivocation `since` of the term; for an invalid verification the sequence of the false
   * block.
   */
  sequence,
});

export type Offence = Infer<typeof Offence>;

/** Offence that was punished. */
export const OffenceRecord = struct("OffenceRecord", {
  validator: accountId,
  /** Amount slashed so far, in micro-tokens. For an equivocation it may be raised later. */
  slashed: amount,
  /** Sequence of the block that convicted. */
  sequence,
  /**
   * Largest part of the power that any evidence has shown the validator to have when it
   * equivocated, in units of 2^-96. Only present for equivocations.
   */
  share: optional(bigNatural(16)),
});

export type OffenceRecord = Infer<typeof OffenceRecord>;

/**
 * Conviction for the equivocations of one validator during one time in the set. It is kept while it
 * counts together with other convictions.
 */
export const Conviction = struct("Conviction", {
  validator: accountId,
  /** Digest of the `Offence`. */
  offence: digest,
  /** First sequence of the validator's time in the set. */
  since: sequence,
  /** Key of the validator at its conviction. The validator keeps it until it is out of the set. */
  key: publicKey,
  /** Bonded and unbonding stake of the validator at its conviction. */
  stake: amount,
  /** Current cost of the offence, in micro-tokens. */
  total: amount,
  /** Sequence of the block that convicted. */
  sequence,
});

export type Conviction = Infer<typeof Conviction>;

/**
 * Numbers of the convictions that count (from `first` to before `next`), with the progress of
 * raising them.
 */
export const Convictions = struct("Convictions", {
  first: natural(8),
  next: natural(8),
  /** Number of the conviction to raise next. After the last one comes the first. */
  cursor: natural(8),
  /** Number of convictions whose cost was not computed from the current sum yet. */
  due: natural(8),
  /** Sum of the shares of the convictions' offences, in units of 2^-96. */
  share: bigNatural(16),
});

export type Convictions = Infer<typeof Convictions>;
