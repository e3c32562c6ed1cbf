import { assert, UNITS } from "@aethel/models/primitives";
import { ImpossibleState, OutOfUnits } from "../../intent/execution/intent-run.ts";
import { isAmount } from "../../intent/ledger-invariants.ts";
import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { Span } from "../../obligation.ts";
import type { ReadPlace, TypedEnvironment } from "../evaluate/evaluate-typed.ts";
import { checkKeys } from "../evaluate/fault.ts";
import type { TypedContract, TypedMap, TypedScalar } from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { defaultOf, equalValues } from "../typed/values.ts";
import type { ContractCall, ContractChanges, ContractEvent } from "./contract-state.ts";
import { sizeUnitsOf } from "./slot.ts";

/**
 * Place that a run has read or stored, with its value before the call. `after` is the current
 * value; undefined until the run stores one.
 */
interface Slot<Place> {
  readonly place: Place;
  readonly before: ContractValue;
  after: ContractValue | undefined;
}

type StoredPlace = Exclude<ReadPlace, { type: "has" }>;

/**
 * Run of a call on a state, step by step on the typed tree, with the changes that it has made so
 * far. The confirmation of counterexamples uses it, which stops between steps. `runCall` runs
 * compiled code instead; a test compares both.
 */
export class ContractRun {
  readonly contract: TypedContract;
  readonly call: ContractCall;
  readonly environment: TypedEnvironment;
  readonly events: ContractEvent[] = [];
  readonly #slots = new Map<string, Slot<StoredPlace>>();
  readonly #stored: Slot<StoredPlace>[] = [];
  readonly #locals = new Map<string, ContractValue>();
  readonly #unitsMax: number;
  #units = 0;

  constructor(contract: TypedContract, call: ContractCall) {
    this.contract = contract;
    this.call = call;
    this.#unitsMax = call.unitsMax ?? Number.POSITIVE_INFINITY;
    for (const [name, value] of call.arguments) this.#locals.set(name, value);
    this.environment = {
      local: (name) => this.#local(name),
      read: (place, isOld, span) => this.read(place, isOld, span),
      sum: () => {
        throw new Error("no statement that runs has a sum");
      },
      sequence: () => call.sequence,
      now: () => call.now,
      isSigned: (account) => call.signers.has(account),
      isSignature: (message) => call.isSignature(message),
      isNewKey: (account) => call.isNewKey?.(account) ?? false,
      spend: (units) => this.spend(units),
    };
  }

  /** Arguments and `let`s so far, by name. */
  get locals(): ReadonlyMap<string, ContractValue> {
    return this.#locals;
  }

  get units(): number {
    return this.#units;
  }

  /** Counts units of work before the work is done. Throws `OutOfUnits` beyond the limit. */
  spend(units: number): void {
    if (units > this.#unitsMax - this.#units) {
      this.#units = this.#unitsMax;
      throw new OutOfUnits();
    }
    this.#units += units;
  }

  bind(name: string, value: ContractValue): void {
    this.#locals.set(name, value);
  }

  /** Reads a place: its value before the call (`isOld`), or the one of the latest store. */
  read(place: ReadPlace, isOld: boolean, span: Span): ContractValue {
    if (place.type === "has") {
      const { map, keys } = place;
      const value = this.read({ type: "cell", map, keys }, isOld, span);
      return !equalValues(value, defaultOf(this.map(map).value));
    }
    if (place.type === "cell") checkKeys(this.map(place.map).keys, place.keys, span);
    const slot = this.#slot(place);
    return isOld ? slot.before : (slot.after ?? slot.before);
  }

  store(place: StoredPlace, value: ContractValue): void {
    const slot = this.#slot(place);
    const first = slot.after === undefined ? UNITS.write + this.#sizeUnits(place) : 0;
    this.spend(UNITS.store + first);
    if (slot.after === undefined) this.#stored.push(slot);
    slot.after = value;
  }

  /** Returns all places that the run has stored, in the order of first stores. */
  changes(): ContractChanges {
    const { contract } = this;
    const changes: {
      -readonly [K in keyof ContractChanges]: ContractChanges[K][number][];
    } = { holdings: [], supplies: [], vaults: [], scalars: [], cells: [], events: this.events };
    for (const { place, before, after = before } of this.#stored) {
      switch (place.type) {
        case "scalar":
          changes.scalars.push({ name: place.name, before, after });
          break;
        case "cell":
          changes.cells.push({ map: place.map, keys: place.keys, before, after });
          break;
        case "holding": {
          const asset = optionalAsset(contract, place.asset);
          const { account } = place;
          changes.holdings.push({ account, asset, before: amount(before), after: amount(after) });
          break;
        }
        case "vault": {
          const asset = optionalAsset(contract, place.asset);
          changes.vaults.push({ asset, before: amount(before), after: amount(after) });
          break;
        }
        case "supply": {
          const asset = assetNamed(contract, place.asset);
          changes.supplies.push({ asset, before: amount(before), after: amount(after) });
        }
      }
    }
    return changes;
  }

  map(name: string): TypedMap {
    const map = this.contract.maps.find((one) => one.name === name);
    assert(map !== undefined, "a checked map is declared");
    return map;
  }

  scalar(name: string): TypedScalar {
    const scalar = this.contract.scalars.find((one) => one.name === name);
    assert(scalar !== undefined, "a checked scalar is declared");
    return scalar;
  }

  #local(name: string): ContractValue {
    const value = this.#locals.get(name);
    assert(value !== undefined, "a checked name has a value");
    return value;
  }

  #slot(place: StoredPlace): Slot<StoredPlace> {
    const key = keyOf(place);
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    this.spend(UNITS.read + this.#sizeUnits(place));
    const slot: Slot<StoredPlace> = { place, before: this.#readFirst(place), after: undefined };
    this.#slots.set(key, slot);
    return slot;
  }

  #sizeUnits(place: StoredPlace): number {
    if (place.type === "cell") return sizeUnitsOf(this.map(place.map).value);
    return place.type === "scalar" ? sizeUnitsOf(this.scalar(place.name).type) : 0;
  }

  #readFirst(place: StoredPlace): ContractValue {
    const { state } = this.call;
    switch (place.type) {
      case "holding": {
        const asset = optionalAsset(this.contract, place.asset);
        return checkedAmount(
          asset === undefined
            ? state.holding(place.account, place.field)
            : state.holding(place.account, place.field, asset),
        );
      }
      case "supply":
        return checkedAmount(state.supply(assetNamed(this.contract, place.asset)));
      case "vault": {
        const asset = optionalAsset(this.contract, place.asset);
        return checkedAmount(asset === undefined ? state.vault() : state.vault(asset));
      }
      case "scalar":
        return state.scalar(place.name);
      case "cell":
        return state.cell(place.map, place.keys) ?? defaultOf(this.map(place.map).value);
    }
  }
}

/** Returns a text that is equal for equal places only. */
function keyOf(place: StoredPlace): string {
  switch (place.type) {
    case "holding":
      return `holding ${place.field} ${place.asset} ${place.account}`;
    case "supply":
    case "vault":
      return `${place.type} ${place.asset}`;
    case "scalar":
      return `scalar ${place.name}`;
    case "cell":
      return `cell ${place.map} ${place.keys.map((key: FieldValue) => String(key)).join(" ")}`;
  }
}

function optionalAsset(contract: TypedContract, name: string): DeclaredAsset | undefined {
  return name === "" ? undefined : assetNamed(contract, name);
}

function assetNamed(contract: TypedContract, name: string): DeclaredAsset {
  const asset = contract.assets.find((one) => one.name === name);
  assert(asset !== undefined, "a checked asset is declared");
  return asset;
}

function amount(value: ContractValue): bigint {
  assert(typeof value === "bigint", "a stored amount is a number");
  return value;
}

function checkedAmount(value: bigint): bigint {
  if (isAmount(value)) return value;
  throw new ImpossibleState(`a stored amount ${value} is not in 0 .. 2^64-1`);
}
