import { type AssetId, NATIVE_ASSET } from "@aethel/models";
import {
  type ContractChanges,
  encodeStored,
  isDefault,
  type TypedContract,
  type TypedIntent,
} from "@aethel/verifier";
import { encodeKeys } from "../../state/contract-codings.ts";
import { writeSetOf } from "./write-set.ts";

/** Changes of a call of a contract, as its receipt lists them. */
export interface CallSummary {
  /** Cells that the call stored, in the order of first stores. */
  readonly cells: readonly {
    /** Index of the map in the contract. */
    readonly map: number;
    /** Keys of the cell, each encoded with the fixed size of its type. */
    readonly keys: Uint8Array;
    /** Whether the cell is in the state after the call. */
    readonly present: boolean;
  }[];
  /** Holdings of the contract that the call stored. */
  readonly vaults: readonly {
    readonly asset: AssetId;
    readonly before: bigint;
    readonly after: bigint;
  }[];
  /** Events in the order of their statements. */
  readonly events: readonly {
    /** Name of the declared record. */
    readonly name: string;
    /** Fields of the record, each encoded with the fixed size of its type. */
    readonly bytes: Uint8Array;
  }[];
}

/** Returns the summary of the changes of a call. The changes MUST have no defect. */
export function summaryOf(
  contract: TypedContract,
  intent: TypedIntent,
  changes: ContractChanges,
): CallSummary {
  return {
    cells: changes.cells.flatMap(({ map: name, keys, after }) => {
      const at = contract.maps.findIndex((one) => one.name === name);
      const map = contract.maps[at];
      if (map === undefined) return [];
      return [{ map: at, keys: encodeKeys(map, keys), present: !isDefault(after, map.value) }];
    }),
    vaults: changes.vaults.map(({ asset, before, after }) => {
      return { asset: asset?.id ?? NATIVE_ASSET, before, after };
    }),
    events: changes.events.flatMap(({ name, value }, at) => {
      const type = writeSetOf(intent).events[at];
      return type === undefined ? [] : [{ name, bytes: encodeStored(value, type) }];
    }),
  };
}
