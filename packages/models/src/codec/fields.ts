import type {
  AccountId,
  Amount,
  AssetId,
  Difficulty,
  Digest,
  Nonce,
  PublicKey,
  Resource,
  Root,
  Sequence,
  Signature,
  Timestamp,
  ValidatorIndex,
  View,
} from "../ids.ts";
import { bigNatural, fixedBytes, natural } from "./scalars.ts";

/** The branded leaves of which wire types are made, each with its one encoding. */
export const sequence = natural<Sequence>(8);
export const view = natural<View>(4);
export const timestamp = natural<Timestamp>(8);
export const nonce = natural<Nonce>(8);
export const resource = natural<Resource>(8);
export const difficulty = natural<Difficulty>(8);
export const validatorIndex = natural<ValidatorIndex>(2);
export const amount = bigNatural<Amount>(8);
export const digest = fixedBytes<Digest>(32);
export const root = fixedBytes<Root>(32);
export const publicKey = fixedBytes<PublicKey>(32);
export const accountId = fixedBytes<AccountId>(32);
export const assetId = fixedBytes<AssetId>(32);
export const signature = fixedBytes<Signature>(64);
