import type { Tree } from "@aethel/merkle";
import { compareBytes, equalBytes, type StateChange, toHex } from "@aethel/models";

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
  /** Sets a value; undefined removes it. */
  write<T>(key: Uint8Array, codec: Coding<T>, value: T | undefined): void;
  /** Everything that differs from the tree, strictly ascending by key. */
  changes(): readonly StateChange[];
}

interface Slot {
  readonly key: Uint8Array;
  readonly codec: Coding<never>;
  value: unknown;
  written: boolean;
}

/** A draft on top of a tree. */
export function createDraft(tree: Tree): Draft {
  const slots = new Map<string, Slot>();
  const slotOf = <T>(key: Uint8Array, codec: Coding<T>): Slot => {
    const name = toHex(key);
    const known = slots.get(name);
    if (known !== undefined) return known;
    const bytes = tree.get(key);
    const value = bytes === undefined ? undefined : codec.decode(bytes);
    const slot: Slot = { key, codec: codec as unknown as Coding<never>, value, written: false };
    slots.set(name, slot);
    return slot;
  };
  return {
    read: <T>(key: Uint8Array, codec: Coding<T>) => slotOf(key, codec).value as T | undefined,
    write: (key, codec, value) => {
      const slot = slotOf(key, codec);
      slot.value = value;
      slot.written = true;
    },
    changes: () =>
      [...slots.values()]
        .filter((slot) => slot.written)
        .flatMap((slot) => changeOf(slot, tree.get(slot.key)))
        .toSorted((left, right) => compareBytes(left.key, right.key)),
  };
}

function changeOf(slot: Slot, before: Uint8Array | undefined): readonly StateChange[] {
  const after = slot.value === undefined ? undefined : slot.codec.encode(slot.value as never);
  if (before === undefined && after === undefined) return [];
  if (before !== undefined && after !== undefined && equalBytes(before, after)) return [];
  return [{ key: slot.key, before, after }];
}
