import type { SyncRequest, SyncResponse } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import type { AnswerKind } from "./peer-pages.ts";

/**
 * Outcome of an answer. `done`: it is complete. `short` and `withheld`: it has less than the peer
 * claims to have; `short` ends the errand, `withheld` does not. `useless`: the peer has nothing,
 * which is no fault. `wrong`: no honest peer gives this answer.
 */
export type Outcome = "done" | "short" | "withheld" | "useless" | "wrong";

/**
 * Errand: one request that any peer can answer. Several peers are asked, until one gives a usable
 * answer.
 */
export interface Errand {
  readonly request: SyncRequest;
  readonly kind: AnswerKind;
  readonly hint?: PeerName | undefined;
  /**
   * Whether this replica waits for the result. If so, a second peer is asked even before the first
   * one is late.
   */
  readonly isUrgent: () => boolean;
  readonly mayAsk: (peer: PeerName) => boolean;
  /** Checks an answer. After `done` or `short` the errand is over. */
  readonly take: (response: SyncResponse, peer: PeerName) => Outcome;
  /**
   * Called when all peers were asked and no answer is expected soon. `openCount`: number of late
   * requests that are still pending. Returns true to give the errand up.
   */
  readonly exhausted: (openCount: number) => boolean;
  /** Called when a peer is late, or gives no answer. */
  readonly failed?: (peer: PeerName, cause: "late" | "no-answer") => void;
  /** Called when an answer has ended the errand. */
  readonly ended?: () => void;
}

/** Handle of a running errand (a request that any peer can answer). */
export interface Running {
  /** Asks all peers that should have been asked by now. */
  poke(): void;
  /** Asks all peers again, after `exhausted`. */
  again(): void;
  /** Asks all peers again, if the errand has been exhausted for a while. */
  retry(): void;
  cancel(): void;
}
