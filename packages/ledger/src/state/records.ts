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

/** Bytes of an intent's canonical text: its source may be 64 KiB, constants may grow it. */
export const CANONICAL_BYTES_MAX = 1_000_000;

/** What the ledger keeps of an account. */
export const Account = struct("Account", {
  /** Micro-tokens of the native asset that can be spent. */
  balance: amount,
  /** Proofs of this account that have entered blocks, as author or cosigner. */
  nonce,
});

export type Account = Infer<typeof Account>;

/** What an account has of a declared asset; none is absent. */
export const Holding = struct("Holding", { amount });

export type Holding = Infer<typeof Holding>;

/** A declared asset: there from genesis or from the first intent that uses it, for good. */
export const AssetRecord = struct("AssetRecord", {
  /** UTF-8, as declared. Name and issuer are what the asset's id is a digest of. */
  name: boundedBytes(64),
  /** Must be among the signers of whatever changes the supply. */
  issuer: accountId,
  /** The sum of all holdings. */
  supply: amount,
});

export type AssetRecord = Infer<typeof AssetRecord>;

/** Basis of a `certified` record; who has the certificate can check it again without a solver. */
export const Certification = struct("Certification", {
  /** Version of the kernel that accepted it; later kernels accept it still. */
  kernelVersion: natural(4),
  /** SHA-256 of the certificate, which the state holds beside the record. */
  certificateHash: digest,
});

export type Certification = Infer<typeof Certification>;

// Never `none`; `certification` is there when `trust` is `certified`, and only then.
const basis = { trust: Trust, certification: optional(Certification) };

/** A published intent; its trust is `certified`. */
export const IntentRecord = struct("IntentRecord", {
  /** Canonical text; compiling it gives the intent with this key as its digest. */
  canonical: boundedBytes(CANONICAL_BYTES_MAX),
  difficulty,
  author: accountId,
  /** Version of the Judge that proved it. */
  judgeVersion: natural(4),
  sequence,
  /** From the genesis list: may write stake. */
  origin: enumeration(["genesis", "published"]),
  ...basis,
});

export type IntentRecord = Infer<typeof IntentRecord>;

/**
 * Programs that a source published, so that the same bytes are recognized without compiling them.
 */
export const SourceRecord = struct("SourceRecord", { sequence });

export type SourceRecord = Infer<typeof SourceRecord>;

/** A notarized fact. */
export const TheoremRecord = struct("TheoremRecord", {
  difficulty,
  resource,
  author: accountId,
  judgeVersion: natural(4),
  sequence,
  ...basis,
});

export type TheoremRecord = Infer<typeof TheoremRecord>;

/** A certificate as the state holds it: its own canonical bytes, without anything around them. */
export const certificateCoding: Coding<Uint8Array> = {
  encode: (certificate) => {
    assert(certificate.length <= CERTIFICATE_BYTES_MAX, "a stored certificate is within its bound");
    return certificate;
  },
  decode: (bytes) => bytes,
};

/** Of the native asset: supply = genesis + minted - burned. */
export const Supply = struct("Supply", { genesis: amount, minted: amount, burned: amount });

export type Supply = Infer<typeof Supply>;

/** Base fee of each lane in the next block: micro-tokens for each million units of weight. */
export const BaseFees = struct("BaseFees", { invoke: amount, judged: amount });

export type BaseFees = Infer<typeof BaseFees>;

/**
 * Header times that the rules ask for. An epoch boundary's time is the timestamp of its block;
 * before the first epoch boundary it is that of genesis.
 */
export const Clock = struct("Clock", {
  genesis: timestamp,
  /** Of the last block's parent. */
  parent: timestamp,
  /** Of the last block. */
  now: timestamp,
  previousBoundary: timestamp,
  boundary: timestamp,
  /** Epoch boundaries since genesis. */
  boundaries: natural(8),
  /** Number of the oldest epoch boundary whose date is kept. */
  oldestDated: natural(8),
});

export type Clock = Infer<typeof Clock>;

/**
 * Sequence and timestamp of an epoch boundary, and the power of the whole set that voted up to it.
 */
export const DatedBoundary = struct("DatedBoundary", { sequence, timestamp, power: amount });

export type DatedBoundary = Infer<typeof DatedBoundary>;

/** Gets what is not burned of fees, and what is slashed. Nobody knows a key for it. */
export const TREASURY: AccountId = toAccountId(taggedHash("treasury"));
