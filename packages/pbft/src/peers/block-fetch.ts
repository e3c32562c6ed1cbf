import { type BlockOutline, type Digest, type Item, toHex } from "@aethel/models";
import type { Clock, PeerName } from "../ports.ts";
import { createItemSearch, wholeBlock } from "./block-search.ts";
import type { Running } from "./errand.ts";
import type { Errands } from "./errands.ts";
import type { FetchResults } from "./fetch-results.ts";

/** Fetches proposed blocks by digest. */
export interface BlockFetch {
  /** Fetches a block. `Fetcher.fetchBlock` explains the parameters. */
  fetch(wish: BlockWish, wanted: readonly Digest[]): void;
  cancelAll(): void;
}

/**
 * Block to fetch: all of it, or, with an outline (hashes in place of items), only the missing
 * items.
 */
export interface BlockWish {
  readonly digest: Digest;
  readonly hint: PeerName | undefined;
  readonly outline: BlockOutline | undefined;
}

/** Most blocks that are fetched at the same time. */
const BLOCKS_MAX = 4;
/** First pause, in milliseconds, after no peer had the block. It doubles up to `pauseMs`. */
const PAUSE_MIN_MS = 10;

interface Wanted {
  readonly hasOutline: boolean;
  running: Running | undefined;
  cancelPause: () => void;
}

/** Parts of the fetcher that the fetching of blocks uses. */
interface BlockFetchOptions {
  readonly errands: Errands;
  readonly clock: Clock;
  readonly pauseMs: number;
  readonly results: Pick<FetchResults, "block" | "complete">;
  /** Returns an item that the application has; undefined if it has none with this hash. */
  readonly item: (hash: Digest) => Item | undefined;
}

/** Creates a fetcher that requests each block until this replica has it or no longer wants it. */
export function createBlockFetch(options: BlockFetchOptions): BlockFetch {
  const { errands, clock, pauseMs, results, item } = options;
  const blocks = new Map<string, Wanted>();

  const drop = (name: string): void => {
    const wanted = blocks.get(name);
    blocks.delete(name);
    wanted?.cancelPause();
    wanted?.running?.cancel();
  };

  /** Gives up blocks that are no longer needed, and the oldest one if there are still too many. */
  const makeRoom = (needed: readonly Digest[]): void => {
    const wanted = new Set(needed.map(toHex));
    for (const name of blocks.keys()) if (!wanted.has(name)) drop(name);
    const [oldest] = blocks.keys();
    if (blocks.size >= BLOCKS_MAX && oldest !== undefined) drop(oldest);
  };

  return {
    fetch({ digest, hint, outline }, needed) {
      const name = toHex(digest);
      const known = blocks.get(name);
      // What is asked for as a whole needs less once its outline is here.
      if (known !== undefined && (known.hasOutline || outline === undefined)) return;
      drop(name);
      const search = outline === undefined ? wholeBlock : createItemSearch(outline, item);
      const complete = search.complete();
      if (complete !== undefined) return results.complete(digest, complete);
      const request = search.request(digest);
      if (request === undefined) return;
      makeRoom(needed);
      const hasOutline = outline !== undefined;
      const wanted: Wanted = { hasOutline, running: undefined, cancelPause: () => {} };
      blocks.set(name, wanted);
      let pause = Math.min(PAUSE_MIN_MS, pauseMs);
      // Each answer that is wrong is hashed: nobody gives two about one block.
      const liars = new Set<string>();
      wanted.running = errands.run({
        request,
        kind: "large",
        hint,
        isUrgent: () => true,
        mayAsk: (peer) => !liars.has(toHex(peer)),
        take(response, peer) {
          if (response.type === "absent") return "useless";
          const outcome = search.take(response, digest, results);
          if (outcome === "wrong") liars.add(toHex(peer));
          // Cancelling it would count as giving up; the errand ends by itself.
          if (outcome === "done" && blocks.get(name) === wanted) blocks.delete(name);
          return outcome;
        },
        exhausted() {
          // Who has just been told of the block may have it a moment later.
          if (blocks.get(name) !== wanted) return true;
          const here = search.complete();
          if (here !== undefined) {
            // Gossip was faster than all peers.
            blocks.delete(name);
            results.complete(digest, here);
            return true;
          }
          wanted.cancelPause();
          wanted.cancelPause = clock.schedule(pause, () => wanted.running?.again());
          pause = Math.min(pauseMs, 2 * pause);
          return false;
        },
      });
    },
    cancelAll() {
      for (const name of blocks.keys()) drop(name);
    },
  };
}
