import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { State } from "../state.ts";
import { sequenceOf } from "../statement.ts";
import type { Accounts } from "./accounts.ts";
import { createBoundaryStash } from "./boundary-stash.ts";
import type { Delivery } from "./input-queue.ts";
import { type Triage, triage } from "./triage.ts";

/**
 * Handling of messages that do not reach the engine: they are held until the validator set may
 * change, or discarded.
 */
export interface Holding {
  /** Decides about a message by `triage`. Holds or discards a message that is not to be checked. */
  readonly receive: (delivery: Delivery, now: State) => Triage;
  readonly discard: (delivery: Delivery, reason: DiscardedReason) => undefined;
  /**
   * Holds a message of the next sequence that cannot be verified yet, because the set may change
   * with the current block. Discards any other message.
   */
  readonly holdOr: (reason: DiscardedReason, delivery: Delivery, now: State) => void;
  /** Returns all held messages and forgets them. */
  readonly release: () => readonly Delivery[];
}

type DiscardedReason = Extract<ReplicaEvent, { type: "discarded" }>["reason"];

/** Creates a `Holding` that holds no messages yet. `emit` is called for each discarded message. */
export function createHolding(options: {
  readonly accounts: Accounts;
  readonly emit: (event: ReplicaEvent) => void;
}): Holding {
  const { accounts, emit } = options;
  const boundary = createBoundaryStash();
  const discard = ({ message, from }: Delivery, reason: DiscardedReason): undefined => {
    emit({ type: "discarded", input: message.type, reason, from });
    return undefined;
  };
  const holdOr = (reason: DiscardedReason, delivery: Delivery, now: State): void => {
    const sender = { name: accounts.of(delivery), isShared: !accounts.isOwn(delivery) };
    const isNext = sequenceOf(delivery.message) === now.sequence + 1;
    if (!isNext || !boundary.hold(delivery, sender)) discard(delivery, reason);
  };
  const receive = (delivery: Delivery, now: State): Triage => {
    const verdict = triage(now, delivery.message);
    if (verdict.type === "ahead") holdOr("future-sequence", delivery, now);
    const isNews = verdict.type === "drop" && verdict.reason !== "duplicate";
    if (isNews) discard(delivery, verdict.reason);
    return verdict;
  };
  return { receive, discard, holdOr, release: () => boundary.release() };
}
