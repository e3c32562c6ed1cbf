/**
 * The combinators that wire types are made of, for packages that store or send types of their own.
 *
 * Whatever is built with them is canonical, strict and bounded; see `Codec`.
 *
 * @packageDocumentation
 */

// Codecs
export type { Codec, Infer } from "./codec.ts";

// Compounds
export { list, optional, struct, union } from "./compounds.ts";

// Scalars
export {
  bigNatural,
  bits,
  boolean,
  boundedBytes,
  enumeration,
  fixedBytes,
  natural,
} from "./scalars.ts";

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
