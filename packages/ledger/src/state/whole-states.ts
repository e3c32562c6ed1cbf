import type { Tree } from "@aethel/merkle";
import { assert, type Digest, equalBytes, NATIVE_ASSET, toHex } from "@aethel/models";
import {
  type ContractValue,
  cellKey,
  compileContract,
  type TypedContract,
  type WholeCell,
  type WholeState,
} from "@aethel/verifier";
import { cellCoding, decodeKeys, scalarsCoding } from "./contract-codings.ts";
import { ContractRecord } from "./contract-records.ts";
import { AssetRecord, Holding } from "./records.ts";
import { KEY_KIND } from "./state-key.ts";

/** Contract with everything that it stores. */
export interface ContractState {
  readonly contract: TypedContract;
  readonly state: WholeState;
}

/** Entry of a state tree. */
interface StateEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Bytes that a state has of one contract. */
interface Stored {
  record: Uint8Array | undefined;
  scalars: Uint8Array | undefined;
  readonly vaults: Map<string, bigint>;
  readonly cells: StateEntry[];
}

/**
 * Decodes everything that the contracts of a whole state store, in the order of their digests.
 * Compiles each contract. For audits, worlds and tests.
 */
export function contractStatesIn(entries: Iterable<StateEntry>): readonly ContractState[] {
  return collect(entries, () => true);
}

/**
 * Decodes everything that a contract stores; undefined if it is not published. Goes through the
 * whole state, since its keys are ordered by their hashes.
 */
export function readContractState(tree: Tree, contract: Digest): ContractState | undefined {
  const [found] = collect(tree.entries(), (digest) => equalBytes(digest, contract));
  return found;
}

function collect(
  entries: Iterable<StateEntry>,
  isWanted: (contract: Uint8Array) => boolean,
): readonly ContractState[] {
  const contracts = new Map<string, Stored>();
  const supplies = new Map<string, bigint>();
  for (const entry of entries) {
    const { key, value } = entry;
    if (key[0] === KEY_KIND.asset)
      supplies.set(toHex(key.slice(1)), AssetRecord.decode(value).supply);
    const digest = key.subarray(1, 33);
    if (!PARTS.has(key[0] ?? 0) || !isWanted(digest)) continue;
    const name = toHex(digest);
    const stored: Stored = contracts.get(name) ?? {
      record: undefined,
      scalars: undefined,
      vaults: new Map(),
      cells: [],
    };
    contracts.set(name, stored);
    if (key[0] === KEY_KIND.contract) stored.record = value;
    if (key[0] === KEY_KIND.scalars) stored.scalars = value;
    if (key[0] === KEY_KIND.cell) stored.cells.push(entry);
    if (key[0] === KEY_KIND.vault)
      stored.vaults.set(toHex(key.slice(33)), Holding.decode(value).amount);
  }
  return [...contracts]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, stored]) => contractState(stored, supplies));
}

const PARTS: ReadonlySet<number> = new Set([
  KEY_KIND.contract,
  KEY_KIND.scalars,
  KEY_KIND.vault,
  KEY_KIND.cell,
]);

function contractState(
  { record, scalars, vaults, cells }: Stored,
  supplies: ReadonlyMap<string, bigint>,
): ContractState {
  assert(record !== undefined, "what a contract stores is beside its record");
  const compiled = compileContract(ContractRecord.decode(record).canonical);
  assert(compiled.type === "contract", "a stored contract compiles");
  const { contract } = compiled;
  const values = scalarsCoding(contract).decode(scalars ?? new Uint8Array());
  const amountOf = (asset: Uint8Array): bigint => vaults.get(toHex(asset)) ?? 0n;
  const own = contract.assets.filter(({ isOwn }) => isOwn);
  const state: WholeState = {
    scalars: new Map(
      contract.scalars.flatMap(({ name }, at): [string, ContractValue][] => {
        const value = values[at];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    maps: mapsOf(contract, cells),
    vaults: new Map([
      ["", amountOf(NATIVE_ASSET)],
      ...contract.assets.map(({ name, id }): [string, bigint] => [name, amountOf(id)]),
    ]),
    supplies: new Map(own.map(({ name, id }) => [name, supplies.get(toHex(id)) ?? 0n])),
  };
  return { contract, state };
}

function mapsOf(contract: TypedContract, cells: readonly StateEntry[]): WholeState["maps"] {
  const maps = new Map(contract.maps.map(({ name }) => [name, new Map<string, WholeCell>()]));
  for (const { key, value } of cells) {
    const map = contract.maps[key[33] ?? contract.maps.length];
    assert(map !== undefined, "a cell is one of a declared map");
    const keys = decodeKeys(map, key.subarray(34));
    maps.get(map.name)?.set(cellKey(keys), { keys, value: cellCoding(map).decode(value) });
  }
  return maps;
}
