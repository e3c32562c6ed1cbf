import type { SyncRequest, SyncResponse } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import { ErrandRun, type ErrandWorld } from "./errand-run.ts";
import type { AnswerKind } from "./peer-book.ts";

/**
 * What became of an answer. `short` and `withheld`: less than the peer says that it has; `useless`:
 * no fault of its; `wrong`: no honest peer answers so.
 */
export type Outcome = "done" | "short" | "withheld" | "useless" | "wrong";

/** One thing to get from whichever peer gives it first. */
export interface Errand {
  readonly request: SyncRequest;
  readonly kind: AnswerKind;
  readonly hint?: PeerName | undefined;
  /** Whether something waits for it: then a second peer is asked before the first one is late. */
  readonly isUrgent: () => boolean;
  readonly mayAsk: (peer: PeerName) => boolean;
  /** Looks at an answer. `done` and `short`: nothing more is needed of this errand. */
  readonly take: (response: SyncResponse, peer: PeerName) => Outcome;
  /**
   * All peers were asked, and no answer is about to come; `openCount` late requests are open. True:
   * it is given up.
   */
  readonly exhausted: (openCount: number) => boolean;
  /** It was done: what it needed is there. */
  readonly ended?: () => void;
}

/** An errand under way. */
export interface Running {
  /** Asks whoever should be asked by now. */
  poke(): void;
  /** Asks all over again, after `exhausted`. */
  again(): void;
  /** The same, if it is exhausted and not only just so. */
  retry(): void;
  cancel(): void;
}

/** Runs errands, each at several peers at once, within bounds. */
export interface Errands {
  run(errand: Errand): Running;
  /** Cancels all; nothing is called afterwards. Resolves when no request is open. */
  stop(): Promise<void>;
}

/**
 * Hedged requests (Dean and Barroso, "The tail at scale", 2013): where somebody waits, two peers are
 * asked at once unless the first has proven itself, and the next after half of the usual time. The
 * first right answer ends the others. So a peer that hangs costs a fraction of a round trip, and is
 * passed over from then on.
 */
export function createErrands(
  options: Omit<ErrandWorld, "isStopped" | "track" | "onFree" | "onEnd">,
): Errands {
  const all = new Set<Running>();
  const pending = new Set<Promise<void>>();
  let stopped = false;
  const world: ErrandWorld = {
    ...options,
    isStopped: () => stopped,
    track(work) {
      const whole = work.finally(() => pending.delete(whole));
      pending.add(whole);
    },
    onFree() {
      for (const each of all) each.poke();
    },
    onEnd: (run) => void all.delete(run),
  };
  return {
    run(errand) {
      const running = new ErrandRun(errand, world);
      all.add(running);
      running.poke();
      return running;
    },
    async stop() {
      stopped = true;
      for (const each of all) each.cancel();
      await Promise.all(pending);
    },
  };
}
