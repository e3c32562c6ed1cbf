import { assert } from "@aethel/models";

/** Words of a full chunk, at most: half a megabyte. */
const CHUNK_WORDS = 131_072;
const FIRST_CELLS = 8;

/** Bits of a cell's mark that count what refers to it. The arena gives the others a meaning. */
const COUNT_MAX = 0x1f;

/**
 * Cells of one size, found by their index: numbers and bytes in few large arrays, instead of an
 * object each. Chunks are not moved and not grown once they are full, so no more than one is ever
 * half empty. What a cell's words mean, the arena knows.
 */
export class Pool {
  readonly cellWords: number;
  /** An index is the chunk's number, and in its last `bits` bits the place in that chunk. */
  readonly bits: number;
  readonly mask: number;
  /** Native byte order: only to copy, compare and link. `bytes` are views of the same memory. */
  readonly words: Int32Array[] = [];
  readonly bytes: Uint8Array[] = [];
  readonly marks: Uint8Array[] = [];
  /** Cells in use. */
  live = 0;
  /** What a mark does not hold of a count. */
  readonly #overflow = new Map<number, number>();
  readonly #indexMax: number;
  #next = 0;
  #capacity = 0;
  /** Index of the last freed cell plus one, 0 for none; each holds the next in its first word. */
  #free = 0;

  constructor({ cellWords, indexMax }: { readonly cellWords: number; readonly indexMax: number }) {
    this.cellWords = cellWords;
    this.bits = 31 - Math.clz32(CHUNK_WORDS / cellWords);
    this.mask = (1 << this.bits) - 1;
    this.#indexMax = indexMax;
  }

  /** Whether `allocate` needs no more memory. */
  get hasFree(): boolean {
    return this.#free !== 0 || this.#next < this.#capacity;
  }

  /** A cell that nothing refers to, its mark 0. Its words are those of whatever was there before. */
  allocate(): number {
    this.live++;
    if (this.#free !== 0) {
      const index = this.#free - 1;
      this.#free = chunkOf(this.words, index >>> this.bits)[this.wordOf(index)] ?? 0;
      chunkOf(this.marks, index >>> this.bits)[index & this.mask] = 0;
      return index;
    }
    if (this.#next === this.#capacity) this.#grow();
    return this.#next++;
  }

  free(index: number): void {
    this.live--;
    chunkOf(this.words, index >>> this.bits)[this.wordOf(index)] = this.#free;
    this.#free = index + 1;
  }

  /** Place of a cell's first word in its chunk. */
  wordOf(index: number): number {
    return (index & this.mask) * this.cellWords;
  }

  markOf(index: number): number {
    return chunkOf(this.marks, index >>> this.bits)[index & this.mask] ?? 0;
  }

  setMark(index: number, bits: number): void {
    const marks = chunkOf(this.marks, index >>> this.bits);
    marks[index & this.mask] = (marks[index & this.mask] ?? 0) | bits;
  }

  retain(index: number): void {
    const marks = chunkOf(this.marks, index >>> this.bits);
    const mark = marks[index & this.mask] ?? 0;
    if ((mark & COUNT_MAX) !== COUNT_MAX) marks[index & this.mask] = mark + 1;
    else this.#overflow.set(index, (this.#overflow.get(index) ?? 0) + 1);
  }

  /** Whether nothing refers to the cell any more. */
  release(index: number): boolean {
    const marks = chunkOf(this.marks, index >>> this.bits);
    const mark = marks[index & this.mask] ?? 0;
    if ((mark & COUNT_MAX) === COUNT_MAX) {
      const more = this.#overflow.get(index);
      if (more !== undefined) {
        if (more === 1) this.#overflow.delete(index);
        else this.#overflow.set(index, more - 1);
        return false;
      }
    }
    assert((mark & COUNT_MAX) !== 0, "a node is released as often as it was retained");
    marks[index & this.mask] = mark - 1;
    return (mark & COUNT_MAX) === 1;
  }

  #grow(): void {
    assert(this.#capacity < this.#indexMax, "a tree has fewer nodes than a reference can tell");
    const full = 1 << this.bits;
    if (this.#capacity === 0 || this.#capacity >= full) {
      const cells = this.#capacity === 0 ? Math.min(FIRST_CELLS, full) : full;
      this.#setChunk(this.words.length, new Int32Array(cells * this.cellWords), cells);
      this.#capacity += cells;
      return;
    }
    // The only chunk of a small tree: twice as large, in a new place.
    const cells = this.#capacity * 2;
    const words = new Int32Array(cells * this.cellWords);
    words.set(chunkOf(this.words, 0));
    const marks = chunkOf(this.marks, 0);
    this.#setChunk(0, words, cells).set(marks);
    this.#capacity = cells;
  }

  #setChunk(at: number, words: Int32Array, cells: number): Uint8Array {
    const marks = new Uint8Array(cells);
    this.words[at] = words;
    this.bytes[at] = new Uint8Array(words.buffer);
    this.marks[at] = marks;
    return marks;
  }
}

/** The chunk of that number, which is there. */
export function chunkOf<T>(chunks: readonly T[], at: number): T {
  const chunk = chunks[at];
  if (chunk === undefined) throw new Error("invariant broken: a reference points to a cell");
  return chunk;
}
