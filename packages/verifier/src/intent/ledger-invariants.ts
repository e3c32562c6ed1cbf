import type { TypedParameter } from "../language/check/check.ts";
import type { Value } from "../language/evaluate.ts";
import { assetOfHolding } from "../language/syntax/assets.ts";
import { amountMax, type HoldingName, intMax, sequenceMax } from "../language/syntax/fields.ts";
import type { Term } from "../term.ts";
import { add, and, atMost, choose, equal, integer, not, select } from "./build-term.ts";

/**
 * Everything that the Judge may assume about the world, and the only place where it does:
 *
 * 1. arguments and the sequence are in the range of their type (the wire format cannot hold more);
 * 2. every stored amount is in 0 .. 2^64-1;
 * 3. per asset, the holdings of all accounts sum to its supply (of the native asset: balances and
 *    stakes together);
 * 4. every supply is in 0 .. 2^64-1.
 *
 * The ledger checks 2, 3 and 4 after every block. Each exists as a formula over symbols and as a
 * check of concrete values, so that a solver's model is confirmed without the solver.
 */
export const supplyMax: bigint = amountMax;

/** The range of an argument, or nothing for types that have none (1). */
export function argumentRange(parameter: TypedParameter, value: Term): Term | undefined {
  switch (parameter.type) {
    case "Amount":
      return inAmountRange(value);
    case "Int":
      return and(atMost(integer(-intMax), value), atMost(value, integer(intMax)));
    case "Account":
    case "Bool":
      return undefined;
  }
}

/** The range of the sequence (1). */
export function sequenceRange(value: Term): Term {
  return and(atMost(integer(0n), value), atMost(value, integer(sequenceMax)));
}

/** `0 <= value <= 2^64-1`: assumed of what was stored (2), to be shown of what will be (obligation 4). */
export function inAmountRange(value: Term): Term {
  return and(atMost(integer(0n), value), atMost(value, integer(amountMax)));
}

/**
 * Invariants 2 and 3 of the state before an intent, of one asset and for the accounts that it
 * touches. `supply` is its supply when the intent looks at it; else all that is known is (4).
 */
export function stateInvariants(options: {
  readonly accounts: readonly Term[];
  readonly arrays: readonly Term[];
  readonly supply?: Term;
}): readonly Term[] {
  const { accounts, arrays, supply = integer(supplyMax) } = options;
  if (accounts.length === 0 || arrays.length === 0) return [];
  const ranges = accounts.flatMap((account) =>
    arrays.map((array) => inAmountRange(select(array, account))),
  );
  // Each distinct account counts once, whichever of the parameters name it: all alias
  // partitions are in this one formula. What untouched accounts hold is at least zero.
  const holdings = accounts.map((account, at) => {
    const held = add(...arrays.map((array) => select(array, account)));
    const earlier = accounts.slice(0, at).map((other) => not(equal(account, other)));
    return earlier.length === 0 ? held : choose(and(...earlier), held, integer(0n));
  });
  return [...ranges, atMost(add(...holdings), supply)];
}

/** The range of a supply (4). */
export function supplyRange(supply: Term): Term {
  return and(atMost(integer(0n), supply), atMost(supply, integer(supplyMax)));
}

/** Whether a concrete argument has the type and range of its parameter (1). */
export function isArgument(parameter: TypedParameter, value: Value): boolean {
  switch (parameter.type) {
    case "Account":
      return typeof value === "string" && value.length > 0;
    case "Amount":
      return typeof value === "bigint" && isAmount(value);
    case "Int":
      return typeof value === "bigint" && value >= -intMax && value <= intMax;
    case "Bool":
      return typeof value === "boolean";
  }
}

/** Whether a concrete sequence is possible (1). */
export function isSequence(value: bigint): boolean {
  return value >= 0n && value <= sequenceMax;
}

/** Whether a value can be stored (2). */
export function isAmount(value: bigint): boolean {
  return value >= 0n && value <= amountMax;
}

/**
 * Whether a concrete state, one entry for each distinct account, obeys 2, 3 and 4. `supplies`, by
 * asset, are those that are known.
 */
export function isPossibleState(
  accounts: Iterable<Readonly<Partial<Record<HoldingName, bigint>>>>,
  supplies: ReadonlyMap<string, bigint> = new Map(),
): boolean {
  const sums = new Map<string, bigint>();
  for (const account of accounts) {
    for (const [name, value = 0n] of Object.entries(account)) {
      if (!isAmount(value)) return false;
      // Balance and stake are both of the native asset.
      const asset = assetOfHolding(name);
      sums.set(asset, (sums.get(asset) ?? 0n) + value);
    }
  }
  for (const supply of supplies.values()) if (!isAmount(supply)) return false;
  return [...sums].every(([asset, sum]) => sum <= (supplies.get(asset) ?? supplyMax));
}
