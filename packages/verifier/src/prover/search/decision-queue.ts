/**
 * Variables in a doubly linked list. Decisions search it from the end. The variables of a conflict
 * move to the end (VMTF, Ryan 2004; as described by Biere and Froehlich, SAT 2015). Stamps are
 * integers, so the order is the same on every machine.
 */
export interface DecisionQueue {
  readonly next: number[];
  readonly previous: number[];
  /** Time of each variable's last move, by a counter. Stamps ascend along the queue. */
  readonly stamps: number[];
  last: number;
  first: number;
  /**
   * Variable at which the next search starts: all those after it are assigned. -1 if there is no
   * variable.
   */
  search: number;
  clock: number;
}

export function createQueue(): DecisionQueue {
  return { next: [], previous: [], stamps: [], first: -1, last: -1, search: -1, clock: 0 };
}

/** Appends a new variable. The next decision tries it first. */
export function addDecision(queue: DecisionQueue, variable: number): void {
  queue.next[variable] = -1;
  queue.previous[variable] = -1;
  append(queue, variable);
  queue.search = variable;
}

/**
 * Moves a variable to the end of the queue. `isOpen` says that the variable has no value; then the
 * next search starts at it.
 */
export function bump(queue: DecisionQueue, variable: number, isOpen: boolean): void {
  if (queue.last === variable) return;
  const next = queue.next[variable] ?? -1;
  const previous = queue.previous[variable] ?? -1;
  if (queue.search === variable && !isOpen) queue.search = previous >= 0 ? previous : next;
  if (previous < 0) queue.first = next;
  else queue.next[previous] = next;
  if (next >= 0) queue.previous[next] = previous;
  append(queue, variable);
  if (isOpen) queue.search = variable;
}

function append(queue: DecisionQueue, variable: number): void {
  queue.previous[variable] = queue.last;
  queue.next[variable] = -1;
  if (queue.last >= 0) queue.next[queue.last] = variable;
  else queue.first = variable;
  queue.last = variable;
  queue.stamps[variable] = queue.clock++;
}
