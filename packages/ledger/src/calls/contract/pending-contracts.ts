import { assert, NATIVE_ASSET, toAmount } from "@aethel/models";
import {
  type ContractChanges,
  type ContractValue,
  type DeclaredAsset,
  type FieldValue,
  isDefault,
  type TypedContract,
  type TypedMap,
} from "@aethel/verifier";
import { keyName } from "../../collections/key-name.ts";
import { cellBytes, cellCoding, encodeKeys, scalarsCoding } from "../../state/contract-codings.ts";
import { readVault } from "../../state/contracts.ts";
import { Holding } from "../../state/records.ts";
import { stateKey } from "../../state/state-key.ts";
import type { Coding, StateOverlay } from "../../state/state-overlay.ts";

/**
 * Buffered writes of a transaction to the state of contracts. The overlay does not change until
 * `apply`, but each call sees the writes of the calls before it.
 */
export interface PendingContracts {
  /** Returns what a contract stores after the calls that were added so far. */
  of(contract: TypedContract): PendingContract;
  /**
   * Returns the bytes of the cells that appear, less the bytes of those that disappear. It MUST be
   * called before `apply`.
   */
  grownBytes(): number;
  /** Writes everything into the overlay. */
  apply(): void;
}

/** State of one contract, as the calls of a transaction see it. */
export interface PendingContract {
  readonly scalar: (name: string) => ContractValue;
  /** Returns the amount of an asset in the vault. Undefined: the native asset. */
  readonly vault: (asset: DeclaredAsset | undefined) => bigint;
  /** Returns a cell, or undefined if the cell equals its default. */
  readonly cell: (map: string, keys: readonly FieldValue[]) => ContractValue | undefined;
  /** Adds the changes of a call. `findChangeDefect` MUST have found no defect in them. */
  readonly add: (changes: Pick<ContractChanges, "vaults" | "scalars" | "cells">) => void;
}

/** Creates an empty buffer. */
export function createPendingContracts(overlay: StateOverlay): PendingContracts {
  const contracts = new Map<string, Buffered>();
  return {
    of: (contract) => {
      const name = keyName(contract.digest);
      const known = contracts.get(name);
      if (known !== undefined) return known;
      const buffered = bufferOf(contract, overlay);
      contracts.set(name, buffered);
      return buffered;
    },
    grownBytes: () => {
      let bytes = 0;
      for (const contract of contracts.values()) bytes += contract.grownBytes();
      return bytes;
    },
    apply: () => {
      for (const contract of contracts.values()) contract.apply();
    },
  };
}

interface Buffered extends PendingContract {
  readonly grownBytes: () => number;
  readonly apply: () => void;
}

/** Cell that a transaction has written. `before`: its value before the transaction. */
interface PendingCell {
  readonly key: Uint8Array;
  readonly map: TypedMap;
  readonly before: ContractValue | undefined;
  after: ContractValue | undefined;
}

function bufferOf(contract: TypedContract, overlay: StateOverlay): Buffered {
  const { digest } = contract;
  const scalars = new Map<string, ContractValue>();
  const vaults = new Map<string, { readonly asset: DeclaredAsset | undefined; amount: bigint }>();
  const cells = new Map<string, PendingCell>();
  const readCell = (map: TypedMap, key: Uint8Array): ContractValue | undefined =>
    overlay.read(key, codingOf(map));
  return {
    scalar: (name) => scalars.get(name) ?? storedScalar(contract, overlay, name),
    vault: (asset) =>
      vaults.get(asset?.name ?? "")?.amount ??
      readVault(overlay, digest, asset?.id ?? NATIVE_ASSET),
    cell: (name, keys) => {
      const { map, key } = placeOf(contract, name, keys);
      const known = cells.get(keyName(key));
      return known === undefined ? readCell(map, key) : known.after;
    },
    add: (changes) => {
      for (const { name, after } of changes.scalars) scalars.set(name, after);
      for (const { asset, after } of changes.vaults) {
        vaults.set(asset?.name ?? "", { asset, amount: after });
      }
      for (const { map: name, keys, after } of changes.cells) {
        const { map, key } = placeOf(contract, name, keys);
        const value = isDefault(after, map.value) ? undefined : after;
        const known = cells.get(keyName(key));
        if (known !== undefined) known.after = value;
        else cells.set(keyName(key), { key, map, before: readCell(map, key), after: value });
      }
    },
    grownBytes: () => {
      let bytes = 0;
      for (const { map, before, after } of cells.values()) {
        if (before === undefined && after !== undefined) bytes += cellBytes(map);
        if (before !== undefined && after === undefined) bytes -= cellBytes(map);
      }
      return bytes;
    },
    apply: () => {
      if (scalars.size > 0) writeScalars(contract, overlay, scalars);
      for (const { asset, amount } of vaults.values()) {
        const key = stateKey.vault(digest, asset?.id ?? NATIVE_ASSET);
        overlay.write(key, Holding, { amount: toAmount(amount) });
      }
      for (const { key, map, after } of cells.values()) overlay.write(key, codingOf(map), after);
    },
  };
}

function storedScalars(contract: TypedContract, overlay: StateOverlay): readonly ContractValue[] {
  const stored = overlay.read(stateKey.scalars(contract.digest), scalarsOf(contract));
  assert(stored !== undefined, "a published contract has its scalars");
  return stored;
}

function storedScalar(contract: TypedContract, overlay: StateOverlay, name: string): ContractValue {
  const at = contract.scalars.findIndex((scalar) => scalar.name === name);
  const value = storedScalars(contract, overlay)[at];
  assert(value !== undefined, "a checked scalar is declared");
  return value;
}

function writeScalars(
  contract: TypedContract,
  overlay: StateOverlay,
  changed: ReadonlyMap<string, ContractValue>,
): void {
  const before = storedScalars(contract, overlay);
  // No `flatMap`: a record is an array itself.
  const after = contract.scalars.map(({ name }, at) => {
    const value = changed.get(name) ?? before[at];
    assert(value !== undefined, "a published contract has all its scalars");
    return value;
  });
  overlay.write(stateKey.scalars(contract.digest), scalarsOf(contract), after);
}

/** Returns a map of a contract, and the state key of a cell of it. */
function placeOf(
  contract: TypedContract,
  name: string,
  keys: readonly FieldValue[],
): { readonly map: TypedMap; readonly key: Uint8Array } {
  const at = contract.maps.findIndex((one) => one.name === name);
  const map = contract.maps[at];
  assert(map !== undefined, "a checked map is declared");
  return { map, key: stateKey.cell(contract.digest, { map: at, keys: encodeKeys(map, keys) }) };
}

/** Caches of codings, which would otherwise be made anew for each value. */
const cellCodings = new WeakMap<TypedMap, Coding<ContractValue>>();
const scalarCodings = new WeakMap<TypedContract, Coding<readonly ContractValue[]>>();

function codingOf(map: TypedMap): Coding<ContractValue> {
  const coding = cellCodings.get(map) ?? cellCoding(map);
  cellCodings.set(map, coding);
  return coding;
}

function scalarsOf(contract: TypedContract): Coding<readonly ContractValue[]> {
  const coding = scalarCodings.get(contract) ?? scalarsCoding(contract);
  scalarCodings.set(contract, coding);
  return coding;
}
