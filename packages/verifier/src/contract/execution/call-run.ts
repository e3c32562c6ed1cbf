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

/**
 * Memory of one run of a compiled intent: units, values of names, and the places that it has
 * reached.
 */
export class CallRun {
  readonly call: ContractCall;
  units = 0;
  readonly unitsMax: number;
  /** Values of parameters and `let`s, by their numbers in the compiled intent. */
  readonly locals: (ContractValue | undefined)[] = [];
  /** Places that are named with keys that cannot change in a run, by number of the name. */
  readonly named: (Slot | undefined)[] = [];
  /** Stored places, in the order of first stores. */
  readonly stored: Slot[] = [];
  events: ContractEvent[] | undefined;
  readonly #reached: (Reached | undefined)[] = [];

  constructor(call: ContractCall) {
    this.call = call;
    this.unitsMax = call.unitsMax ?? Number.POSITIVE_INFINITY;
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
    const reached = this.#reached[kind.at];
    const known = reached === undefined ? undefined : findSlot(reached, keys);
    if (known !== undefined) return known;
    this.spend(UNITS.read);
    const before = readState(this.call.state, kind, keys);
    const slot: Slot = { kind, keys, before, after: undefined };
    if (reached === undefined) this.#reached[kind.at] = { slots: [slot], index: undefined };
    else addSlot(reached, slot);
    return slot;
  }

  /** Stores a value in a place. */
  store(slot: Slot, value: ContractValue): void {
    this.spend(slot.after === undefined ? UNITS.store + UNITS.write : UNITS.store);
    if (slot.after === undefined) this.stored.push(slot);
    slot.after = value;
  }
}
