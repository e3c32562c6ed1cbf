import { type AssetId, NATIVE_ASSET, toAmount } from "@aethel/models";
import { contractIntentDigest, type TypedContract } from "@aethel/verifier";
import { newAsset, registeredAsset } from "../state/assets.ts";
import { cellCoding, encodeKeys, scalarsCoding } from "../state/contract-codings.ts";
import { ContractIntentRecord, ContractRecord } from "../state/contract-records.ts";
import { AssetRecord, certificateCoding, Holding } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { Coding, StateOverlay } from "../state/state-overlay.ts";
import { intentRecord } from "./contract-interface.ts";

/** New key of the state with its value, which is written when `write` is called. */
export interface NewEntry {
  /** Bytes of the key and of the value. */
  readonly bytes: number;
  readonly write: () => void;
}

/** Everything that a publication of a contract adds to the state, without its source's record. */
export interface ContractEntries {
  /** Record, certificate, intents, new assets, scalars and vaults, for which a fee is paid. */
  readonly records: readonly NewEntry[];
  /** Bytes of the scalars, and of the records of the intents. */
  readonly valueBytes: number;
  /** Cells of the initial state, for which a deposit is paid. */
  readonly cells: readonly NewEntry[];
}

/** Sums the sizes of entries. */
export function bytesIn(entries: readonly { readonly bytes: number }[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Creates an entry of an overlay. It is not written yet. */
export function newEntry<T>(
  overlay: StateOverlay,
  entry: { readonly key: Uint8Array; readonly coding: Coding<T>; readonly value: T },
): NewEntry {
  const { key, coding, value } = entry;
  return {
    bytes: key.length + coding.encode(value).length,
    write: () => overlay.write(key, coding, value),
  };
}

/** Returns the entries of a contract that is not published yet. */
export function contractEntries(
  overlay: StateOverlay,
  contract: TypedContract,
  { record, certificate }: { readonly record: ContractRecord; readonly certificate: Uint8Array },
): ContractEntries {
  const { digest } = contract;
  const entry = <T>(key: Uint8Array, coding: Coding<T>, value: T): NewEntry =>
    newEntry(overlay, { key, coding, value });
  const intents = contract.intents.map(({ name }, index) => {
    const key = stateKey.contractIntent(contractIntentDigest(digest, name));
    return entry(key, ContractIntentRecord, intentRecord(contract, index));
  });
  const assets = contract.assets
    .filter(({ id }) => registeredAsset(overlay, id) === undefined)
    .map((asset) => entry(stateKey.asset(asset.id), AssetRecord, newAsset(asset)));
  const held: readonly AssetId[] = [NATIVE_ASSET, ...contract.assets.map(({ id }) => id)];
  const vaults = held.map((asset) =>
    entry(stateKey.vault(digest, asset), Holding, { amount: toAmount(0n) }),
  );
  const scalars = contract.scalars.map(({ initial }) => initial);
  // A contract without scalars has no value to store.
  const stored = scalars.length === 0 ? [] : [scalars];
  const coding = scalarsCoding(contract);
  return {
    records: [
      entry(stateKey.contract(digest), ContractRecord, record),
      entry(stateKey.contractCertificate(digest), certificateCoding, certificate),
      ...intents,
      ...assets,
      ...vaults,
      ...stored.map((values) => entry(stateKey.scalars(digest), coding, values)),
    ],
    valueBytes: coding.encode(scalars).length + bytesIn(intents),
    cells: initialCells(contract).map(({ key, coding: cell, value }) => entry(key, cell, value)),
  };
}

/** Returns the cells of the initial state that do not equal the default of their type. */
function initialCells(contract: TypedContract): readonly {
  readonly key: Uint8Array;
  readonly coding: ReturnType<typeof cellCoding>;
  readonly value: TypedContract["maps"][number]["initial"][number]["value"];
}[] {
  return contract.maps.flatMap((map, index) =>
    map.initial.map(({ keys, value }) => {
      const fields = keys.flatMap((key) => (typeof key === "object" ? [] : [key]));
      const place = { map: index, keys: encodeKeys(map, fields) };
      return { key: stateKey.cell(contract.digest, place), coding: cellCoding(map), value };
    }),
  );
}
