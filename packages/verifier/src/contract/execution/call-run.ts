import { assert, UNITS } from "@aethel/models/primitives";
import { outOfUnits } from "../../intent/execution/intent-run.ts";
import type { ContractValue } from "../typed/value-types.ts";
import type { ContractCall, ContractEvent } from "./contract-state.ts";
import {
  addSlot,
  findSlot,
  type Keys,
  type PlaceKind,
  type Reached,
  readState,
  type Slot,
} from "./slot.ts";

/** Empty memory of a run, which each run copies. */
export interface RunMemory {
  readonly locals: readonly undefined[];
  readonly named: readonly undefined[];
}

/**
 * Memory of one run of a compiled intent: units, values of names, and the places that it has
 * reached.
 */
export class CallRun {
  readonly call: ContractCall;
  units = 0;
  readonly unitsMax: number;
  /** Values of parameters and `let`s, by their numbers in the compiled intent. */
  readonly locals: (ContractValue | undefined)[];
  /** Places whose keys cannot change in a run, by their numbers in the compiled intent. */
  readonly named: (Slot | undefined)[];
  /** First place in the order of first stores. `next` of each place is the following one. */
  firstStored: Slot | undefined;
  #lastStored: Slot | undefined;
  events: ContractEvent[] | undefined;
  #reached: (Reached | undefined)[] | undefined;

  /** Copies `memory`: a copied array takes exactly the memory that it needs, and no more. */
  constructor(call: ContractCall, memory: RunMemory) {
    this.call = call;
    this.unitsMax = call.unitsMax ?? Number.POSITIVE_INFINITY;
    this.locals = memory.locals.slice();
    this.named = memory.named.slice();
  }

  /** Counts units of work before the work is done. Throws `OutOfUnits` beyond the limit. */
  spend(units: number): void {
    if (units > this.unitsMax - this.units) {
      this.units = this.unitsMax;
      throw outOfUnits;
    }
    this.units += units;
  }

  /** Returns the value of a parameter or `let`. */
  local(at: number): ContractValue {
    const value = this.locals[at];
    assert(value !== undefined, "a checked name has a value");
    return value;
  }

  /** Returns a place, and reads it from the state if the run had not reached it. */
  reach(kind: PlaceKind, keys: Keys): Slot {
    if (kind.isSole) return this.#read(kind, keys);
    this.#reached ??= [];
    const reached = this.#reached[kind.at];
    const known = reached === undefined ? undefined : findSlot(reached, keys);
    if (known !== undefined) return known;
    const slot = this.#read(kind, keys);
    if (reached === undefined) this.#reached[kind.at] = { slots: [slot], index: undefined };
    else addSlot(reached, slot);
    return slot;
  }

  /** Stores a value in a place. */
  store(slot: Slot, value: ContractValue): void {
    const first = slot.after === undefined ? UNITS.write + slot.kind.sizeUnits : 0;
    this.spend(UNITS.store + first);
    if (slot.after === undefined) {
      if (this.#lastStored === undefined) this.firstStored = slot;
      else this.#lastStored.next = slot;
      this.#lastStored = slot;
    }
    slot.after = value;
  }

  #read(kind: PlaceKind, keys: Keys): Slot {
    this.spend(UNITS.read + kind.sizeUnits);
    const before = readState(this.call.state, kind, keys);
    return { kind, keys, before, after: undefined, next: undefined };
  }
}
