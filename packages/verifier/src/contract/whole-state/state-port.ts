import type { ContractState } from "../execution/contract-state.ts";
import type { TypedContract } from "../typed/typed-contract.ts";
import { cellOf, type WholeState } from "./whole-state.ts";

/**
 * Returns a whole state as the interpreter reads it. `outside`: holdings of accounts, and supplies of
 * assets that the state has not.
 */
export function statePort(
  contract: TypedContract,
  state: WholeState,
  outside: Pick<ContractState, "holding"> & { readonly supply: (asset: string) => bigint },
): ContractState {
  return {
    holding: outside.holding,
    supply: ({ name }) => state.supplies.get(name) ?? outside.supply(name),
    vault: (asset) => state.vaults.get(asset?.name ?? "") ?? 0n,
    scalar: (name) => state.scalars.get(name) ?? 0n,
    cell: (map, keys) => cellOf(contract, state, { map, keys }),
  };
}
