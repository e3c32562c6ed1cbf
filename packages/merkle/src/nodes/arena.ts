import { copyDigest, toWords } from "../hashing/digest-words.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import { CellAllocator, chunkOf } from "./cell-allocator.ts";
import { LeafStore, type Record } from "./leaf-store.ts";
import type { Scratch } from "./records.ts";

/**
 * Reference to a node in an arena. 0 is the empty subtree, a negative number a leaf, and a positive
 * number an inner node: twice the index of its cell, plus one if the node has a single child.
 */
export type Ref = number;

/** The empty subtree. */
export const EMPTY: Ref = 0;

/** Side of a child: 0 is left, 1 is right. */
export type Side = 0 | 1;

// A fork holds two references, then two slots. A lone, with one child, holds one of each.
const FORK_WORDS = 18;
const FORK_SLOTS = 2;
const LONE_WORDS = 9;
const LONE_SLOT = 1;

// Bits of the marks: the side of a lone's child, and which slots hold digests.
const RIGHT_LONE = 0x20;
const READY: readonly [left: number, right: number] = [0x80, 0x40];

/** Greatest number of dropped nodes that are freed at once when a cell is needed. */
const STEPS = 1000;

/**
 * A node together with its slot: the eight words, in the cell of its parent, that hold the node's
 * digest. Since a parent's cell has the digests of its children, the digest of an inner node
 * depends on its own cell alone, and hashing reads no unchanged node. While a digest is missing,
 * its slot is not ready; the slot of a leaf then holds the leaf's path. The words are read-only and
 * valid until the arena changes.
 */
export interface Child {
  readonly ref: Ref;
  readonly words: Int32Array;
  readonly at: number;
  readonly isReady: boolean;
}

/** The empty subtree, as a child. */
export const NOTHING: Child = {
  ref: EMPTY,
  words: toWords(EMPTY_DIGEST),
  at: 0,
  isReady: true,
};

/**
 * Memory for the nodes of a version and of all versions made from it. Versions share nodes, so each
 * node has a reference count; at 0 the node is freed and its cell can be used again. A version in
 * use holds a reference to its root, which keeps all nodes below. A `Ref` is valid as long as the
 * code that has it also keeps such a version.
 */
export class Arena {
  readonly leaves = new LeafStore();
  readonly #forks = new CellAllocator({ cellWords: FORK_WORDS, indexMax: 0x3fff_0000 });
  readonly #lones = new CellAllocator({ cellWords: LONE_WORDS, indexMax: 0x3fff_0000 });
  /**
   * Buffers of the last update, which the next update can use. The garbage collector may take them.
   */
  scratch: WeakRef<Scratch> | undefined;
  /** References that are dropped but not yet released. They are released in small steps. */
  readonly #dropped: Ref[] = [];

  constructor() {
    // The first fork would have the reference 0.
    this.#forks.allocate();
  }

  /** Number of nodes in use, including dropped ones that are not freed yet. */
  get live(): { readonly inner: number; readonly leaves: number } {
    return { inner: this.#forks.live - 1 + this.#lones.live, leaves: this.leaves.live };
  }

  childOf(inner: Ref, side: Side): Ref {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const cells = this.#forks;
      return chunkOf(cells.words, index >>> cells.bits)[cells.wordOf(index) + side] ?? EMPTY;
    }
    const cells = this.#lones;
    if (sideOfLone(cells.markOf(index)) !== side) return EMPTY;
    return chunkOf(cells.words, index >>> cells.bits)[cells.wordOf(index)] ?? EMPTY;
  }

  /**
   * Returns a child with its slot (the words in the parent's cell for the child's digest).
   * `childOf` returns only the reference.
   */
  child(inner: Ref, side: Side): Child {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const cells = this.#forks;
      const words = chunkOf(cells.words, index >>> cells.bits);
      const at = cells.wordOf(index);
      const isReady = (cells.markOf(index) & READY[side]) !== 0;
      return { ref: words[at + side] ?? EMPTY, words, at: at + FORK_SLOTS + side * 8, isReady };
    }
    const cells = this.#lones;
    const mark = cells.markOf(index);
    if (sideOfLone(mark) !== side) return NOTHING;
    const words = chunkOf(cells.words, index >>> cells.bits);
    const at = cells.wordOf(index);
    return { ref: words[at] ?? EMPTY, words, at: at + LONE_SLOT, isReady: (mark & READY[0]) !== 0 };
  }

  /** Returns the reference of the child on `side` if its digest is missing, otherwise EMPTY. */
  unhashedChild(inner: Ref, side: Side): Ref {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const cells = this.#forks;
      if ((cells.markOf(index) & READY[side]) !== 0) return EMPTY;
      return chunkOf(cells.words, index >>> cells.bits)[cells.wordOf(index) + side] ?? EMPTY;
    }
    const cells = this.#lones;
    const mark = cells.markOf(index);
    if ((mark & READY[0]) !== 0 || sideOfLone(mark) !== side) return EMPTY;
    return chunkOf(cells.words, index >>> cells.bits)[cells.wordOf(index)] ?? EMPTY;
  }

  /** Copies the sixteen words whose SHA-256 is the digest of an inner node. */
  readPreimage(inner: Ref, target: Int32Array, to: number): void {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const cells = this.#forks;
      const words = chunkOf(cells.words, index >>> cells.bits);
      const at = cells.wordOf(index) + FORK_SLOTS;
      copyDigest(words, at, target, to);
      copyDigest(words, at + 8, target, to + 8);
      return;
    }
    const cells = this.#lones;
    const side = sideOfLone(cells.markOf(index));
    const words = chunkOf(cells.words, index >>> cells.bits);
    copyDigest(words, cells.wordOf(index) + LONE_SLOT, target, to + side * 8);
    copyDigest(NOTHING.words, 0, target, to + 8 - side * 8);
  }

  /**
   * Copies the slot of a child (the words in the parent's cell for the child's digest). It holds
   * the digest, or the path of a leaf that is not hashed yet.
   */
  readSlot(inner: Ref, side: Side, target: Int32Array, to: number): void {
    const cells = this.#cellsOf(inner);
    const index = inner >>> 1;
    const words = chunkOf(cells.words, index >>> cells.bits);
    const slot = (inner & 1) === 0 ? FORK_SLOTS + side * 8 : LONE_SLOT;
    copyDigest(words, cells.wordOf(index) + slot, target, to);
  }

  /** Writes the digest of a child into its slot, in the parent's cell. */
  fillSlot(inner: Ref, side: Side, source: Int32Array, from: number): void {
    const cells = this.#cellsOf(inner);
    const index = inner >>> 1;
    const words = chunkOf(cells.words, index >>> cells.bits);
    const slot = (inner & 1) === 0 ? FORK_SLOTS + side * 8 : LONE_SLOT;
    copyDigest(source, from, words, cells.wordOf(index) + slot);
    cells.setMark(index, (inner & 1) === 0 ? READY[side] : READY[0]);
  }

  /** Makes an inner node whose only child is an inner node. Its reference count is 0. */
  makeLone(side: Side, child: Child): Ref {
    const cells = this.#lones;
    this.#makeRoom(cells);
    const index = cells.allocate();
    const words = chunkOf(cells.words, index >>> cells.bits);
    const at = cells.wordOf(index);
    words[at] = child.ref;
    copyDigest(child.words, child.at, words, at + LONE_SLOT);
    cells.setMark(index, (side === 1 ? RIGHT_LONE : 0) | (child.isReady ? READY[0] : 0));
    this.retain(child.ref);
    return index * 2 + 1;
  }

  /** Makes an inner node with two children. Its reference count is 0. */
  makeFork(left: Child, right: Child): Ref {
    const cells = this.#forks;
    this.#makeRoom(cells);
    const index = cells.allocate();
    const words = chunkOf(cells.words, index >>> cells.bits);
    const at = cells.wordOf(index);
    words[at] = left.ref;
    words[at + 1] = right.ref;
    copyDigest(left.words, left.at, words, at + FORK_SLOTS);
    copyDigest(right.words, right.at, words, at + FORK_SLOTS + 8);
    cells.setMark(index, (left.isReady ? READY[0] : 0) | (right.isReady ? READY[1] : 0));
    this.retain(left.ref);
    this.retain(right.ref);
    return index * 2;
  }

  /** Makes a leaf with a copy of a record (key and value). The leaf's reference count is 0. */
  makeLeaf(record: Record): Ref {
    if (this.#dropped.length > 0 && !this.leaves.hasFree(record)) this.freeDropped(STEPS);
    return this.leaves.make(record);
  }

  retain(ref: Ref): void {
    if (ref > 0) this.#cellsOf(ref).retain(ref >>> 1);
    else if (ref < 0) this.leaves.retain(ref);
  }

  /**
   * Marks one reference as dropped. Nodes that lose their last reference are freed later, when
   * cells are needed.
   */
  drop(ref: Ref): void {
    if (ref !== EMPTY) this.#dropped.push(ref);
  }

  /** Releases up to `steps` dropped references, and frees the nodes that lose their last one. */
  freeDropped(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const ref = this.#dropped.pop();
      if (ref === undefined) return;
      if (ref < 0) this.leaves.release(ref);
      else if (this.#cellsOf(ref).release(ref >>> 1)) {
        this.drop(this.childOf(ref, 0));
        this.drop(this.childOf(ref, 1));
        this.#cellsOf(ref).free(ref >>> 1);
      }
    }
  }

  #cellsOf(inner: Ref): CellAllocator {
    return (inner & 1) === 0 ? this.#forks : this.#lones;
  }

  #makeRoom(cells: CellAllocator): void {
    if (this.#dropped.length > 0 && !cells.hasFree) this.freeDropped(STEPS);
  }
}

const sideOfLone = (mark: number): Side => ((mark & RIGHT_LONE) === 0 ? 0 : 1);
