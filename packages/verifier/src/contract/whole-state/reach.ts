import type { ContractCall } from "../execution/contract-state.ts";
import { runCall } from "../execution/run-call.ts";
import type { ContractParameter, TypedContract } from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { equalValues, isOfType, none } from "../typed/values.ts";
import { statePort } from "./state-port.ts";
import { applyChanges, initialState, type WholeState } from "./whole-state.ts";

/** Limits of the search for calls that lead to a state. */
const BOUNDS = { calls: 3, runs: 4_000, argumentsOfIntent: 64 } as const;

/**
 * Amount that every account holds in the search. It is enough for any payment in a state with small
 * numbers.
 */
const PLENTY = 1n << 40n;

/**
 * Tells whether at most three calls lead from the state at publication to a given state. The search
 * tries as arguments the values in the state, 0 and 1. Every account signs and holds enough.
 * `false` means that this search did not reach the state, not that it cannot be reached.
 */
export function isReached(
  contract: TypedContract,
  target: WholeState,
  clock: { readonly sequence: bigint; readonly now: bigint },
): boolean {
  const pool = valuesIn(target);
  let runs = 0;
  let states: readonly WholeState[] = [initialState(contract)];
  if (states.some((state) => isSame(contract, state, target))) return true;
  for (let depth = 0; depth < BOUNDS.calls; depth++) {
    const next: WholeState[] = [];
    for (const state of states) {
      for (const intent of contract.intents) {
        for (const args of argumentLists(intent.parameters, pool)) {
          if (runs >= BOUNDS.runs) return false;
          runs += 1;
          const result = runCall(contract, intent, callOf(contract, { state, args, pool, clock }));
          if (result.type !== "applied") continue;
          const after = applyChanges(contract, state, result.changes);
          if (isSame(contract, after, target)) return true;
          next.push(after);
        }
      }
    }
    states = next;
  }
  return false;
}

interface Pool {
  readonly numbers: readonly bigint[];
  /** Accounts and digests that occur in the state, for use as arguments. */
  readonly texts: readonly string[];
}

function valuesIn(state: WholeState): Pool {
  const numbers = new Set<bigint>([0n, 1n]);
  const texts = new Set<string>();
  const add = (value: ContractValue): void => {
    for (const part of typeof value === "object" ? value : [value]) {
      if (typeof part === "bigint") numbers.add(part);
      if (typeof part === "string" && part !== none) texts.add(part);
    }
  };
  for (const value of state.scalars.values()) add(value);
  for (const amount of state.vaults.values()) add(amount);
  for (const cells of state.maps.values()) {
    for (const { keys, value } of cells.values()) {
      for (const key of keys) add(key);
      add(value);
    }
  }
  return { numbers: [...numbers], texts: [...texts] };
}

function* argumentLists(
  parameters: readonly ContractParameter[],
  pool: Pool,
): Generator<ReadonlyMap<string, FieldValue>> {
  const choices = parameters.map((parameter) => choicesOf(parameter, pool));
  const total = choices.reduce((product, own) => product * own.length, 1);
  for (let index = 0; index < Math.min(total, BOUNDS.argumentsOfIntent); index++) {
    let rest = index;
    const args = new Map<string, FieldValue>();
    for (const [at, { name }] of parameters.entries()) {
      const own = choices[at] ?? [];
      const value = own[rest % Math.max(1, own.length)];
      rest = Math.floor(rest / Math.max(1, own.length));
      if (value !== undefined) args.set(name, value);
    }
    yield args;
  }
}

function choicesOf({ type, isOptional }: ContractParameter, pool: Pool): readonly FieldValue[] {
  switch (type.kind) {
    case "account":
      return isOptional ? [...pool.texts, none] : pool.texts;
    case "digest":
      return [...pool.texts, none];
    case "bool":
      return [true, false];
    case "enum":
      return type.words.map((_, at) => BigInt(at));
    case "signature":
      return ["0".repeat(128)];
    default:
      return pool.numbers.filter((value) => isOfType(value, type));
  }
}

function callOf(
  contract: TypedContract,
  of: {
    readonly state: WholeState;
    readonly args: ReadonlyMap<string, FieldValue>;
    readonly pool: Pool;
    readonly clock: { readonly sequence: bigint; readonly now: bigint };
  },
): ContractCall {
  const { state, args, pool, clock } = of;
  return {
    ...clock,
    arguments: args,
    signers: new Set(pool.texts),
    isSignature: () => true,
    state: statePort(contract, state, { holding: () => PLENTY, supply: () => PLENTY }),
  };
}

function isSame(contract: TypedContract, left: WholeState, right: WholeState): boolean {
  const sameScalars = contract.scalars.every(({ name }) => {
    const [own, other] = [left.scalars.get(name), right.scalars.get(name)];
    return own !== undefined && other !== undefined && equalValues(own, other);
  });
  const amounts = (state: WholeState, asset: string): bigint => state.vaults.get(asset) ?? 0n;
  const assets = ["", ...contract.assets.map((asset) => asset.name)];
  const sameMaps = contract.maps.every(({ name }) => {
    const [own, other] = [left.maps.get(name), right.maps.get(name)];
    if ((own?.size ?? 0) !== (other?.size ?? 0)) return false;
    return [...(own ?? [])].every(([key, cell]) => {
      const match = other?.get(key);
      return match !== undefined && equalValues(match.value, cell.value);
    });
  });
  return (
    sameScalars &&
    sameMaps &&
    assets.every((asset) => amounts(left, asset) === amounts(right, asset))
  );
}
