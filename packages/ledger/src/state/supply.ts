import { assert, toAmount } from "@aethel/models";
import { Supply } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Reads the supply record, which every state has. */
export function readSupply(overlay: StateOverlay): Supply {
  const supply = overlay.read(stateKey.supply, Supply);
  assert(supply !== undefined, "a state has its supply");
  return supply;
}

/** Adds to the sum of minted micro-tokens. The caller MUST credit the same amount to accounts. */
export function noteMinted(overlay: StateOverlay, amount: bigint): void {
  const supply = readSupply(overlay);
  overlay.write(stateKey.supply, Supply, { ...supply, minted: toAmount(supply.minted + amount) });
}

/**
 * Adds to the sum of burned micro-tokens. The caller MUST have debited the same amount from
 * accounts.
 */
export function noteBurned(overlay: StateOverlay, amount: bigint): void {
  overlay.change(stateKey.supply, Supply, (supply) => {
    assert(supply !== undefined, "a state has its supply");
    const { genesis, minted, burned } = supply;
    return { genesis, minted, burned: toAmount(burned + amount) };
  });
}
