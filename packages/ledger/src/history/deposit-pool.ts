import { equalBytes, type StateChange } from "@aethel/models";
import type { EconomicParameters } from "@aethel/rewards";
import { Holding } from "../state/records.ts";
import { KEY_KIND, stateKey } from "../state/state-key.ts";
import type { ConservationDefect } from "./conservation-defect.ts";

/**
 * Checks that the sum of the deposits changes by the deposit price of the bytes of cells that
 * appear, less that of the bytes that disappear. Returns undefined if there is no defect.
 */
export function findDepositDefect(
  changes: readonly StateChange[],
  { depositPrice }: Pick<EconomicParameters, "depositPrice">,
): ConservationDefect | undefined {
  let [bytes, pool] = [0, 0n];
  for (const { key, before, after } of changes) {
    bytes += cellBytesAt(key, after) - cellBytesAt(key, before);
    if (equalBytes(key, stateKey.deposits)) pool += amountIn(after) - amountIn(before);
  }
  const expected = depositPrice * BigInt(bytes);
  return pool === expected ? undefined : { rule: "deposits", expected, actual: pool };
}

/**
 * Returns the sum of the deposits of a whole state, and the sum that the bytes of its cells make
 * necessary. The two are equal in every state. For audits and tests.
 */
export function depositsIn(
  entries: Iterable<{ key: Uint8Array; value: Uint8Array }>,
  { depositPrice }: Pick<EconomicParameters, "depositPrice">,
): { readonly held: bigint; readonly expected: bigint } {
  let [bytes, held] = [0, 0n];
  for (const { key, value } of entries) {
    bytes += cellBytesAt(key, value);
    if (equalBytes(key, stateKey.deposits)) held += amountIn(value);
  }
  return { held, expected: depositPrice * BigInt(bytes) };
}

function cellBytesAt(key: Uint8Array, value: Uint8Array | undefined): number {
  return key[0] === KEY_KIND.cell && value !== undefined ? key.length + value.length : 0;
}

function amountIn(value: Uint8Array | undefined): bigint {
  return value === undefined ? 0n : Holding.decode(value).amount;
}
