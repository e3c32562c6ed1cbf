import type { AssetId, Digest } from "@aethel/models";
import { ContractIntentRecord, ContractRecord } from "./contract-records.ts";
import { Holding } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Intent of a published contract, with the contract's record. */
export interface PublishedIntent extends ContractIntentRecord {
  readonly record: ContractRecord;
}

/** Reads the record of a published contract; undefined if there is none. */
export function readContract(overlay: StateOverlay, contract: Digest): ContractRecord | undefined {
  return overlay.read(stateKey.contract(contract), ContractRecord);
}

/**
 * Finds the published contract to which an intent belongs, by the digest that a call names.
 * Undefined if no published contract has it.
 */
export function readContractIntent(
  overlay: StateOverlay,
  intent: Digest,
): PublishedIntent | undefined {
  const found = overlay.read(stateKey.contractIntent(intent), ContractIntentRecord);
  if (found === undefined) return undefined;
  const record = readContract(overlay, found.contract);
  return record === undefined ? undefined : { ...found, record };
}

/** Reads the amount of an asset in a contract's vault. `NATIVE_ASSET`: the native asset. */
export function readVault(overlay: StateOverlay, contract: Digest, asset: AssetId): bigint {
  return overlay.read(stateKey.vault(contract, asset), Holding)?.amount ?? 0n;
}
