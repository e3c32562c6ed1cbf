import { assert, UNITS } from "@aethel/models/primitives";
import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { FieldName } from "../../language/syntax/fields.ts";
import type { TypedContract, TypedMap, TypedScalar } from "../typed/typed-contract.ts";
import { defaultOf } from "../typed/values.ts";
import type { RunMemory } from "./call-run.ts";
import { type PlaceKind, sizeUnitsOf } from "./slot.ts";
import type { ValueWidth } from "./value-width.ts";

/** Parameter or `let`: its number in the runs of an intent, and the width of its value. */
export interface Local {
  readonly at: number;
  readonly width: ValueWidth;
}

type WithoutNumber<Kind> = Kind extends unknown ? Omit<Kind, "at" | "isSole"> : never;

/**
 * Names of an intent while it is compiled: locals, kinds of places, and places whose keys cannot
 * change in a run. Also counts the units of reads and first stores.
 */
export class CompileScope {
  readonly contract: TypedContract;
  readonly #locals = new Map<string, Local>();
  readonly #kinds = new Map<string, PlaceKind>();
  readonly #named = new Map<string, number>();
  readonly #namedKinds = new Set<PlaceKind>();
  readonly #storedNames = new Set<number>();
  #localCount = 0;
  #placeUnits = 0;

  constructor(contract: TypedContract) {
    this.contract = contract;
  }

  /** Most units of all first reads and first stores of places. */
  get placeUnits(): number {
    return this.#placeUnits;
  }

  /** Returns the empty memory of a run. */
  memory(): RunMemory {
    const empty = (length: number): readonly undefined[] => Array.from({ length }, () => undefined);
    return { locals: empty(this.#localCount), named: empty(this.#named.size) };
  }

  /** Declares a parameter or `let`. It hides an earlier one of the same name. */
  declare(name: string, width: ValueWidth): number {
    const at = this.#localCount;
    this.#localCount += 1;
    this.#locals.set(name, { at, width });
    return at;
  }

  local(name: string): Local {
    const local = this.#locals.get(name);
    assert(local !== undefined, "a checked name is declared");
    return local;
  }

  /**
   * Returns the number of a place with these keys, which is the same for every mention of it.
   * Undefined if a key can change in a run; each mention is then counted as a place of its own.
   */
  nameOf(kind: PlaceKind, keys: readonly (string | undefined)[]): number | undefined {
    if (keys.includes(undefined)) {
      kind.isSole = false;
      this.#placeUnits += UNITS.read + kind.sizeUnits;
      return undefined;
    }
    const text = [kind.at, ...keys].join(" ");
    const known = this.#named.get(text);
    if (known !== undefined) return known;
    this.#placeUnits += UNITS.read + kind.sizeUnits;
    const at = this.#named.size;
    this.#named.set(text, at);
    if (this.#namedKinds.has(kind)) kind.isSole = false;
    this.#namedKinds.add(kind);
    return at;
  }

  /** Counts the first store of a place, once for all mentions of a named one. */
  countStore(kind: PlaceKind, name: number | undefined): void {
    if (name !== undefined && this.#storedNames.has(name)) return;
    if (name !== undefined) this.#storedNames.add(name);
    this.#placeUnits += UNITS.write + kind.sizeUnits;
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

  cellKind(map: string): PlaceKind {
    const { value } = this.map(map);
    const absent = defaultOf(value);
    const sizeUnits = sizeUnitsOf(value);
    return this.#kind(`cell ${map}`, { type: "cell", map, absent, sizeUnits });
  }

  scalarKind(name: string): PlaceKind {
    const sizeUnits = sizeUnitsOf(this.scalar(name).type);
    return this.#kind(`scalar ${name}`, { type: "scalar", name, sizeUnits });
  }

  holdingKind(field: FieldName, asset: string): PlaceKind {
    const declared = asset === "" ? undefined : this.#asset(asset);
    return this.#kind(`holding ${field} ${asset}`, {
      type: "holding",
      field,
      asset: declared,
      sizeUnits: 0,
    });
  }

  vaultKind(asset: string): PlaceKind {
    const declared = asset === "" ? undefined : this.#asset(asset);
    return this.#kind(`vault ${asset}`, { type: "vault", asset: declared, sizeUnits: 0 });
  }

  supplyKind(asset: string): PlaceKind {
    return this.#kind(`supply ${asset}`, {
      type: "supply",
      asset: this.#asset(asset),
      sizeUnits: 0,
    });
  }

  #kind(name: string, kind: WithoutNumber<PlaceKind>): PlaceKind {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const numbered = { ...kind, at: this.#kinds.size, isSole: true };
    this.#kinds.set(name, numbered);
    return numbered;
  }

  #asset(name: string): DeclaredAsset {
    const asset = this.contract.assets.find((one) => one.name === name);
    assert(asset !== undefined, "a checked asset is declared");
    return asset;
  }
}
