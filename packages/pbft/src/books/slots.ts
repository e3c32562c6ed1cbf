/**
 * Persistent (immutable) array with one slot for each validator. Setting a slot copies only a
 * chunk, so n votes take n times a constant, and older versions of the array stay unchanged.
 */
export interface Slots<T> {
  readonly chunks: readonly (readonly (T | undefined)[])[];
}

const CHUNK = 32;

/** Returns slots that are all empty. */
export function emptySlots<T>(): Slots<T> {
  return { chunks: [] };
}

/** Returns the content of a slot; undefined if it is empty. */
export function slotAt<T>(slots: Slots<T>, index: number): T | undefined {
  return slots.chunks[Math.floor(index / CHUNK)]?.[index % CHUNK];
}

/**
 * Returns the slots with `value` at `index`. The caller MUST have checked that `index` is in the
 * set (B16).
 */
export function withSlot<T>(slots: Slots<T>, index: number, value: T): Slots<T> {
  const chunks = slots.chunks.slice();
  const at = Math.floor(index / CHUNK);
  while (chunks.length <= at) chunks.push([]);
  const chunk = (chunks[at] ?? []).slice();
  while (chunk.length < index % CHUNK) chunk.push(undefined);
  chunk[index % CHUNK] = value;
  chunks[at] = chunk;
  return { chunks };
}

/** Returns all values, ascending by index. */
export function slotValues<T>(slots: Slots<T>): readonly T[] {
  const values: T[] = [];
  for (const chunk of slots.chunks) {
    for (const value of chunk) if (value !== undefined) values.push(value);
  }
  return values;
}
