import type { Brand } from "./brand.ts";
import { ModelsError } from "./errors.ts";

/** Height of a block. The genesis block has 0. */
export type Sequence = Brand<number, "Sequence">;

/** Attempt at one sequence. Each sequence begins with view 0. */
export type View = Brand<number, "View">;

/** Number of a span of sequences during which the validator set is fixed. */
export type Epoch = Brand<number, "Epoch">;

/** Index in the validator set of one sequence, `0 .. size-1`. It has no meaning for another set. */
export type ValidatorIndex = Brand<number, "ValidatorIndex">;

/** Milliseconds since 1970, as in the header of a block. Intents cannot read it. */
export type Timestamp = Brand<number, "Timestamp">;

/** SHA-256 of canonical bytes, 32 bytes. */
export type Digest = Brand<Uint8Array, "Digest">;

/** Root of an authenticated tree or list, 32 bytes. */
export type Root = Brand<Uint8Array, "Root">;

/** Ed25519 public key, 32 bytes. */
export type PublicKey = Brand<Uint8Array, "PublicKey">;

/** Ed25519 signature, 64 bytes. */
export type Signature = Brand<Uint8Array, "Signature">;

/**
 * Id of an account, 32 bytes. It is the owner's public key. For accounts of the ledger itself, such
 * as the treasury, it is a tagged hash for which nobody knows a key.
 */
export type AccountId = Brand<Uint8Array, "AccountId">;

/**
 * Id of an asset, 32 bytes: all zero for the native asset, otherwise the digest of its declaration.
 */
export type AssetId = Brand<Uint8Array, "AssetId">;

/** Micro-tokens, `0 .. 2^64-1`. */
export type Amount = Brand<bigint, "Amount">;

/** Number of an author's proofs that have entered blocks, `0 .. 2^53-1`. */
export type Nonce = Brand<number, "Nonce">;

/** Work of the Judge or of the interpreter in units, `0 .. 2^53-1`. */
export type Resource = Brand<number, "Resource">;

/** Difficulty of a proof as an integer, `0 .. 2^53-1`. Rewards depend on it. */
export type Difficulty = Brand<number, "Difficulty">;

/**
 * Largest amount, and largest supply of any asset: 2^64 - 1 units, which are micro-tokens for the
 * native asset.
 */
export const AMOUNT_MAX: Amount = ((1n << 64n) - 1n) as Amount;

/**
 * 32 zero bytes, in place of a digest where there is nothing, such as the parent of the genesis
 * block.
 */
export const ZERO_DIGEST: Digest = new Uint8Array(32) as Digest;

/** The native asset. */
export const NATIVE_ASSET: AssetId = new Uint8Array(32) as AssetId;

/**
 * Returns `value` as a `Sequence`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^53-1.
 */
export const toSequence = (value: number): Sequence => natural("sequence", value) as Sequence;
/**
 * Returns `value` as a `View`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^32-1.
 */
export const toView = (value: number): View => natural("view", value, 0xffff_ffff) as View;
/**
 * Returns `value` as an `Epoch`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^53-1.
 */
export const toEpoch = (value: number): Epoch => natural("epoch", value) as Epoch;
/**
 * Returns `value` as a `ValidatorIndex`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^16-1.
 */
export const toValidatorIndex = (value: number): ValidatorIndex =>
  natural("validator index", value, 0xffff) as ValidatorIndex;
/**
 * Returns `value` as a `Timestamp`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^53-1.
 */
export const toTimestamp = (value: number): Timestamp => natural("timestamp", value) as Timestamp;
/**
 * Returns `value` as a `Nonce`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^53-1.
 */
export const toNonce = (value: number): Nonce => natural("nonce", value) as Nonce;
/**
 * Returns `value` as a `Resource`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^53-1.
 */
export const toResource = (value: number): Resource => natural("resource", value) as Resource;
/**
 * Returns `value` as a `Difficulty`.
 * @throws ModelsError `RANGE` unless `value` is a natural number up to 2^53-1.
 */
export const toDifficulty = (value: number): Difficulty =>
  natural("difficulty", value) as Difficulty;

/**
 * Returns `value` as an `Amount`.
 * @throws ModelsError `RANGE` unless `value` is in `0 .. 2^64-1`.
 */
export function toAmount(value: bigint): Amount {
  if (value >= 0n && value <= AMOUNT_MAX) return value as Amount;
  throw new ModelsError({
    code: "RANGE",
    what: "amount",
    reason: `${value} is not in 0 .. 2^64-1`,
  });
}

/**
 * Returns `bytes` as a `Digest`.
 * @throws ModelsError `RANGE` unless `bytes` has 32 bytes.
 */
export const toDigest = (bytes: Uint8Array): Digest => sized("digest", bytes, 32) as Digest;
/**
 * Returns `bytes` as a `Root`.
 * @throws ModelsError `RANGE` unless `bytes` has 32 bytes.
 */
export const toRoot = (bytes: Uint8Array): Root => sized("root", bytes, 32) as Root;
/**
 * Returns `bytes` as a `PublicKey`.
 * @throws ModelsError `RANGE` unless `bytes` has 32 bytes.
 */
export const toPublicKey = (bytes: Uint8Array): PublicKey =>
  sized("public key", bytes, 32) as PublicKey;
/**
 * Returns `bytes` as a `Signature`.
 * @throws ModelsError `RANGE` unless `bytes` has 64 bytes.
 */
export const toSignature = (bytes: Uint8Array): Signature =>
  sized("signature", bytes, 64) as Signature;
/**
 * Returns `bytes` as an `AccountId`.
 * @throws ModelsError `RANGE` unless `bytes` has 32 bytes.
 */
export const toAccountId = (bytes: Uint8Array): AccountId =>
  sized("account", bytes, 32) as AccountId;
/**
 * Returns `bytes` as an `AssetId`.
 * @throws ModelsError `RANGE` unless `bytes` has 32 bytes.
 */
export const toAssetId = (bytes: Uint8Array): AssetId => sized("asset", bytes, 32) as AssetId;

function natural(what: string, value: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
  throw new ModelsError({ code: "RANGE", what, reason: `${value} is not in 0 .. ${max}` });
}

function sized(what: string, bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  const reason = `expected ${length} bytes, got ${bytes.length}`;
  throw new ModelsError({ code: "RANGE", what, reason });
}
