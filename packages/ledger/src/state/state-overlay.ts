import type { Tree } from "@aethel/merkle";
import { compareBytes, equalBytes, type StateChange } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";

/** The part of a codec that a state needs; codecs of models and pairs of functions have it. */
export interface Coding<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/**
 * A state being changed: reads fall through to a tree that stays as it is, writes are kept aside.
 * Values are decoded and encoded once, however often they are touched.
 */
export interface StateOverlay {
  /** The present value, or undefined where there is none. */
  read<T>(key: Uint8Array, codec: Coding<T>): T | undefined;
  /** The place of a value, for who reads and writes it several times. */
  cell<T>(key: Uint8Array, codec: Coding<T>): Cell<T>;
  /**
   * Reads many values in one go, in less time than one by one; to `cell` and `read` it makes no
   * other difference.
   */
  load<T>(keys: readonly Uint8Array[], codec: Coding<T>): void;
  /** Reads and sets at once. */
  change<T>(key: Uint8Array, codec: Coding<T>, next: (value: T | undefined) => T | undefined): void;
  /** Sets a value; undefined removes it. */
  write<T>(key: Uint8Array, codec: Coding<T>, value: T | undefined): void;
  /** Everything that differs from the tree, strictly ascending by key. */
  changes(): readonly StateChange[];
  /** Bytes of keys and values that the tree does not have: what the state grows by. */
  growth(): number;
}

/**
 * One value of an overlay. It never goes stale: all that is written to its key is written to it.
 */
export interface Cell<T> {
  /** The present value, or undefined where there is none. */
  read(): T | undefined;
  /** Sets it; undefined removes it. */
  write(value: T | undefined): void;
}

/** Bytes by which the slots of an overlay have grown together. */
interface Growth {
  bytes: number;
}

class Slot<T> implements Cell<T> {
  readonly key: Uint8Array;
  readonly #codec: Coding<T>;
  /** What the tree has. */
  readonly #before: Uint8Array | undefined;
  #value: T | undefined;
  #isWritten = false;
  readonly #growth: Growth;
  /** Of the growth, this slot's. */
  #grown = 0;

  constructor(options: {
    readonly key: Uint8Array;
    readonly codec: Coding<T>;
    readonly before: Uint8Array | undefined;
    readonly growth: Growth;
  }) {
    const { key, codec, before, growth } = options;
    this.key = key;
    this.#growth = growth;
    this.#codec = codec;
    this.#before = before;
    this.#value = before === undefined ? undefined : codec.decode(before);
  }

  read(): T | undefined {
    return this.#value;
  }

  write(value: T | undefined): void {
    this.#value = value;
    this.#isWritten = true;
    if (this.#before === undefined) this.#grow();
  }

  /** Keys that the tree has do not count: their values have bounds of their own. */
  #grow(): void {
    const value = this.#value;
    const grown = value === undefined ? 0 : this.key.length + this.#codec.encode(value).length;
    this.#growth.bytes += grown - this.#grown;
    this.#grown = grown;
  }

  /** What the overlay makes of the key, or undefined where that is nothing. */
  change(): StateChange | undefined {
    if (!this.#isWritten) return undefined;
    const before = this.#before;
    const after = this.#value === undefined ? undefined : this.#codec.encode(this.#value);
    if (before === undefined && after === undefined) return undefined;
    if (before !== undefined && after !== undefined && equalBytes(before, after)) return undefined;
    return { key: this.key, before, after };
  }
}

/** An overlay on top of a tree. */
export function createStateOverlay(tree: Tree): StateOverlay {
  const slots = new Map<string, Slot<unknown>>();
  const growth: Growth = { bytes: 0 };
  const cell = <T>(key: Uint8Array, codec: Coding<T>): Slot<T> => {
    const name = keyName(key);
    // All who ask for a key give the same codec: kinds of keys have types of values.
    const known = slots.get(name) as Slot<T> | undefined;
    if (known !== undefined) return known;
    const slot = new Slot({ key, codec, before: tree.get(key), growth });
    slots.set(name, slot as Slot<unknown>);
    return slot;
  };
  return {
    cell,
    load: (keys, codec) => {
      const missing = new Map<string, Uint8Array>();
      for (const key of keys) {
        const name = keyName(key);
        if (!slots.has(name)) missing.set(name, key);
      }
      const values = tree.getMany([...missing.values()]);
      let at = 0;
      for (const [name, key] of missing) {
        const before = values[at++];
        slots.set(name, new Slot({ key, codec, before, growth }) as Slot<unknown>);
      }
    },
    read: (key, codec) => cell(key, codec).read(),
    change: (key, codec, next) => {
      const slot = cell(key, codec);
      slot.write(next(slot.read()));
    },
    write: (key, codec, value) => cell(key, codec).write(value),
    changes: () => {
      const changes: StateChange[] = [];
      for (const slot of slots.values()) {
        const change = slot.change();
        if (change !== undefined) changes.push(change);
      }
      return changes.sort((left, right) => compareBytes(left.key, right.key));
    },
    growth: () => growth.bytes,
  };
}
