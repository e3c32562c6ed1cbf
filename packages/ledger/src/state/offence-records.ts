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

/** Sequences in a row for which the sets named a key with one power. */
export const KeyTerm = struct("KeyTerm", {
  /** First sequence that it can vote on: the one after its epoch boundary. */
  from: sequence,
  /** Last sequence, an epoch boundary; absent while the set names the key. */
  until: optional(sequence),
  /**
   * First sequence since which its validator is in the set without interruption or ejection, under
   * any key.
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

/** Identity of an offence, whatever was signed in it. */
export const Offence = struct("Offence", {
  validator: accountId,
  kind: enumeration(["equivocation", "invalid-verification"]),
  /** `since` of the term for equivocations, else the sequence of the false block. */
  sequence,
});

export type Offence = Infer<typeof Offence>;

/** An offence that was punished. */
export const OffenceRecord = struct("OffenceRecord", {
  validator: accountId,
  /** Amount slashed until now; that of equivocations may be raised. */
  slashed: amount,
  /** Sequence of the block that convicted. */
  sequence,
  /**
   * Share of an equivocation: the largest part of the power that the validator had in any shown
   * one, in units of 2^-96.
   */
  share: optional(bigNatural(16)),
});

export type OffenceRecord = Infer<typeof OffenceRecord>;

/**
 * Equivocations of one validator during one time in the set, while others still count together with
 * them.
 */
export const Conviction = struct("Conviction", {
  validator: accountId,
  /** Digest of the `Offence`. */
  offence: digest,
  /** First sequence of the validator's time in the set. */
  since: sequence,
  /** Key of the validator at its conviction. It keeps the key until it is out of the set. */
  key: publicKey,
  /** Bonded and unbonding stake of the validator at its conviction. */
  stake: amount,
  /** Current cost of the offence. */
  total: amount,
  /** Sequence of the block that convicted. */
  sequence,
});

export type Conviction = Infer<typeof Conviction>;

/** Numbers of the convictions that count, `first` to `next`, with the progress of raising them. */
export const Convictions = struct("Convictions", {
  first: natural(8),
  next: natural(8),
  /** Conviction to raise next; the first follows on the last. */
  cursor: natural(8),
  /** Number of convictions that are not raised to the current sum yet. */
  due: natural(8),
  /** Sum of the shares of their offences. */
  share: bigNatural(16),
});

export type Convictions = Infer<typeof Convictions>;
