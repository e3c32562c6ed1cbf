import {
  blockDigest,
  type Digest,
  equalBytes,
  type Sequence,
  SYNC_HEADERS_MAX,
  type SyncRequest,
  type SyncResponse,
  toDigest,
  toSequence,
} from "@aethel/models";
import type { Checkpoint } from "./checkpoint.ts";

const DIGEST_BYTES = 32;

/** Headers that an honest peer's answer has at least, if it has that many of those requested. */
const HEADERS_LEAST = 16;

/**
 * Whether an answer has fewer headers than an honest peer sends. A peer that sends one header at a
 * time would cause as many round trips as there are blocks.
 */
export function isShort(request: { readonly count: number }, count: number): boolean {
  return count < Math.min(request.count, HEADERS_LEAST);
}

/**
 * Blocks from a head to a checkpoint, learnt backwards. Each header names its parent, so no peer
 * has to be trusted.
 */
export interface Path {
  /** Returns the next request. Undefined when the whole path is known. */
  request(): Extract<SyncRequest, { readonly type: "headers" }> | undefined;
  /**
   * Returns the number of blocks about which an answer to `request` tells. Undefined if no honest
   * peer would give this answer.
   */
  measure(response: SyncResponse): number | undefined;
  /** Takes an answer to `request`. Returns false if no honest peer would give this answer. */
  take(response: SyncResponse): boolean;
  /** Whether a block is on the path. Undefined while the path is not known down to the head. */
  holds(sequence: Sequence, digest: Digest): boolean | undefined;
  /** Whether the path goes through the head. Undefined while that is not known. */
  meetsHead(): boolean | undefined;
}

/** Creates a path of which only the checkpoint is known. */
export function createPath(
  checkpoint: Checkpoint,
  head: { readonly sequence: Sequence; readonly digest: Digest },
): Path {
  const length = checkpoint.sequence - head.sequence;
  const digests = new Uint8Array(length * DIGEST_BYTES);
  const placeOf = (sequence: number): number => (sequence - head.sequence - 1) * DIGEST_BYTES;
  let to: number = checkpoint.sequence;
  let expected = checkpoint.digest;

  /**
   * Returns the digests of an answer's headers, the last header's parent included, from `to` down.
   * Undefined if the headers do not continue the known path.
   */
  const read = (response: SyncResponse): readonly Digest[] | undefined => {
    if (response.type !== "headers" || response.headers.length === 0) return undefined;
    const found = [expected];
    for (const header of response.headers.toReversed()) {
      const at = to - found.length + 1;
      if (at <= head.sequence) break;
      const wanted = found.at(-1) ?? expected;
      if (header.sequence !== at || !equalBytes(blockDigest(header), wanted)) return undefined;
      found.push(header.parent);
    }
    return found;
  };

  return {
    request() {
      if (to <= head.sequence) return undefined;
      const count = Math.min(SYNC_HEADERS_MAX, to - head.sequence);
      return { type: "headers", to: toSequence(to), count };
    },
    measure(response) {
      const found = read(response);
      return found && found.length - 1;
    },
    take(response) {
      // All of it is validated before anything is taken: the next request rests on what was.
      const found = read(response);
      if (found === undefined) return false;
      const count = found.length - 1;
      found.slice(0, count).forEach((digest, index) => digests.set(digest, placeOf(to - index)));
      to -= count;
      expected = found.at(-1) ?? expected;
      return true;
    },
    holds(sequence, digest) {
      if (to > head.sequence) return undefined;
      if (sequence <= head.sequence || sequence > checkpoint.sequence) return false;
      const at = placeOf(sequence);
      return equalBytes(toDigest(digests.subarray(at, at + DIGEST_BYTES)), digest);
    },
    meetsHead() {
      return to > head.sequence ? undefined : equalBytes(expected, head.digest);
    },
  };
}
