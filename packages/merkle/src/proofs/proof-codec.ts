import { assert, assertNever, equalBytes } from "@aethel/models";
import { copyBytes } from "../bytes/copy.ts";
import { checkDigest, decodeFault } from "../bytes/decode-fault.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import { DEPTH_MAX, DIGEST_LENGTH, isValueLength, VALUE_LENGTH_MAX } from "../limits.ts";
import type { MerkleProof } from "./proof.ts";

/** Longest encoding of a proof, in bytes. Longer input is refused unread. */
export const PROOF_LENGTH_MAX: number = 3 + DEPTH_MAX / 8 + DEPTH_MAX * 32 + VALUE_LENGTH_MAX;

const KIND = { inclusion: 1, "empty-slot": 2, "other-leaf": 3 } as const;

/**
 * Encodes a proof:
 *
 * | bytes | |
 * | --- | --- |
 * | 1 | kind: 1 inclusion, 2 empty slot, 3 other leaf |
 * | 2 | depth `d`, big-endian, 0 .. 256 |
 * | ceil(d / 8) | one bit for each sibling, most significant first: 1 where it is not empty; the rest 0 |
 * | 32 each | the siblings that are not empty, the root's first |
 * | the rest | the value; nothing; or the other leaf's path and value digest |
 *
 * @throws MerkleError `DECODE` for a proof with a field of illegal length or too many siblings.
 */
export function encodeProof(proof: MerkleProof): Uint8Array {
  const { siblings } = proof;
  const depth = siblings.length;
  if (depth > DEPTH_MAX) throw decodeFault("depth", `${depth} is above ${DEPTH_MAX}`);
  const end = encodeEnd(proof);
  const full = siblings.filter((sibling) => !equalBytes(sibling, EMPTY_DIGEST));
  const mapLength = Math.ceil(depth / 8);
  const bytes = new Uint8Array(3 + mapLength + full.length * DIGEST_LENGTH + end.length);
  bytes[0] = KIND[proof.type];
  bytes[1] = depth >>> 8;
  bytes[2] = depth & 0xff;
  let at = 3 + mapLength;
  for (const [index, sibling] of siblings.entries()) {
    checkDigest("siblings", sibling);
    if (equalBytes(sibling, EMPTY_DIGEST)) continue;
    const place = 3 + (index >>> 3);
    bytes[place] = (bytes[place] ?? 0) | (0x80 >>> (index & 7));
    bytes.set(sibling, at);
    at += DIGEST_LENGTH;
  }
  bytes.set(end, at);
  return bytes;
}

/**
 * Decodes a proof into copies, without verifying it.
 * @throws MerkleError `DECODE` for bytes that `encodeProof` does not produce.
 */
export function decodeProof(bytes: Uint8Array): MerkleProof {
  if (bytes.length > PROOF_LENGTH_MAX) throw decodeFault("", `${bytes.length} bytes are too many`);
  if (bytes.length < 3) throw decodeFault("", "the bytes end before the depth");
  const depth = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  if (depth > DEPTH_MAX) throw decodeFault("depth", `${depth} is above ${DEPTH_MAX}`);
  const { siblings, at } = decodeSiblings(bytes, depth);
  return decodeEnd({ kind: bytes[0] ?? 0, siblings, end: copyBytes(bytes, at) });
}

function encodeEnd(proof: MerkleProof): Uint8Array {
  switch (proof.type) {
    case "inclusion":
      checkValueLength(proof.value.length);
      return proof.value;
    case "empty-slot":
      return new Uint8Array();
    case "other-leaf": {
      checkDigest("path", proof.path);
      checkDigest("valueDigest", proof.valueDigest);
      const end = new Uint8Array(64);
      end.set(proof.path);
      end.set(proof.valueDigest, 32);
      return end;
    }
    default:
      return assertNever(proof);
  }
}

function decodeSiblings(
  bytes: Uint8Array,
  depth: number,
): { readonly siblings: readonly Uint8Array[]; readonly at: number } {
  const mapEnd = 3 + Math.ceil(depth / 8);
  if (bytes.length < mapEnd) throw decodeFault("siblings", "the bytes end within the bit map");
  const siblings: Uint8Array[] = [];
  let at = mapEnd;
  for (let index = 0; index < (mapEnd - 3) * 8; index++) {
    const isFull = ((bytes[3 + (index >>> 3)] ?? 0) & (0x80 >>> (index & 7))) !== 0;
    if (index >= depth) {
      if (isFull) throw decodeFault("siblings", "a bit beyond the depth is set");
      continue;
    }
    if (!isFull) {
      siblings.push(EMPTY_DIGEST.slice());
      continue;
    }
    if (bytes.length < at + DIGEST_LENGTH)
      throw decodeFault("siblings", "the bytes end within one");
    const sibling = copyBytes(bytes, at, at + DIGEST_LENGTH);
    if (equalBytes(sibling, EMPTY_DIGEST))
      throw decodeFault("siblings", "an empty one is written out");
    siblings.push(sibling);
    at += DIGEST_LENGTH;
  }
  assert(siblings.length === depth, "there is a sibling for each level");
  return { siblings, at };
}

function decodeEnd(options: {
  readonly kind: number;
  readonly siblings: readonly Uint8Array[];
  readonly end: Uint8Array;
}): MerkleProof {
  const { kind, siblings, end } = options;
  switch (kind) {
    case KIND.inclusion:
      checkValueLength(end.length);
      return { type: "inclusion", siblings, value: end };
    case KIND["empty-slot"]:
      if (end.length !== 0) throw decodeFault("", `${end.length} bytes follow the end`);
      return { type: "empty-slot", siblings };
    case KIND["other-leaf"]: {
      if (end.length !== 64)
        throw decodeFault("other leaf", `expected 64 bytes, got ${end.length}`);
      const [path, valueDigest] = [end.slice(0, 32), end.slice(32)];
      return { type: "other-leaf", siblings, path, valueDigest };
    }
    default:
      throw decodeFault("kind", `${kind} is unknown`);
  }
}

function checkValueLength(length: number): void {
  if (!isValueLength(length))
    throw decodeFault("value", `${length} is not in 1 .. ${VALUE_LENGTH_MAX}`);
}
