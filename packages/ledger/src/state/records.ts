import { type AccountId, assert, Trust, taggedHash, toAccountId } from "@aethel/models";
import {
  accountId,
  amount,
  boundedBytes,
  difficulty,
  digest,
  enumeration,
  type Infer,
  natural,
  nonce,
  optional,
  resource,
  sequence,
  struct,
  timestamp,
} from "@aethel/models/codec";
import { CERTIFICATE_BYTES_MAX } from "@aethel/verifier/certificate";
import type { Coding } from "./state-overlay.ts";

/**
 * Most bytes of an intent's canonical text. It is more than the 64 KiB of a source, because the
 * canonical text has the values of constants in place of their names.
 */
export const CANONICAL_BYTES_MAX = 1_000_000;

/** Value of an account: balance of the native asset, and nonce. */
export const Account = struct("Account", {
  /** Spendable micro-tokens of the native asset. */
  balance: amount,
  /**
   * Number of proofs in blocks that this account signed, as author or cosigner. It is also the
   * account's next nonce.
   */
  nonce,
});

export type Account = Infer<typeof Account>;

/** Amount of a declared asset in an account. A holding of 0 is absent from the tree. */
export const Holding = struct("Holding", { amount });

export type Holding = Infer<typeof Holding>;

/**
 * Declared asset. It exists from genesis on, or since the first published intent that uses it, and
 * is never removed.
 */
export const AssetRecord = struct("AssetRecord", {
  /** Name in UTF-8, as in the declaration. The asset's id is a digest of name and issuer. */
  name: boundedBytes(64),
  /** Account that must sign every change of the supply. */
  issuer: accountId,
  /** Sum of all holdings of the asset. */
  supply: amount,
});

export type AssetRecord = Infer<typeof AssetRecord>;

/**
 * Facts about the certificate of a record whose trust is `certified`. Anybody who has the
 * certificate can check it without a solver.
 */
export const Certification = struct("Certification", {
  /** Version of the kernel that accepted the certificate; later versions accept it too. */
  kernelVersion: natural(4),
  /** SHA-256 of the certificate. The state has the certificate itself under another key. */
  certificateHash: digest,
});

export type Certification = Infer<typeof Certification>;

// Never `none`; `certification` is there when `trust` is `certified`, and only then.
const basis = { trust: Trust, certification: optional(Certification) };

/** Published intent; its trust is `certified`. */
export const IntentRecord = struct("IntentRecord", {
  /** Canonical text. It compiles to the intent, and its digest is in the state key. */
  canonical: boundedBytes(CANONICAL_BYTES_MAX),
  difficulty,
  author: accountId,
  /** Version of the Judge that found the intent valid. */
  judgeVersion: natural(4),
  sequence,
  /** `genesis` if the intent is on the genesis list and may write stake, else `published`. */
  origin: enumeration(["genesis", "published"]),
  ...basis,
});

export type IntentRecord = Infer<typeof IntentRecord>;

/**
 * Record of a published source. With it, a repeated publication of the same bytes is recognized
 * without compiling them.
 */
export const SourceRecord = struct("SourceRecord", { sequence });

export type SourceRecord = Infer<typeof SourceRecord>;

/** Recorded theorem. */
export const TheoremRecord = struct("TheoremRecord", {
  difficulty,
  resource,
  author: accountId,
  judgeVersion: natural(4),
  sequence,
  ...basis,
});

export type TheoremRecord = Infer<typeof TheoremRecord>;

/** Coding of a certificate in the state: the certificate's bytes, unchanged. */
export const certificateCoding: Coding<Uint8Array> = {
  encode: (certificate) => {
    assert(certificate.length <= CERTIFICATE_BYTES_MAX, "a stored certificate is within its bound");
    return certificate;
  },
  decode: (bytes) => bytes,
};

/** Supply of the native asset: genesis + minted - burned. */
export const Supply = struct("Supply", { genesis: amount, minted: amount, burned: amount });

export type Supply = Infer<typeof Supply>;

/** Base fee of each lane in the next block: micro-tokens for each million units of weight. */
export const BaseFees = struct("BaseFees", { invoke: amount, judged: amount });

export type BaseFees = Infer<typeof BaseFees>;

/**
 * Header times that the ledger's rules use. The time of an epoch boundary is the timestamp of its
 * block. Before the first epoch boundary, `boundary` is the time of genesis.
 */
export const Clock = struct("Clock", {
  genesis: timestamp,
  /** Timestamp of the last block's parent. */
  parent: timestamp,
  /** Timestamp of the last block. */
  now: timestamp,
  previousBoundary: timestamp,
  boundary: timestamp,
  /** Number of epoch boundaries since genesis. */
  boundaries: natural(8),
  /** Number of the oldest epoch boundary whose date is kept. The first boundary has number 1. */
  oldestDated: natural(8),
});

export type Clock = Infer<typeof Clock>;

/**
 * Sequence and timestamp of an epoch boundary, and the total power of the set that voted in the
 * epoch before it.
 */
export const DatedBoundary = struct("DatedBoundary", { sequence, timestamp, power: amount });

export type DatedBoundary = Infer<typeof DatedBoundary>;

/**
 * Id of the treasury: the account that receives slashes and the part of fees that is neither burned
 * nor a tip. Nobody knows its private key.
 */
export const TREASURY: AccountId = toAccountId(taggedHash("treasury"));
