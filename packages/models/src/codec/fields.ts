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

/** Height of a block: `uint64` up to 2^53-1. */
export const sequence = natural<Sequence>(8);
/** Attempt at one sequence: `uint32`. */
export const view = natural<View>(4);
/** Time in milliseconds since 1970: `uint64` up to 2^53-1. */
export const timestamp = natural<Timestamp>(8);
/** Nonce of an account: `uint64` up to 2^53-1. */
export const nonce = natural<Nonce>(8);
/** Work of the Judge or of the interpreter: `uint64` units up to 2^53-1. */
export const resource = natural<Resource>(8);
/** Difficulty of a proof: `uint64` up to 2^53-1. */
export const difficulty = natural<Difficulty>(8);
/** Index in the validator set of one sequence: `uint16`. */
export const validatorIndex = natural<ValidatorIndex>(2);
/** Amount of an asset: `uint64` micro-tokens as a bigint. */
export const amount = bigNatural<Amount>(8);
/** SHA-256 of canonical bytes: 32 bytes. */
export const digest = fixedBytes<Digest>(32);
/** Root of an authenticated tree or list: 32 bytes. */
export const root = fixedBytes<Root>(32);
/** 32 bytes; whether they are an acceptable key is not checked here. */
export const publicKey = fixedBytes<PublicKey>(32);
/** Id of an account: 32 bytes, usually the owner's public key. */
export const accountId = fixedBytes<AccountId>(32);
/** Id of an asset: 32 bytes, all zero for the native asset. */
export const assetId = fixedBytes<AssetId>(32);
/** 64 bytes; whether they are a signature is not checked here. */
export const signature = fixedBytes<Signature>(64);
