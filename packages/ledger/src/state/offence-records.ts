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

/** Terms of one key that are kept. */
export const KEY_TERMS_MAX = 16;

/** Sequences in a row for which the sets named a key with one power. */
export const KeyTerm = struct("KeyTerm", {
  /** The first that it can vote on: the one after its epoch boundary. */
  from: sequence,
  /** The last, an epoch boundary; absent while the set names it. */
  until: optional(sequence),
  /**
   * First sequence since which its validator is in the set without a break or an ejection, whatever
   * its key.
   */
  since: sequence,
  power: amount,
});

export type KeyTerm = Infer<typeof KeyTerm>;

/**
 * Whose consensus key it is, and for which sequences a set named it (B20). A key that was asked for
 * and has not come into a set has no terms.
 */
export const KeyRecord = struct("KeyRecord", {
  validator: accountId,
  /** In ascending order. One that evidence can be too old for may be missing. */
  terms: list(KeyTerm, KEY_TERMS_MAX),
});

export type KeyRecord = Infer<typeof KeyRecord>;

/** Identity of an offence, whatever was signed in it. */
export const Offence = struct("Offence", {
  validator: accountId,
  kind: enumeration(["equivocation", "invalid-verification"]),
  /** Of equivocations the `since` of the term, else the sequence of the false block. */
  sequence,
});

export type Offence = Infer<typeof Offence>;

/** An offence that was punished. */
export const OffenceRecord = struct("OffenceRecord", {
  validator: accountId,
  /** What it has cost until now: that of equivocations may be raised. */
  slashed: amount,
  /** Of the block that convicted. */
  sequence,
  /**
   * Share of an equivocation: the largest part of the power that the validator had in any that was
   * shown, in units of 2^-96.
   */
  share: optional(bigNatural(16)),
});

export type OffenceRecord = Infer<typeof OffenceRecord>;

/**
 * The equivocations of one validator in one time in the set, while others still count with them.
 */
export const Conviction = struct("Conviction", {
  validator: accountId,
  /** Digest of the `Offence`. */
  offence: digest,
  /** First sequence of the validator's time in the set. */
  since: sequence,
  /** The key that it had when it was convicted; it can have no other until it is out of the set. */
  key: publicKey,
  /** All that the validator held when it was convicted, unbonding included. */
  stake: amount,
  /** What the offence is to cost by now. */
  total: amount,
  /** Of the block that convicted. */
  sequence,
});

export type Conviction = Infer<typeof Conviction>;

/** Numbers of the convictions that count, first to `next`, and how far raising them has come. */
export const Convictions = struct("Convictions", {
  first: natural(8),
  next: natural(8),
  /** The one that is looked at next; after the last comes the first. */
  cursor: natural(8),
  /** How many are to be looked at before all know the present sum. */
  due: natural(8),
  /** Sum of the shares of their offences. */
  share: bigNatural(16),
});

export type Convictions = Infer<typeof Convictions>;
