import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type Digest, toDigest } from "./ids.ts";
import { nodeCrypto } from "./node-crypto.ts";

/**
 * Computes SHA-256 (FIPS 180-4). Uses Node's OpenSSL where there is one (measured: 1.7 times as
 * fast as noble for 64 bytes, 7 times for 300,000), otherwise noble. OpenSSL returns the digest as
 * a string, because that takes a third of the time of a Node buffer (measured for 200 bytes).
 */
export function sha256(bytes: Uint8Array): Digest {
  const hash = nodeCrypto()?.hash;
  return toDigest(hash ? fromLatin1(hash("sha256", bytes, "latin1")) : nobleSha256(bytes));
}

/** Returns the bytes of a text in which each character stands for one byte. */
function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/**
 * Domains of signatures and hashes. Each kind of object has its own, so bytes of one kind can never
 * be taken for another (B18 in docs/known-bugs.md).
 */
export const TAGS = [
  "proof",
  "pre-prepare",
  "prepare",
  "commit",
  "view-change",
  "signed-head",
  "peer-handshake",
  "validator-card",
  "validator-record",
  "relayed-request",
  "relayed-answer",
  "list-leaf",
  "list-node",
  "list-root",
  "tree-leaf",
  "tree-empty",
  "treasury",
  "contract-message",
  "contract-intent",
] as const;

/** Name of a domain of signatures and hashes. */
export type Tag = (typeof TAGS)[number];

const tagDigests = new Map<Tag, Digest>();

/**
 * Returns `sha256("aethel/" + tag)`. It is computed once and shared, so callers MUST NOT change it.
 */
export function tagDigest(tag: Tag): Digest {
  const known = tagDigests.get(tag);
  if (known !== undefined) return known;
  const digest = sha256(utf8ToBytes(`aethel/${tag}`));
  tagDigests.set(tag, digest);
  return digest;
}

/**
 * Memory in which short inputs are concatenated. Taking new memory each time would double the time
 * (measured).
 */
const scratch = new Uint8Array(4_096);

/** Computes `sha256(tag digest | parts)`. Every part but the last MUST have a fixed length. */
export function taggedHash(tag: Tag, ...parts: readonly Uint8Array[]): Digest {
  const digest = tagDigest(tag);
  let length = digest.length;
  for (const part of parts) length += part.length;
  const memory = length <= scratch.length ? scratch : new Uint8Array(length);
  memory.set(digest);
  let at = digest.length;
  for (const part of parts) {
    memory.set(part, at);
    at += part.length;
  }
  return sha256(memory.subarray(0, length));
}

/**
 * Computes the 32 bytes that a signature covers: `sha256(tag digest | genesis hash |
 * sha256(canonical bytes))`. Each part has 32 bytes, so different tags, chains or objects never
 * give the same input.
 */
export function signingRoot(options: {
  readonly tag: Tag;
  readonly genesis: Digest;
  readonly bytes: Uint8Array;
}): Digest {
  return taggedHash(options.tag, options.genesis, sha256(options.bytes));
}
