import { type AccountId, type Timestamp, toTimestamp } from "@aethel/models";
import { type Ends, type Lane, QueueEntry, QueuePlace, Queues } from "../state/queue-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { Draft } from "../state/state-overlay.ts";

// First-in, first-out queues in the tree. A queue is two counters in one small record, one key for
// each entry, and one for each account that may wait only once. So entering and leaving touch the
// same few keys whether two wait or a million.

const NONE: Ends = { head: 0, tail: 0 };

/** All queues empty, and no border that had anything to do. */
const EMPTY: Queues = {
  turn: 0,
  falling: NONE,
  rising: NONE,
  seats: NONE,
  keys: NONE,
  releases: NONE,
};

/** Counters of all queues. */
export function readQueues(draft: Pick<Draft, "read">): Queues {
  return draft.read(stateKey.queues, Queues) ?? EMPTY;
}

/** Entries of a queue. */
export function lengthOf(draft: Pick<Draft, "read">, lane: Lane): number {
  const { head, tail } = readQueues(draft)[lane];
  return tail - head;
}

/** The entry that comes next. */
export function firstOf(draft: Draft, lane: Lane): QueueEntry | undefined {
  const { head, tail } = readQueues(draft)[lane];
  return head === tail ? undefined : draft.read(stateKey.queueEntry(lane, head), QueueEntry);
}

/** Puts an entry at the end of a queue; answers its position. */
export function append(draft: Draft, lane: Lane, entry: QueueEntry): number {
  const queues = readQueues(draft);
  const { head, tail } = queues[lane];
  draft.write(stateKey.queueEntry(lane, tail), QueueEntry, entry);
  draft.write(stateKey.queues, Queues, { ...queues, [lane]: { head, tail: tail + 1 } });
  return tail;
}

/** Takes the first entry of a queue away, if there is one. */
export function dropFirst(draft: Draft, lane: Lane): void {
  const queues = readQueues(draft);
  const { head, tail } = queues[lane];
  if (head === tail) return;
  draft.write(stateKey.queueEntry(lane, head), QueueEntry, undefined);
  draft.write(stateKey.queues, Queues, { ...queues, [lane]: { head: head + 1, tail } });
}

/** Notes that a border had something to do: who comes first at it alternates. */
export function countTurn(draft: Draft): number {
  const queues = readQueues(draft);
  const turn = (queues.turn + 1) % TURNS;
  draft.write(stateKey.queues, Queues, { ...queues, turn });
  return queues.turn;
}

/** Every order of precedence comes up in so many turns. */
const TURNS = 4;

/** Date of an entry that waits for a border, not for a time. */
const UNDATED: Timestamp = toTimestamp(0);

/** Whether an account waits in a lane. */
export function isWaiting(draft: Draft, lane: Lane, id: AccountId): boolean {
  return draft.read(stateKey.queuePlace(lane, id), QueuePlace) !== undefined;
}

/** Puts an account at the end of a lane, unless it waits there. */
export function enqueue(draft: Draft, lane: Lane, account: AccountId): void {
  if (isWaiting(draft, lane, account)) return;
  const position = append(draft, lane, { account, due: UNDATED });
  draft.write(stateKey.queuePlace(lane, account), QueuePlace, { position });
}

/** Takes the first account of a lane away. */
export function dequeue(draft: Draft, lane: Lane): void {
  const entry = firstOf(draft, lane);
  if (entry === undefined) return;
  draft.write(stateKey.queuePlace(lane, entry.account), QueuePlace, undefined);
  dropFirst(draft, lane);
}
