import type { Tree } from "@aethel/merkle";
import { compareBytes, equalBytes, type StateChange } from "@aethel/models";
import { keyName } from "./key-name.ts";

/** The part of a codec that a state needs; codecs of models and pairs of functions have it. */
export interface Coding<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/**
 * A state being changed: reads fall through to a tree that stays as it is, writes are kept aside.
 * Values are decoded and encoded once, however often they are touched.
 */
export interface Draft {
  /** The present value, or undefined where there is none. */
  read<T>(key: Uint8Array, codec: Coding<T>): T | undefined;
  /** Reads and sets at once. */
  change<T>(key: Uint8Array, codec: Coding<T>, next: (value: T | undefined) => T | undefined): void;
  /** Sets a value; undefined removes it. */
  write<T>(key: Uint8Array, codec: Coding<T>, value: T | undefined): void;
  /** Everything that differs from the tree, strictly ascending by key. */
  changes(): readonly StateChange[];
}

interface Slot {
  readonly key: Uint8Array;
  readonly codec: Coding<never>;
  /** What the tree has. */
  readonly before: Uint8Array | undefined;
  value: unknown;
  written: boolean;
}

/** A draft on top of a tree. */
export function createDraft(tree: Tree): Draft {
  const slots = new Map<string, Slot>();
  const slotOf = <T>(key: Uint8Array, codec: Coding<T>): Slot => {
    const name = keyName(key);
    const known = slots.get(name);
    if (known !== undefined) return known;
    const before = tree.get(key);
    const value = before === undefined ? undefined : codec.decode(before);
    const own = codec as unknown as Coding<never>;
    const slot: Slot = { key, codec: own, before, value, written: false };
    slots.set(name, slot);
    return slot;
  };
  return {
    read: <T>(key: Uint8Array, codec: Coding<T>) => slotOf(key, codec).value as T | undefined,
    change: <T>(
      key: Uint8Array,
      codec: Coding<T>,
      next: (value: T | undefined) => T | undefined,
    ) => {
      const slot = slotOf(key, codec);
      slot.value = next(slot.value as T | undefined);
      slot.written = true;
    },
    write: (key, codec, value) => {
      const slot = slotOf(key, codec);
      slot.value = value;
      slot.written = true;
    },
    changes: () =>
      [...slots.values()]
        .filter((slot) => slot.written)
        .flatMap(changeOf)
        .toSorted((left, right) => compareBytes(left.key, right.key)),
  };
}

function changeOf(slot: Slot): readonly StateChange[] {
  const { before } = slot;
  const after = slot.value === undefined ? undefined : slot.codec.encode(slot.value as never);
  if (before === undefined && after === undefined) return [];
  if (before !== undefined && after !== undefined && equalBytes(before, after)) return [];
  return [{ key: slot.key, before, after }];
}
