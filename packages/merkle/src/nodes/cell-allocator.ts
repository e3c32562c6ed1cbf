import { assert } from "@aethel/models";

/** Greatest number of words of a chunk: half a megabyte. */
const CHUNK_WORDS = 131_072;
const FIRST_CELLS = 8;

/** Bits of a cell's mark that hold its reference count. The arena uses the other bits. */
const COUNT_MAX = 0x1f;

/**
 * Slab allocator for reference-counted cells of one size. A cell is named by its index. Cells lie
 * in a few large arrays (chunks), not in one object each. Full chunks are neither moved nor grown,
 * so at most one chunk is partly unused. The caller decides what the words of a cell mean.
 */
export class CellAllocator {
  readonly cellWords: number;
  /**
   * Number of low bits of an index that give the cell's position in its chunk. The higher bits are
   * the number of the chunk.
   */
  readonly bits: number;
  readonly mask: number;
  /** Chunks as words, in the byte order of this machine. `bytes` has views of the same memory. */
  readonly words: Int32Array[] = [];
  readonly bytes: Uint8Array[] = [];
  readonly marks: Uint8Array[] = [];
  /** Number of cells in use. */
  live = 0;
  /** Rest of each reference count that does not fit into the mark, by index. */
  readonly #overflow = new Map<number, number>();
  readonly #indexMax: number;
  #next = 0;
  #capacity = 0;
  /**
   * Head of the list of free cells: an index plus one, or 0 for none. The first word of a free cell
   * is the next head.
   */
  #free = 0;

  constructor({ cellWords, indexMax }: { readonly cellWords: number; readonly indexMax: number }) {
    this.cellWords = cellWords;
    this.bits = 31 - Math.clz32(CHUNK_WORDS / cellWords);
    this.mask = (1 << this.bits) - 1;
    this.#indexMax = indexMax;
  }

  /** Whether `allocate` can succeed without a new chunk. */
  get hasFree(): boolean {
    return this.#free !== 0 || this.#next < this.#capacity;
  }

  /** Takes a cell. Its reference count and mark are 0; its words can be anything. */
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

  /** Returns the position of a cell's first word in its chunk. */
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

  /** Lowers the reference count by one. Returns whether it is 0 now. */
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
    assert(this.#capacity < this.#indexMax, "a tree has fewer nodes than references can name");
    const full = 1 << this.bits;
    if (this.#capacity === 0 || this.#capacity >= full) {
      const cells = this.#capacity === 0 ? Math.min(FIRST_CELLS, full) : full;
      this.#setChunk(this.words.length, new Int32Array(cells * this.cellWords), cells);
      this.#capacity += cells;
      return;
    }
    // A small tree has one chunk, which is replaced by one of twice its size.
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

/** Returns a chunk, which must exist. */
export function chunkOf<T>(chunks: readonly T[], at: number): T {
  const chunk = chunks[at];
  if (chunk === undefined) throw new Error("invariant broken: a reference points to a cell");
  return chunk;
}
