import { assert, NATIVE_ASSET, toAmount } from "@aethel/models";
import {
  type ContractChanges,
  encodeStored,
  isDefault,
  type TypedContract,
  type TypedIntent,
} from "@aethel/verifier";
import { encodeKeys } from "../../state/contract-codings.ts";
import type { ContractReceipt } from "../call-run.ts";
import { writeSetOf } from "./write-set.ts";

/**
 * Returns the changes of a call as its receipt lists them. `findChangeDefect` MUST have found no
 * defect in them.
 */
export function receiptOf(
  contract: TypedContract,
  intent: TypedIntent,
  changes: ContractChanges,
): ContractReceipt {
  const { events: types } = writeSetOf(intent);
  return {
    cells: changes.cells.map(({ map: name, keys, after }) => {
      const at = contract.maps.findIndex((one) => one.name === name);
      const map = contract.maps[at];
      assert(map !== undefined, "a checked map is declared");
      return { map: at, keys: encodeKeys(map, keys), isPresent: !isDefault(after, map.value) };
    }),
    vaults: changes.vaults.map(({ asset, before, after }) => {
      return { asset: asset?.id ?? NATIVE_ASSET, before: toAmount(before), after: toAmount(after) };
    }),
    events: changes.events.map(({ name, value }, at) => {
      const type = types[at];
      assert(type !== undefined, "a checked event is one of the intent");
      return { name: new TextEncoder().encode(name), bytes: encodeStored(value, type) };
    }),
  };
}
