import type { SyncRequest, SyncResponse } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import type { AnswerKind } from "./peer-book.ts";

/**
 * Outcome of an answer. `short` and `withheld`: less than the peer says that it has; `useless`:
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
