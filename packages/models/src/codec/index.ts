/**
 * Combinators for wire types, for packages that store or send types of their own.
 *
 * All codecs made with them are canonical, strict and bounded; see `Codec`.
 *
 * @packageDocumentation
 */

// Codecs
export type { Codec, Infer, Measure } from "./codec.ts";
export type { Schema } from "./schema.ts";

// Compounds
export { list } from "./list.ts";
export { optional } from "./optional.ts";
export { struct } from "./struct.ts";
export { union } from "./union.ts";
export { withinBytes } from "./within-bytes.ts";

// Scalars
export { bits } from "./bits.ts";
export { boundedBytes, fixedBytes } from "./byte-strings.ts";
export { bigNatural, boolean, enumeration, natural } from "./scalars.ts";

// Fields
export {
  accountId,
  amount,
  assetId,
  difficulty,
  digest,
  nonce,
  publicKey,
  resource,
  root,
  sequence,
  signature,
  timestamp,
  validatorIndex,
  view,
} from "./fields.ts";
