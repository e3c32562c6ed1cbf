import { type AccountId, type Timestamp, toTimestamp } from "@aethel/models";
import { type Ends, type Lane, QueueEntry, QueuePlace, Queues } from "../state/queue-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";

// First-in, first-out queues in the tree. A queue is two counters in one small record, one key for
// each entry, and one for each account that may wait only once. So entering and leaving touch the
// same few keys whether two wait or a million.

const NONE: Ends = { head: 0, tail: 0 };

/** Queues of a state that has stored none yet. */
const EMPTY: Queues = {
  turn: 0,
  falling: NONE,
  rising: NONE,
  seats: NONE,
  keys: NONE,
  releases: NONE,
};

/** Reads the counters of all queues. */
export function readQueues(overlay: Pick<StateOverlay, "read">): Queues {
  return overlay.read(stateKey.queues, Queues) ?? EMPTY;
}

/** Number of entries of a queue. */
export function lengthOf(overlay: Pick<StateOverlay, "read">, lane: Lane): number {
  const { head, tail } = readQueues(overlay)[lane];
  return tail - head;
}

/** Returns the first entry of a queue; undefined if it is empty. */
export function firstOf(overlay: StateOverlay, lane: Lane): QueueEntry | undefined {
  const { head, tail } = readQueues(overlay)[lane];
  return head === tail ? undefined : overlay.read(stateKey.queueEntry(lane, head), QueueEntry);
}

/** Appends an entry to a queue, and returns its position. */
export function append(overlay: StateOverlay, lane: Lane, entry: QueueEntry): number {
  const queues = readQueues(overlay);
  const { head, tail } = queues[lane];
  overlay.write(stateKey.queueEntry(lane, tail), QueueEntry, entry);
  overlay.write(stateKey.queues, Queues, { ...queues, [lane]: { head, tail: tail + 1 } });
  return tail;
}

/** Removes the first entry of a queue, if there is one. */
export function dropFirst(overlay: StateOverlay, lane: Lane): void {
  const queues = readQueues(overlay);
  const { head, tail } = queues[lane];
  if (head === tail) return;
  overlay.write(stateKey.queueEntry(lane, head), QueueEntry, undefined);
  overlay.write(stateKey.queues, Queues, { ...queues, [lane]: { head: head + 1, tail } });
}

/**
 * Counts an epoch boundary at which accounts wait. Returns the count before it, from 0 to 3. The
 * count selects the order in which the queues are served.
 */
export function countTurn(overlay: StateOverlay): number {
  const queues = readQueues(overlay);
  const turn = (queues.turn + 1) % TURNS;
  overlay.write(stateKey.queues, Queues, { ...queues, turn });
  return queues.turn;
}

/** Number of orders in which the queues are served. */
const TURNS = 4;

/** Value for `due` in queues without release dates. */
const UNDATED: Timestamp = toTimestamp(0);

/** Whether an account waits in a queue. */
export function isWaiting(overlay: StateOverlay, lane: Lane, id: AccountId): boolean {
  return overlay.read(stateKey.queuePlace(lane, id), QueuePlace) !== undefined;
}

/** Appends an account to a queue, unless it waits there already. */
export function enqueue(overlay: StateOverlay, lane: Lane, account: AccountId): void {
  if (isWaiting(overlay, lane, account)) return;
  const position = append(overlay, lane, { account, due: UNDATED });
  overlay.write(stateKey.queuePlace(lane, account), QueuePlace, { position });
}

/** Removes the first account of a queue, if there is one. */
export function dequeue(overlay: StateOverlay, lane: Lane): void {
  const entry = firstOf(overlay, lane);
  if (entry === undefined) return;
  overlay.write(stateKey.queuePlace(lane, entry.account), QueuePlace, undefined);
  dropFirst(overlay, lane);
}
