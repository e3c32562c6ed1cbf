import { type CallReceipt, decodeKeys } from "@aethel/ledger";
import { type Digest, toHex } from "@aethel/models";
import { decodeStored, type TypedContract, type TypedIntent } from "@aethel/verifier";
import type { CallBody } from "./call-api.ts";
import { keyText, valueJson } from "./contract-value.ts";

/** Intent of a contract that a call ran. */
export interface RunIntent {
  readonly contract: TypedContract;
  readonly intent: TypedIntent;
}

/** Finds the intent of a contract by the digest in a call. Undefined if it is of no contract. */
export type FindIntent = (intent: Digest) => RunIntent | undefined;

/**
 * Converts the receipt of one call to JSON. `find` looks up the contract, so that places and events
 * get the names of its source. Undefined: they are given as bytes only.
 */
export function callBody(call: CallReceipt, find: FindIntent | undefined): CallBody {
  const run = find?.(call.intent);
  const about = run && {
    contract: toHex(run.contract.digest),
    name: `${run.contract.name}.${run.intent.name}`,
  };
  return {
    intent: toHex(call.intent),
    units: call.units,
    ...about,
    cells: call.cells.map(({ map, keys, isPresent: present }) => {
      const place = run === undefined ? {} : { place: placeIn(run.contract, map, keys) };
      return { map, keys: toHex(keys), present, ...place };
    }),
    vaults: call.vaults.map(({ asset, before, after }) => {
      return { asset: toHex(asset), before: String(before), after: String(after) };
    }),
    events: call.events.map(({ name, bytes }, at) => ({
      name: new TextDecoder().decode(name),
      bytes: toHex(bytes),
      ...(run === undefined ? {} : eventValue(run.intent, at, bytes)),
    })),
  };
}

/** Writes a cell as the language does: `deals[7]`. */
function placeIn(contract: TypedContract, index: number, bytes: Uint8Array): string {
  const map = contract.maps[index];
  if (map === undefined) return "";
  const keys = decodeKeys(map, bytes);
  const texts = map.keys.map((type, at) => `[${keyText(keys[at] ?? "", type)}]`);
  return `${map.name}${texts.join("")}`;
}

/** Decodes an event. A run emits one event for each `emit` statement, in the statements' order. */
function eventValue(
  { effect }: TypedIntent,
  at: number,
  bytes: Uint8Array,
): Pick<CallBody["events"][number], "value"> {
  const emitted = effect.flatMap((one) => (one.type === "emit" ? [one.event] : []))[at];
  if (emitted?.type !== "record") return {};
  const value = decodeStored(bytes, emitted.of);
  return value === undefined ? {} : { value: valueJson(value, emitted.of) };
}
