import { type AssetId, assert, type Digest } from "@aethel/models";
import { ContractIntentRecord, ContractRecord } from "./contract-records.ts";
import { Holding } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Intent of a published contract. */
export interface PublishedIntent extends ContractIntentRecord {
  /** Reads the canonical text of the contract, which admission does without. */
  readonly canonical: () => Uint8Array;
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
  const canonical = (): Uint8Array => {
    const record = readContract(overlay, found.contract);
    assert(record !== undefined, "the contract of a recorded intent is recorded");
    return record.canonical;
  };
  return { ...found, canonical };
}

/** Reads the amount of an asset in a contract's vault. `NATIVE_ASSET`: the native asset. */
export function readVault(overlay: StateOverlay, contract: Digest, asset: AssetId): bigint {
  return overlay.read(stateKey.vault(contract, asset), Holding)?.amount ?? 0n;
}
