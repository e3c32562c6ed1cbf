import type { TypedParameter } from "../language/check/check.ts";
import type { Value } from "../language/evaluate.ts";
import { assetOfHolding } from "../language/syntax/assets.ts";
import { amountMax, type HoldingName, intMax, sequenceMax } from "../language/syntax/fields.ts";
import type { Term } from "../term.ts";
import { add, and, atMost, choose, equal, integer, not, select } from "./build-term.ts";

/**
 * Greatest supply of an asset. This module states all assumptions that obligations make about the
 * world:
 *
 * 1. arguments and the sequence are in the range of their type (the wire format holds no more);
 * 2. every stored amount is in 0 .. 2^64-1;
 * 3. for each asset, the holdings of all accounts sum to its supply (native: balances and stakes);
 * 4. every supply is in 0 .. 2^64-1.
 *
 * The ledger checks 2, 3 and 4 after every block. Each assumption exists as a formula over symbols
 * and as a check of concrete values, so that a solver's model can be confirmed without the solver.
 */
export const supplyMax: bigint = amountMax;

/**
 * Returns the formula that an argument is in the range of its type, which obligations assume.
 * Undefined for a type without a range.
 */
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

/** Returns the formula that the sequence is in 0 .. 2^53-1, which obligations assume. */
export function sequenceRange(value: Term): Term {
  return and(atMost(integer(0n), value), atMost(value, integer(sequenceMax)));
}

/**
 * Returns the formula `0 <= value <= 2^64-1`. Obligations assume it of stored amounts. It must be
 * proved of new ones (obligation `range`).
 */
export function inAmountRange(value: Term): Term {
  return and(atMost(integer(0n), value), atMost(value, integer(amountMax)));
}

/**
 * Returns what obligations assume of the state before a run, for one asset and the accounts that
 * the intent touches. Each amount is in 0 .. 2^64-1, and the holdings of the distinct accounts sum
 * to at most the supply. `supply` is the asset's supply if the intent touches it; otherwise the
 * greatest supply is used.
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
  // Each distinct account counts once, whichever parameters name it, so this formula covers all
  // alias partitions. Accounts that the intent does not touch hold at least zero.
  const holdings = accounts.map((account, at) => {
    const held = add(...arrays.map((array) => select(array, account)));
    const earlier = accounts.slice(0, at).map((other) => not(equal(account, other)));
    return earlier.length === 0 ? held : choose(and(...earlier), held, integer(0n));
  });
  return [...ranges, atMost(add(...holdings), supply)];
}

/** Returns the formula that a supply is in 0 .. 2^64-1, which obligations assume. */
export function supplyRange(supply: Term): Term {
  return and(atMost(integer(0n), supply), atMost(supply, integer(supplyMax)));
}

/** Tells whether an argument has the type and range of its parameter. */
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

/** Tells whether a sequence is in 0 .. 2^53-1. */
export function isSequence(value: bigint): boolean {
  return value >= 0n && value <= sequenceMax;
}

/** Tells whether a value is in the range of a stored amount, 0 .. 2^64-1. */
export function isAmount(value: bigint): boolean {
  return value >= 0n && value <= amountMax;
}

/**
 * Tells whether a state is possible in the ledger. All amounts and supplies must be in 0 .. 2^64-1,
 * and the given holdings of each asset must sum to at most its supply. `accounts` has one entry for
 * each distinct account, and `supplies` has the supplies that are known, by asset.
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
