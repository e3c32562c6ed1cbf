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
import { fixedBytes } from "./byte-strings.ts";
import { bigNatural, natural } from "./scalars.ts";

// The branded leaves of which wire types are made, each with its one encoding.

/** `uint64` up to 2^53-1. */
export const sequence = natural<Sequence>(8);
/** `uint32`. */
export const view = natural<View>(4);
/** `uint64` milliseconds up to 2^53-1. */
export const timestamp = natural<Timestamp>(8);
/** `uint64` up to 2^53-1. */
export const nonce = natural<Nonce>(8);
/** `uint64` solver units up to 2^53-1. */
export const resource = natural<Resource>(8);
/** `uint64` up to 2^53-1. */
export const difficulty = natural<Difficulty>(8);
/** `uint16`. */
export const validatorIndex = natural<ValidatorIndex>(2);
/** `uint64` micro-tokens as a bigint. */
export const amount = bigNatural<Amount>(8);
/** 32 bytes. */
export const digest = fixedBytes<Digest>(32);
/** 32 bytes. */
export const root = fixedBytes<Root>(32);
/** 32 bytes; whether they are an acceptable key is not checked here. */
export const publicKey = fixedBytes<PublicKey>(32);
/** 32 bytes. */
export const accountId = fixedBytes<AccountId>(32);
/** 32 bytes. */
export const assetId = fixedBytes<AssetId>(32);
/** 64 bytes; whether they are a signature is not checked here. */
export const signature = fixedBytes<Signature>(64);
