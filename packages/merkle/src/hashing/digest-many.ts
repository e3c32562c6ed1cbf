import { concatBytes } from "@aethel/models";
import { copyDigest, createMemory, toWords } from "./digest-words.ts";
import type { Hasher } from "./hasher.ts";

const NOTHING = new Uint8Array();

/**
 * Longest message, in bytes, that is hashed in a batch. Longer ones gain nothing by it (measured).
 */
const BATCHED_MAX = 1_024;

/**
 * Hashes `prefix | message` for each message, in batches of messages with the same length. Returns
 * eight words for each message, in the order of the messages.
 */
export function digestMany(options: {
  readonly messages: readonly Uint8Array[];
  readonly prefix?: Uint8Array;
  readonly hasher: Hasher;
}): Int32Array<ArrayBuffer> {
  const { messages, prefix = NOTHING, hasher } = options;
  const { digest, digestEach } = hasher;
  const digests = new Int32Array(messages.length * 8);
  const lengths = Map.groupBy(messages.keys(), (at) => messages[at]?.length ?? 0);
  for (const [length, order] of lengths) {
    const size = prefix.length + length;
    if (digestEach === undefined || size === 0 || size > BATCHED_MAX) {
      for (const at of order) {
        const words = toWords(digest(concatBytes(prefix, messages[at] ?? NOTHING)));
        copyDigest(words, 0, digests, at * 8);
      }
      continue;
    }
    const input = new Uint8Array(order.length * size);
    for (const [place, at] of order.entries()) {
      input.set(prefix, place * size);
      input.set(messages[at] ?? NOTHING, place * size + prefix.length);
    }
    const output = createMemory(order.length * 8);
    digestEach({ messages: input, length: size, digests: output.bytes });
    for (const [place, at] of order.entries()) copyDigest(output.words, place * 8, digests, at * 8);
  }
  return digests;
}
