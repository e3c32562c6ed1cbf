import type { TypedContract } from "../typed/typed-contract.ts";
import { type SumTable, sumsOf } from "./sums.ts";
import { type SymbolicState, symbolicState } from "./symbolic-state.ts";

/** Contract with the symbols of its state before a call. */
export interface ContractTerms {
  readonly contract: TypedContract;
  readonly sums: SumTable;
  readonly before: SymbolicState;
}

/**
 * Creates the symbols of a contract's state. `shown` has the indexes in `SumTable` of the sums
 * whose terms the invariants keep from being negative.
 */
export function contractTerms(contract: TypedContract, shown: ReadonlySet<number>): ContractTerms {
  const sums = sumsOf(contract, shown);
  return { contract, sums, before: symbolicState(contract, sums) };
}
