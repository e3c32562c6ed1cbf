import type { Concrete } from "../../../src/contract/counterexample/concrete.ts";
import type { ContractCall } from "../../../src/contract/execution/contract-state.ts";
import { runCall } from "../../../src/contract/execution/run-call.ts";
import type { TypedContract, TypedIntent } from "../../../src/contract/typed/typed-contract.ts";
import type { ArgumentType, FieldValue } from "../../../src/contract/typed/value-types.ts";
import { none } from "../../../src/contract/typed/values.ts";
import {
  applyChanges,
  cellOf,
  initialState,
  type WholeState,
} from "../../../src/contract/whole-state/whole-state.ts";
import { field, isSignature } from "../differential/random-call.ts";

/** Accounts of the small world, beside `none`. */
export const SMALL_ACCOUNTS: readonly string[] = ["01".repeat(32), "02".repeat(32)];

/** State of the contract and of all accounts. */
interface World {
  readonly state: WholeState;
  readonly holdings: Concrete["holdings"];
  readonly supplies: Concrete["supplies"];
}

/** Call that is tried in a state that can be reached. */
export interface Edge {
  readonly intent: TypedIntent;
  readonly concrete: Concrete;
}

/** Limits of a search. */
export interface SearchLimits {
  readonly states: number;
  readonly edges: number;
}

/**
 * Yields calls in all states that can be reached from publication by calls with small arguments,
 * breadth first. `pick` chooses among the calls of one state when there are too many.
 */
export function* explore(
  contract: TypedContract,
  limits: SearchLimits,
  pick: (count: number) => number,
): Generator<Edge> {
  const first = firstWorld(contract);
  const seen = new Set([keyOf(first)]);
  const queue: World[] = [first];
  const choices = contract.intents.map((intent) => ({ intent, calls: callsOf(intent) }));
  let edges = 0;
  for (let world = queue.shift(); world !== undefined; world = queue.shift()) {
    for (const { intent, calls } of choices) {
      for (const call of someOf(calls, pick)) {
        edges += 1;
        if (edges > limits.edges) return;
        const concrete = concreteOf(contract, world, call);
        yield { intent, concrete };
        const result = runCall(contract, intent, concrete.call);
        if (result.type !== "applied" || seen.size >= limits.states) continue;
        const next = worldAfter(contract, world, result.changes);
        const key = keyOf(next);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    }
  }
}

const CALLS_MAX = 24;

function someOf<One>(all: readonly One[], pick: (count: number) => number): readonly One[] {
  if (all.length <= CALLS_MAX) return all;
  return Array.from({ length: CALLS_MAX }, () => all[pick(all.length)]).flatMap((one) => one ?? []);
}

function firstWorld(contract: TypedContract): World {
  const declared = contract.assets.map(({ name, isOwn }) => ({ name, isOwn }));
  const amounts = declared.map(({ name, isOwn }): [string, bigint] => [
    field(name),
    isOwn ? 0n : 3n,
  ]);
  const held = (): ReadonlyMap<string, bigint> =>
    new Map([["balance", 4n], ["stake", 1n], ...amounts]);
  const supplies = declared.map(({ name, isOwn }): [string, bigint] => [name, isOwn ? 0n : 9n]);
  return {
    state: initialState(contract),
    holdings: new Map(SMALL_ACCOUNTS.map((account) => [account, held()])),
    supplies: new Map(supplies),
  };
}

function worldAfter(
  contract: TypedContract,
  { state, holdings, supplies }: World,
  changes: Parameters<typeof applyChanges>[2],
): World {
  const next = new Map(holdings);
  for (const { account, asset, after } of changes.holdings) {
    const fields = new Map(next.get(account));
    next.set(account, fields.set(field(asset?.name), after));
  }
  const issued = changes.supplies.map(({ asset, after }): [string, bigint] => [asset.name, after]);
  return {
    state: applyChanges(contract, state, changes),
    holdings: next,
    supplies: new Map([...supplies, ...issued]),
  };
}

function keyOf({ state, holdings }: World): string {
  const parts = [
    [...state.scalars],
    [...state.maps].map(([name, cells]) => [name, [...cells].sort(byKey)]),
    [...state.vaults].sort(byKey),
    [...state.supplies].sort(byKey),
    [...holdings].map(([account, fields]) => [account, [...fields].sort(byKey)]).sort(byKey),
  ];
  return JSON.stringify(parts, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}

function byKey(left: readonly unknown[], right: readonly unknown[]): number {
  return String(left[0]) < String(right[0]) ? -1 : 1;
}

type Call = Pick<ContractCall, "arguments" | "signers" | "now">;

/** All calls of an intent with small arguments. */
function callsOf(intent: TypedIntent): readonly Call[] {
  const lists = intent.parameters.reduce<readonly (readonly FieldValue[])[]>(
    (rest, { type, isOptional }) => {
      const own = valuesOf(type, isOptional);
      return rest.length > 5_000
        ? rest.map((list) => [...list, own[0] ?? 0n])
        : rest.flatMap((list) => own.map((value) => [...list, value]));
    },
    [[]],
  );
  return lists.flatMap((list) => {
    const args = new Map(intent.parameters.map(({ name }, at) => [name, list[at] ?? 0n]));
    const needed = intent.parameters.flatMap(({ isSigner }, at) => (isSigner ? [list[at]] : []));
    return signerSets()
      .filter((signers) => needed.every((one) => typeof one === "string" && signers.has(one)))
      .flatMap((signers) => [1n, 7n].map((now) => ({ arguments: args, signers, now })));
  });
}

function signerSets(): readonly ReadonlySet<string>[] {
  const [first = none, second = none] = SMALL_ACCOUNTS;
  return [new Set(), new Set([first]), new Set([second]), new Set([first, second])];
}

function valuesOf(type: ArgumentType, isOptional: boolean): readonly FieldValue[] {
  switch (type.kind) {
    case "account":
      return isOptional ? [...SMALL_ACCOUNTS, none] : SMALL_ACCOUNTS;
    case "digest":
      return [none, "0a".repeat(32)];
    case "amount":
      return [0n, 1n, 2n];
    case "int":
      return [0n, 1n, 2n, 5n];
    case "bool":
      return [false, true];
    case "enum":
      return type.words.map((_, at) => BigInt(at));
    case "signature":
      return ["07".repeat(64), "08".repeat(64)];
  }
}

function concreteOf(contract: TypedContract, world: World, call: Call): Concrete {
  const { state, holdings, supplies } = world;
  return {
    state,
    holdings,
    supplies,
    call: {
      ...call,
      sequence: 3n,
      isSignature,
      state: {
        holding: (account, name, asset) =>
          holdings.get(account)?.get(name === "stake" ? "stake" : field(asset?.name)) ?? 0n,
        supply: ({ name }) => supplies.get(name) ?? 0n,
        vault: (asset) => state.vaults.get(asset?.name ?? "") ?? 0n,
        scalar: (name) => state.scalars.get(name) ?? 0n,
        cell: (map, keys) => cellOf(contract, state, { map, keys }),
      },
    },
  };
}
