import { digestMany } from "../hashing/digest-many.ts";
import { copyDigest, createMemory, toWords } from "../hashing/digest-words.ts";
import type { Hasher } from "../hashing/hasher.ts";
import { checkKey, checkValue } from "../limits.ts";
import { keyOf, Records, type Scratch } from "./records.ts";
import { type Edits, KEYS, sortByPath } from "./sort-by-path.ts";

/** New value of a key; undefined deletes the key. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * Checks, copies, hashes and sorts changes.
 * @throws MerkleError `KEY_LENGTH` or `VALUE_LENGTH`.
 */
export function collectEdits(options: {
  readonly changes: Iterable<Change>;
  readonly hasher: Hasher;
  readonly scratch: Scratch;
}): Edits {
  const { changes, hasher } = options;
  const records = new Records(options.scratch);
  const addresses: number[] = [];
  const paths: Int32Array<ArrayBuffer>[] = [];
  for (const { key, value } of changes) {
    checkKey(key);
    if (value !== undefined) checkValue(value);
    addresses.push(records.append(key, value));
    if (addresses.length % KEYS === 0)
      paths.push(hashKeys(records, addresses.slice(-KEYS), hasher));
  }
  const rest = addresses.length % KEYS;
  if (rest > 0) paths.push(hashKeys(records, addresses.slice(-rest), hasher));
  return sortByPath({ records, addresses, paths });
}

/**
 * Hashes keys into paths. If the hasher has `digestEach`, keys of the same length are hashed in one
 * batch.
 */
function hashKeys(
  records: Records,
  addresses: readonly number[],
  hasher: Hasher,
): Int32Array<ArrayBuffer> {
  const { digest, digestEach } = hasher;
  if (digestEach === undefined) {
    const paths = new Int32Array(addresses.length * 8);
    for (const [at, address] of addresses.entries()) {
      copyDigest(toWords(digest(keyOf(records.at(address)))), 0, paths, at * 8);
    }
    return paths;
  }
  const lengths = addresses.map((address) => records.keyLengthAt(address));
  const [length = 0] = lengths;
  if (!lengths.every((one) => one === length)) {
    return digestMany({ messages: addresses.map((address) => keyOf(records.at(address))), hasher });
  }
  // The usual case of one length needs neither copies of the keys nor an order.
  const keys = createMemory((length * addresses.length + 3) >>> 2);
  const digests = createMemory(addresses.length * 8);
  for (const [at, address] of addresses.entries()) records.copyKey(address, keys, at * length);
  const messages = keys.bytes.subarray(0, length * addresses.length);
  digestEach({ messages, length, digests: digests.bytes });
  return digests.words;
}
