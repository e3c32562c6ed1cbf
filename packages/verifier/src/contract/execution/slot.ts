import { UNITS } from "@aethel/models/primitives";
import { ImpossibleState } from "../../intent/execution/intent-run.ts";
import { isAmount } from "../../intent/ledger-invariants.ts";
import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { FieldName } from "../../language/syntax/fields.ts";
import { storedSize } from "../evaluate/stored-value.ts";
import type { ContractValue, FieldValue, ValueType } from "../typed/value-types.ts";
import type { ContractState } from "./contract-state.ts";

/**
 * Places of a contract that differ only in their keys: the cells of a map, the amounts of one kind
 * that accounts hold (the key is the account), or one place without keys. `at` numbers the kinds
 * that an intent names.
 */
export type PlaceKind = {
  readonly at: number;
  /**
   * Whether the intent names only one place of this kind, always with the same keys, so that no
   * search is needed. Set when the whole intent is compiled.
   */
  isSole: boolean;
  /** Units for the size of its values: at the first read, and at the first store. */
  readonly sizeUnits: number;
} & (
  | {
      readonly type: "holding";
      readonly field: FieldName;
      readonly asset: DeclaredAsset | undefined;
    }
  | { readonly type: "supply"; readonly asset: DeclaredAsset }
  | { readonly type: "vault"; readonly asset: DeclaredAsset | undefined }
  | { readonly type: "scalar"; readonly name: string }
  /** `absent` is the value of a cell that the state does not have. */
  | { readonly type: "cell"; readonly map: string; readonly absent: ContractValue }
);

/** Returns the units for the size of a value that is read or first stored. */
export function sizeUnitsOf(type: ValueType): number {
  return UNITS.valueBytes64 * (Math.ceil(storedSize(type) / 64) - 1);
}

/** Keys of a place: none, one or two. */
export type Keys = readonly FieldValue[];

/**
 * Place that a run has reached, with its value before the call. `after` is undefined until the run
 * stores a value.
 */
export interface Slot {
  readonly kind: PlaceKind;
  readonly keys: Keys;
  readonly before: ContractValue;
  after: ContractValue | undefined;
  /** Place that the run stored after this one, at its first store. */
  next: Slot | undefined;
}

/** Places of one kind that a run has reached. */
export interface Reached {
  readonly slots: Slot[];
  /** Slots by first key, then by second key. Undefined while there are few. */
  index: Map<FieldValue | undefined, Map<FieldValue | undefined, Slot>> | undefined;
}

/** Number of places of one kind up to which a linear search is faster than an index. */
const WALKED = 8;

/** Finds the place with these keys among those that a run has reached. */
export function findSlot({ slots, index }: Reached, keys: Keys): Slot | undefined {
  const [first, second] = [keys[0], keys[1]];
  if (index !== undefined) return index.get(first)?.get(second);
  for (const slot of slots) {
    if (slot.keys[0] === first && slot.keys[1] === second) return slot;
  }
  return undefined;
}

/** Adds a place that the run had not reached. */
export function addSlot(reached: Reached, slot: Slot): void {
  reached.slots.push(slot);
  if (reached.index !== undefined) indexSlot(reached.index, slot);
  else if (reached.slots.length > WALKED) {
    const index: NonNullable<Reached["index"]> = new Map();
    for (const one of reached.slots) indexSlot(index, one);
    reached.index = index;
  }
}

function indexSlot(index: NonNullable<Reached["index"]>, slot: Slot): void {
  const [first, second] = [slot.keys[0], slot.keys[1]];
  const row = index.get(first);
  if (row === undefined) index.set(first, new Map([[second, slot]]));
  else row.set(second, slot);
}

/** Reads a place from the state. Throws if an amount is one that no state of the ledger has. */
export function readState(state: ContractState, kind: PlaceKind, keys: Keys): ContractValue {
  switch (kind.type) {
    case "cell":
      return state.cell(kind.map, keys) ?? kind.absent;
    case "scalar":
      return state.scalar(kind.name);
    case "vault":
      return checked(kind.asset === undefined ? state.vault() : state.vault(kind.asset));
    case "supply":
      return checked(state.supply(kind.asset));
    case "holding": {
      const account = keys[0];
      if (typeof account !== "string") throw new Error("an account is a text");
      const { field, asset } = kind;
      return checked(
        asset === undefined ? state.holding(account, field) : state.holding(account, field, asset),
      );
    }
  }
}

function checked(value: bigint): bigint {
  if (isAmount(value)) return value;
  throw new ImpossibleState(`a stored amount ${value} is not in 0 .. 2^64-1`);
}
