import type { SyncRequest, SyncResponse } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import type { AnswerKind } from "./peer-pages.ts";

/**
 * Outcome of an answer. `short` and `withheld`: less than the peer claims to have; `short` ends the
 * errand, `withheld` does not. `useless`: it has nothing, which is no fault. `wrong`: no honest
 * peer answers so.
 */
export type Outcome = "done" | "short" | "withheld" | "useless" | "wrong";

/** One thing to get from whichever peer gives it first. */
export interface Errand {
  readonly request: SyncRequest;
  readonly kind: AnswerKind;
  readonly hint?: PeerName | undefined;
  /** Whether something waits for it. Then a second peer is asked before the first one is late. */
  readonly isUrgent: () => boolean;
  readonly mayAsk: (peer: PeerName) => boolean;
  /** Checks an answer. After `done` or `short` the errand is over. */
  readonly take: (response: SyncResponse, peer: PeerName) => Outcome;
  /**
   * Called when all peers were asked and no answer is expected soon; `openCount` late requests are
   * open. Returns true to give the errand up.
   */
  readonly exhausted: (openCount: number) => boolean;
  /** Called when an answer has ended the errand. */
  readonly ended?: () => void;
}

/** Handle of a running errand. */
export interface Running {
  /** Asks the peers that should be asked by now. */
  poke(): void;
  /** Asks all peers again, after `exhausted`. */
  again(): void;
  /** The same, if the errand has been exhausted for a while. */
  retry(): void;
  cancel(): void;
}
