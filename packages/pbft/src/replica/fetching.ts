import type { Digest, Item } from "@aethel/models";
import type { Config } from "../config.ts";
import type { Occurrence } from "../input.ts";
import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import type { Joining } from "../joining/joining.ts";
import { createFetcher, type Fetcher } from "../peers/fetcher.ts";
import type { Clock, Transport } from "../ports.ts";
import type { State } from "../state.ts";
import { CatchUpStash } from "./catch-up-stash.ts";

/** Creates the fetcher of a replica, with the store of final blocks that wait to be applied. */
export function createFetching(wiring: {
  readonly config: Config;
  readonly options: Pick<ReplicaOptions, "genesis" | "verify">;
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: Clock;
  readonly state: () => State | undefined;
  readonly input: (occurrence: Occurrence) => void;
  readonly emit: (event: ReplicaEvent) => void;
  readonly onBroken: (error: unknown) => void;
  readonly admit?: Joining["admit"];
  /** Returns an item that the application has; undefined if it has none with this hash. */
  readonly item: (hash: Digest) => Item | undefined;
}): Fetcher {
  const { config, transport, clock, onBroken } = wiring;
  const { disseminationBoundMs, networkDelayMs, resendIntervalMs, viewTimeoutMaxMs } = config;
  const stash = new CatchUpStash({ ...wiring, blame: (peer) => fetcher.blame(peer) });
  const fetcher = createFetcher({
    transport,
    // Answers are timed by what passed: a wall clock may jump, and every peer would be late.
    clock: {
      now: () => clock.elapsed?.() ?? clock.now(),
      schedule: (delayMs, action) => clock.schedule(delayMs, action),
    },
    pauseMs: resendIntervalMs,
    // A block gets to everybody within its bound; an answer that takes twice as long is none.
    answerMs: Math.min(viewTimeoutMaxMs, 2 * (disseminationBoundMs + 2 * networkDelayMs)),
    initialMs: Math.max(1, networkDelayMs),
    results: stash,
    item: wiring.item,
    onBroken,
  });
  return {
    ...fetcher,
    moved() {
      stash.feed();
      fetcher.moved();
    },
    fetchBlocks(hint) {
      stash.feed();
      fetcher.fetchBlocks(hint);
    },
  };
}
