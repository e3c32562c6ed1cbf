import { copyDigest, toWords } from "../hashing/digest-words.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import type { Scratch } from "./edits.ts";
import { LeafStore, type Record } from "./leaf-store.ts";
import { chunkOf, Pool } from "./pool.ts";

/**
 * Names a node of one arena: 0 is empty, a negative number a leaf, a positive one an inner node:
 * twice the index of its cell, plus one if it has a child on one side only.
 */
export type Ref = number;

/** The empty subtree. */
export const EMPTY: Ref = 0;

/** 0 is left. */
export type Side = 0 | 1;

// A fork: references to the left and the right, then the slots of these. A lone: one of each.
const FORK_WORDS = 18;
const FORK_SLOTS = 2;
const LONE_WORDS = 9;
const LONE_SLOT = 1;

// Bits of the marks.
const RIGHT_LONE = 0x20;
const READY: readonly [left: number, right: number] = [0x80, 0x40];

/** Dropped nodes that are given back in one go when a place is needed. */
const STEPS = 1000;

/**
 * A node and its slot. A digest belongs to a node, but is kept by the parent, in the child's slot:
 * so what an inner node hashes to depends on its own cell alone, and to hash what changed, no other
 * node is read. As long as the digest is not computed, the slot is not ready; a leaf's slot then
 * has its path. The words are for reading, and only until the arena is changed.
 */
export interface Child {
  readonly ref: Ref;
  readonly words: Int32Array;
  readonly at: number;
  readonly isReady: boolean;
}

/** The empty subtree as a child. */
export const NOTHING: Child = {
  ref: EMPTY,
  words: toWords(EMPTY_DIGEST),
  at: 0,
  isReady: true,
};

/**
 * The nodes of all versions that came from one. Versions share nodes, so each node counts what
 * refers to it; what nothing refers to is given back, and its place is used again. A version that
 * is in use refers to its root, hence keeps all that can be reached from it: as long as callers
 * hold on to that, a reference never leads to a place that was given back.
 */
export class Arena {
  readonly leaves = new LeafStore();
  readonly #forks = new Pool({ cellWords: FORK_WORDS, indexMax: 0x3fff_0000 });
  readonly #lones = new Pool({ cellWords: LONE_WORDS, indexMax: 0x3fff_0000 });
  /** What the last update left for the next one; no garbage collection keeps it. */
  scratch: WeakRef<Scratch> | undefined;
  /** References that are to be released: work that is done bit by bit. */
  readonly #dropped: Ref[] = [];

  constructor() {
    // The first fork would have the reference 0.
    this.#forks.allocate();
  }

  /** Nodes in use, the dropped ones that were not given back yet included. */
  get live(): { readonly inner: number; readonly leaves: number } {
    return { inner: this.#forks.live - 1 + this.#lones.live, leaves: this.leaves.live };
  }

  childOf(inner: Ref, side: Side): Ref {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const pool = this.#forks;
      return chunkOf(pool.words, index >>> pool.bits)[pool.wordOf(index) + side] ?? EMPTY;
    }
    const pool = this.#lones;
    if (sideOfLone(pool.markOf(index)) !== side) return EMPTY;
    return chunkOf(pool.words, index >>> pool.bits)[pool.wordOf(index)] ?? EMPTY;
  }

  /** A child with its slot; `childOf` where the reference alone is asked for. */
  child(inner: Ref, side: Side): Child {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const pool = this.#forks;
      const words = chunkOf(pool.words, index >>> pool.bits);
      const at = pool.wordOf(index);
      const isReady = (pool.markOf(index) & READY[side]) !== 0;
      return { ref: words[at + side] ?? EMPTY, words, at: at + FORK_SLOTS + side * 8, isReady };
    }
    const pool = this.#lones;
    const mark = pool.markOf(index);
    if (sideOfLone(mark) !== side) return NOTHING;
    const words = chunkOf(pool.words, index >>> pool.bits);
    const at = pool.wordOf(index);
    return { ref: words[at] ?? EMPTY, words, at: at + LONE_SLOT, isReady: (mark & READY[0]) !== 0 };
  }

  /** The child on that side if it has no digest yet; else, or where there is none, EMPTY. */
  unhashedChild(inner: Ref, side: Side): Ref {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const pool = this.#forks;
      if ((pool.markOf(index) & READY[side]) !== 0) return EMPTY;
      return chunkOf(pool.words, index >>> pool.bits)[pool.wordOf(index) + side] ?? EMPTY;
    }
    const pool = this.#lones;
    const mark = pool.markOf(index);
    if ((mark & READY[0]) !== 0 || sideOfLone(mark) !== side) return EMPTY;
    return chunkOf(pool.words, index >>> pool.bits)[pool.wordOf(index)] ?? EMPTY;
  }

  /** What an inner node hashes to is the SHA-256 of these sixteen words. */
  readPreimage(inner: Ref, target: Int32Array, to: number): void {
    const index = inner >>> 1;
    if ((inner & 1) === 0) {
      const pool = this.#forks;
      const words = chunkOf(pool.words, index >>> pool.bits);
      const at = pool.wordOf(index) + FORK_SLOTS;
      copyDigest(words, at, target, to);
      copyDigest(words, at + 8, target, to + 8);
      return;
    }
    const pool = this.#lones;
    const side = sideOfLone(pool.markOf(index));
    const words = chunkOf(pool.words, index >>> pool.bits);
    copyDigest(words, pool.wordOf(index) + LONE_SLOT, target, to + side * 8);
    copyDigest(NOTHING.words, 0, target, to + 8 - side * 8);
  }

  /** Copies the slot of a child: its digest, or, as long as that is missing, a leaf's path. */
  readSlot(inner: Ref, side: Side, target: Int32Array, to: number): void {
    const pool = this.#poolOf(inner);
    const index = inner >>> 1;
    const words = chunkOf(pool.words, index >>> pool.bits);
    const slot = (inner & 1) === 0 ? FORK_SLOTS + side * 8 : LONE_SLOT;
    copyDigest(words, pool.wordOf(index) + slot, target, to);
  }

  /** Puts the digest of a child, which is computed now, into its slot. */
  fillSlot(inner: Ref, side: Side, source: Int32Array, from: number): void {
    const pool = this.#poolOf(inner);
    const index = inner >>> 1;
    const words = chunkOf(pool.words, index >>> pool.bits);
    const slot = (inner & 1) === 0 ? FORK_SLOTS + side * 8 : LONE_SLOT;
    copyDigest(source, from, words, pool.wordOf(index) + slot);
    pool.setMark(index, (inner & 1) === 0 ? READY[side] : READY[0]);
  }

  /** A new inner node with one child, an inner node too; nothing refers to it yet. */
  makeLone(side: Side, child: Child): Ref {
    const pool = this.#lones;
    this.#makeRoom(pool);
    const index = pool.allocate();
    const words = chunkOf(pool.words, index >>> pool.bits);
    const at = pool.wordOf(index);
    words[at] = child.ref;
    copyDigest(child.words, child.at, words, at + LONE_SLOT);
    pool.setMark(index, (side === 1 ? RIGHT_LONE : 0) | (child.isReady ? READY[0] : 0));
    this.retain(child.ref);
    return index * 2 + 1;
  }

  /** A new inner node with two children; nothing refers to it yet. */
  makeFork(left: Child, right: Child): Ref {
    const pool = this.#forks;
    this.#makeRoom(pool);
    const index = pool.allocate();
    const words = chunkOf(pool.words, index >>> pool.bits);
    const at = pool.wordOf(index);
    words[at] = left.ref;
    words[at + 1] = right.ref;
    copyDigest(left.words, left.at, words, at + FORK_SLOTS);
    copyDigest(right.words, right.at, words, at + FORK_SLOTS + 8);
    pool.setMark(index, (left.isReady ? READY[0] : 0) | (right.isReady ? READY[1] : 0));
    this.retain(left.ref);
    this.retain(right.ref);
    return index * 2;
  }

  /** A new leaf with a copy of the record; nothing refers to it yet. */
  makeLeaf(record: Record): Ref {
    if (this.#dropped.length > 0 && !this.leaves.hasFree(record)) this.giveBack(STEPS);
    return this.leaves.make(record);
  }

  retain(ref: Ref): void {
    if (ref > 0) this.#poolOf(ref).retain(ref >>> 1);
    else if (ref < 0) this.leaves.retain(ref);
  }

  /** Takes one reference away. The nodes are given back later, when their places are needed. */
  drop(ref: Ref): void {
    if (ref !== EMPTY) this.#dropped.push(ref);
  }

  /** Gives back up to that many of the nodes that were dropped. */
  giveBack(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const ref = this.#dropped.pop();
      if (ref === undefined) return;
      if (ref < 0) this.leaves.release(ref);
      else if (this.#poolOf(ref).release(ref >>> 1)) {
        this.drop(this.childOf(ref, 0));
        this.drop(this.childOf(ref, 1));
        this.#poolOf(ref).free(ref >>> 1);
      }
    }
  }

  #poolOf(inner: Ref): Pool {
    return (inner & 1) === 0 ? this.#forks : this.#lones;
  }

  #makeRoom(pool: Pool): void {
    if (this.#dropped.length > 0 && !pool.hasFree) this.giveBack(STEPS);
  }
}

const sideOfLone = (mark: number): Side => ((mark & RIGHT_LONE) === 0 ? 0 : 1);
