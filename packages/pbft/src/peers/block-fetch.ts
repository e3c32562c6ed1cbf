import { type Block, type Digest, toHex } from "@aethel/models";
import type { Clock, PeerName } from "../ports.ts";
import type { Running } from "./errand.ts";
import type { Errands } from "./errands.ts";

/** Proposed blocks that are asked for by digest. */
export interface BlockFetch {
  /** See `Fetcher`. */
  fetch(digest: Digest, hint: PeerName | undefined, wanted: readonly Digest[]): void;
  cancelAll(): void;
}

/** Blocks asked for at one time. */
const BLOCKS_MAX = 4;
/** First pause after all peers had nothing; it doubles up to `pauseMs`. */
const PAUSE_MIN_MS = 10;

interface Wanted {
  running: Running | undefined;
  cancelPause: () => void;
}

/** Asks for blocks, each until it is here or not wanted any more. */
export function createBlockFetch(options: {
  readonly errands: Errands;
  readonly clock: Clock;
  readonly pauseMs: number;
  /** True: it is the block, stop asking. */
  readonly take: (digest: Digest, block: Block) => boolean;
}): BlockFetch {
  const { errands, clock, pauseMs, take } = options;
  const blocks = new Map<string, Wanted>();

  const drop = (name: string): void => {
    const wanted = blocks.get(name);
    blocks.delete(name);
    wanted?.cancelPause();
    wanted?.running?.cancel();
  };

  /** The oldest that nobody wants; of more wanted ones than there are places, the oldest. */
  const giveUpOne = (wanted: readonly string[]): void => {
    const names = [...blocks.keys()];
    const victim = names.find((name) => !wanted.includes(name)) ?? names[0];
    if (victim !== undefined) drop(victim);
  };

  return {
    fetch(digest, hint, needed) {
      const name = toHex(digest);
      if (blocks.has(name)) return;
      if (blocks.size >= BLOCKS_MAX) giveUpOne(needed.map(toHex));
      const wanted: Wanted = { running: undefined, cancelPause: () => {} };
      blocks.set(name, wanted);
      let pause = Math.min(PAUSE_MIN_MS, pauseMs);
      wanted.running = errands.run({
        request: { type: "block", digest },
        kind: "large",
        hint,
        isUrgent: () => true,
        mayAsk: () => true,
        take(response) {
          if (response.type === "absent") return "useless";
          if (response.type !== "block" || !take(digest, response.block)) return "wrong";
          // Cancelling it would count as giving up; the errand ends by itself.
          if (blocks.get(name) === wanted) blocks.delete(name);
          return "done";
        },
        exhausted() {
          // Who has just been told of the block may have it a moment later.
          if (blocks.get(name) !== wanted) return true;
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
