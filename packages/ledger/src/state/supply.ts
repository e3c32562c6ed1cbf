import { assert, toAmount } from "@aethel/models";
import { Supply } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** The supply record, which every state has. */
export function readSupply(overlay: StateOverlay): Supply {
  const supply = overlay.read(stateKey.supply, Supply);
  assert(supply !== undefined, "a state has its supply");
  return supply;
}

/** Adds to the minted sum; the same amount MUST be credited. */
export function noteMinted(overlay: StateOverlay, amount: bigint): void {
  const supply = readSupply(overlay);
  overlay.write(stateKey.supply, Supply, { ...supply, minted: toAmount(supply.minted + amount) });
}

/** Adds to the burned sum; the same amount MUST have been debited. */
export function noteBurned(overlay: StateOverlay, amount: bigint): void {
  overlay.change(stateKey.supply, Supply, (supply) => {
    assert(supply !== undefined, "a state has its supply");
    const { genesis, minted, burned } = supply;
    return { genesis, minted, burned: toAmount(burned + amount) };
  });
}
