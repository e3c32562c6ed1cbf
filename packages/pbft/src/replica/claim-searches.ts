import type { Effect } from "../effect.ts";
import { pause } from "../peers/pause.ts";
import { steadyClock } from "../peers/steady-clock.ts";
import type { CallOptions } from "./call-options.ts";

/**
 * Multiple of the time that a search took, during which no search runs after it. So searches take
 * at most a quarter of the time.
 */
const REST_FACTOR = 3;

/** Interruptions after which a search counts as one that found nothing. */
const INTERRUPTIONS_MAX = 64;

type FindClaim = Extract<Effect, { type: "find-claim" }>;

/**
 * Searches of blocks for false headers, one after the other. They use the time that more urgent
 * calls of the application leave.
 */
export interface ClaimSearches {
  start(effect: FindClaim): void;
  /** Aborts the running search. None runs until `release`. */
  hold(): void;
  /** Lets the aborted search be repeated. The application remembers the judgements it has. */
  release(): void;
  /** Aborts all searches. Resolves when they have ended. */
  stop(): Promise<void>;
}

/** Creates searches of which none runs. */
export function createClaimSearches(options: CallOptions): ClaimSearches {
  const clock = steadyClock(options.clock);
  const stopping = new AbortController();
  let slice = new AbortController();
  let held: PromiseWithResolvers<void> | undefined;
  let running = Promise.resolve();

  const search = async (effect: FindClaim): Promise<void> => {
    let claim: Uint8Array | undefined;
    for (let times = 0; times <= INTERRUPTIONS_MAX; times++) {
      while (held !== undefined && !stopping.signal.aborted) await held.promise;
      if (stopping.signal.aborted) break;
      slice = new AbortController();
      const { signal } = slice;
      const began = clock.elapsed();
      claim = await findClaim(effect, options, signal);
      const took = Math.max(clock.elapsed() - began, 0);
      const isOver = claim !== undefined || !signal.aborted;
      if (isOver) options.answer({ type: "claim", digest: effect.digest, claim });
      if (took > 0) await pause(clock, REST_FACTOR * took, stopping.signal);
      if (isOver) return;
    }
    options.answer({ type: "claim", digest: effect.digest, claim });
  };

  const release = (): void => {
    held?.resolve();
    held = undefined;
  };
  return {
    start(effect) {
      running = running.then(() => search(effect));
    },
    hold() {
      held ??= Promise.withResolvers<void>();
      slice.abort();
    },
    release,
    async stop() {
      stopping.abort();
      slice.abort();
      release();
      await running;
    },
  };
}

/** Has the application search a block. A failure counts as nothing found. */
async function findClaim(
  { block, digest }: FindClaim,
  { application, onFailure }: CallOptions,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await application.findClaim?.({ block, digest, signal });
  } catch (error) {
    if (!signal.aborted) onFailure("findClaim", error);
    return undefined;
  }
}
