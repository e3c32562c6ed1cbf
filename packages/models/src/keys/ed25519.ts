import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes, toHex } from "../bytes.ts";
import type { PublicKey, Signature } from "../ids.ts";
import { ed25519Curve } from "./curve.ts";
import type { Ed25519Backend } from "./ed25519-backend.ts";
import { nodeEd25519 } from "./node-ed25519.ts";

/** Order of the base point: L of RFC 8032 §5.1. */
const ORDER = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
/** Prime below which coordinates are: p of RFC 8032 §5.1. */
const FIELD = (1n << 255n) - 19n;

/**
 * Backend in pure JavaScript. It computes the equation itself, because noble's `verify` multiplies
 * by the cofactor.
 */
export const nobleBackend: Ed25519Backend = {
  name: "noble",
  equationHolds(key, message, signature) {
    const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];
    const k = littleEndian(sha512(concatBytes(r, key, message))) % ORDER;
    const { Point } = ed25519Curve();
    const product = Point.fromBytes(key).multiplyUnsafe(k);
    return equalBytes(Point.BASE.multiplyUnsafe(s).subtract(product).toBytes(), r);
  },
  sign: (secret, message) => ed25519Curve().sign(message, secret),
  publicKeyOf: (secret) => ed25519Curve().getPublicKey(secret),
};

let backend: Ed25519Backend | undefined;

/**
 * Returns the default backend: Node's OpenSSL where there is one (about 20 times as fast as noble,
 * measured), otherwise noble.
 */
export function defaultBackend(): Ed25519Backend {
  backend ??= nodeEd25519() ?? nobleBackend;
  return backend;
}

/** Results of the subgroup check for the latest keys. The check costs a scalar multiplication. */
const acceptableKeys = new Map<string, boolean>();
const ACCEPTABLE_KEYS_MAX = 65_536;

/**
 * Whether a key is acceptable: canonical, in the prime-order subgroup, and not of small order.
 * Results for up to 65,536 keys are cached.
 */
export function isAcceptableKey(key: Uint8Array): boolean {
  const name = toHex(key);
  const known = acceptableKeys.get(name);
  if (known !== undefined) return known;
  const verdict = checkKey(key);
  rememberKey(name, verdict);
  return verdict;
}

/** Whether the result for a key is cached, so that `isAcceptableKey` costs a look-up. */
export function isCheckedKey(key: Uint8Array): boolean {
  return acceptableKeys.has(toHex(key));
}

/**
 * Records that a key is acceptable, without checking it. Only for keys in a state that a quorum
 * agreed on and that have signed before. MUST NOT be used for a key from a message.
 */
export function noteAcceptableKey(key: PublicKey): void {
  const name = toHex(key);
  if (!acceptableKeys.has(name)) rememberKey(name, true);
}

function rememberKey(name: string, verdict: boolean): void {
  if (acceptableKeys.size >= ACCEPTABLE_KEYS_MAX) {
    const oldest = acceptableKeys.keys().next().value;
    if (oldest !== undefined) acceptableKeys.delete(oldest);
  }
  acceptableKeys.set(name, verdict);
}

/** Whether `signature` is the signature of `message` by `key`. Never throws. */
export function verifySignature(
  key: PublicKey,
  message: Uint8Array,
  signature: Signature,
  by: Ed25519Backend = defaultBackend(),
): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (littleEndian(signature.subarray(32)) >= ORDER) return false;
  if (!isAcceptableKey(key) || !isPlausibleR(signature.subarray(0, 32))) return false;
  return by.equationHolds(key, message, signature);
}

function checkKey(key: Uint8Array): boolean {
  if (key.length !== 32) return false;
  try {
    const point = ed25519Curve().Point.fromBytes(key);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}

/**
 * Whether R's y is below p and R is not the identity (y = 1). No signer produces the identity, and
 * OpenSSL 3.5 refuses it although the equation could hold. Nothing else needs to be checked of R:
 * the equation compares it byte for byte with the canonical encoding of a point.
 */
function isPlausibleR(encoded: Uint8Array): boolean {
  const y = littleEndian(encoded) & ((1n << 255n) - 1n);
  return y < FIELD && y !== 1n;
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`);
}
