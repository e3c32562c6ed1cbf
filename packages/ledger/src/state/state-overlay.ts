import type { Tree } from "@aethel/merkle";
import { compareBytes, equalBytes, type StateChange } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";

/** Encoding and decoding of a value of the state. The codecs of `@aethel/models` implement it. */
export interface Coding<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/**
 * Changes over a version of the state tree. The tree itself stays the same, and reads return the
 * changed values. Each value is decoded and encoded once, however often it is read or written.
 */
export interface StateOverlay {
  /** Returns the current value of a key; undefined if it has none. */
  read<T>(key: Uint8Array, codec: Coding<T>): T | undefined;
  /** Returns the cell of a key, for several reads and writes. */
  cell<T>(key: Uint8Array, codec: Coding<T>): Cell<T>;
  /** Reads many values at once, so that later reads are faster. Has no other effect. */
  load<T>(keys: readonly Uint8Array[], codec: Coding<T>): void;
  /** Replaces the value of a key by `next` of the current value. */
  change<T>(key: Uint8Array, codec: Coding<T>, next: (value: T | undefined) => T | undefined): void;
  /** Writes a value. Undefined removes the key. */
  write<T>(key: Uint8Array, codec: Coding<T>, value: T | undefined): void;
  /** Returns all changes of the tree, strictly ascending by key. */
  changes(): readonly StateChange[];
  /**
   * Returns the growth of the state in bytes: the lengths of all keys that the tree does not have,
   * with their values.
   */
  growth(): number;
}

/**
 * Accessor of one key of an overlay. It always returns the current value, since every write to the
 * key goes through it.
 */
export interface Cell<T> {
  /** Returns the current value; undefined if there is none. */
  read(): T | undefined;
  /** Writes the value. Undefined removes it. */
  write(value: T | undefined): void;
}

/** Bytes by which all keys of an overlay together grow the state. */
interface Growth {
  bytes: number;
}

class Slot<T> implements Cell<T> {
  readonly key: Uint8Array;
  readonly #codec: Coding<T>;
  /** Encoded value in the tree; undefined if the tree does not have the key. */
  readonly #before: Uint8Array | undefined;
  #value: T | undefined;
  #isWritten = false;
  readonly #growth: Growth;
  /**
   * Bytes by which this key grows the state: its own length and that of its value. 0 if it has no
   * value, or if the tree has the key already.
   */
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

  /**
   * Updates the bytes by which this key grows the state. Called only for keys that the tree does
   * not have. A changed value of an existing key does not count, since each value has a bound of
   * its own.
   */
  #grow(): void {
    const value = this.#value;
    const grown = value === undefined ? 0 : this.key.length + this.#codec.encode(value).length;
    this.#growth.bytes += grown - this.#grown;
    this.#grown = grown;
  }

  /** Returns the change of the key's value, or undefined if it is the same as in the tree. */
  change(): StateChange | undefined {
    if (!this.#isWritten) return undefined;
    const before = this.#before;
    const after = this.#value === undefined ? undefined : this.#codec.encode(this.#value);
    if (before === undefined && after === undefined) return undefined;
    if (before !== undefined && after !== undefined && equalBytes(before, after)) return undefined;
    return { key: this.key, before, after };
  }
}

/** Creates an overlay over a tree. */
export function createStateOverlay(tree: Tree): StateOverlay {
  const slots = new Map<string, Slot<unknown>>();
  const growth: Growth = { bytes: 0 };
  const cell = <T>(key: Uint8Array, codec: Coding<T>): Slot<T> => {
    const name = keyName(key);
    // All who ask for a key give the same codec: kinds of keys have types of values.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a name has one codec
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
