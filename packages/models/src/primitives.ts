/**
 * Ids, bytes, hashes and errors, for packages that handle digests and amounts but no wire types.
 * This entry loads neither SSZ nor the curve, so it costs a fraction of the main entry.
 *
 * Everything here is also exported by `@aethel/models`. The two are the same objects, so brands and
 * error classes are compatible.
 *
 * @packageDocumentation
 */

// Identifiers
export type { Brand } from "./brand.ts";
// Bytes and hashes
export { compareBytes, concatBytes, equalBytes, fromHex, toHex } from "./bytes.ts";
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
export { sha256, signingRoot, TAGS, type Tag, tagDigest, taggedHash } from "./hash.ts";
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
export {
  additionUnits,
  divisionUnits,
  multiplicationUnits,
  UNITS,
  wordsOf,
} from "./ledger/units.ts";
