/**
 * The values every Aethel package agrees on, and their canonical bytes.
 *
 * No I/O, no clock, no randomness: safe to import from anywhere, browsers included.
 *
 * @packageDocumentation
 */

// Identifiers
export type { Brand } from "./brand.ts";
export type {
  AccountId,
  Amount,
  AssetId,
  Difficulty,
  Digest,
  Epoch,
  Nonce,
  PublicKey,
  Resource,
  Root,
  Sequence,
  Signature,
  Timestamp,
  ValidatorIndex,
  View,
} from "./ids.ts";
export {
  AMOUNT_MAX,
  NATIVE_ASSET,
  toAccountId,
  toAmount,
  toAssetId,
  toDifficulty,
  toDigest,
  toEpoch,
  toNonce,
  toPublicKey,
  toResource,
  toRoot,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  ZERO_DIGEST,
} from "./ids.ts";

// Bytes and hashes
export { compareBytes, concatBytes, equalBytes, fromHex, toHex } from "./bytes.ts";
export { sha256, signingRoot, type Tag, tagDigest, taggedHash } from "./hash.ts";

// Errors
export {
  AethelError,
  assert,
  assertNever,
  type Fault,
  ModelsError,
  type ModelsFault,
  NotYetError,
} from "./errors.ts";
