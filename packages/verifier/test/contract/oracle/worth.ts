import type { Concrete } from "../../../src/contract/counterexample/concrete.ts";
import { runCall } from "../../../src/contract/execution/run-call.ts";
import type { TypedContract, TypedExit } from "../../../src/contract/typed/typed-contract.ts";
import type { Typed } from "../../../src/contract/typed/typed-expression.ts";
import type { ContractValue, FieldValue } from "../../../src/contract/typed/value-types.ts";
import { evaluateWhole } from "../../../src/contract/whole-state/evaluate-rules.ts";
import {
  applyChanges,
  cellOf,
  type WholeState,
} from "../../../src/contract/whole-state/whole-state.ts";
import type { Proved } from "./broken-promises.ts";
import { type Edge, SMALL_ACCOUNTS } from "./explore.ts";

/** Time at which every claim of the small world is due. */
const LATE = 1_000_000n;
const CALLS_MAX = 3;

/**
 * Returns a sentence for each account that a call makes poorer, though it did not sign: what it
 * holds, and what it can get by calls of exits on its own, is together less than before. Asks only
 * where all obligations about exits of the contract are certified.
 */
export function lossesOf(
  { contract, groups, isExitProved }: Proved,
  edge: Edge,
): readonly string[] {
  const { intent, concrete } = edge;
  const isExempt = contract.exits.some(({ unless }) => unless.includes(intent.name));
  if (contract.exits.length === 0 || isExempt || !isExitProved || groups.length === 0) return [];
  const result = runCall(contract, intent, concrete.call);
  if (result.type !== "applied") return [];
  const after = applyChanges(contract, concrete.state, result.changes);
  const assets = new Set(contract.exits.flatMap(({ keeping }) => keeping?.asset ?? []));
  return SMALL_ACCOUNTS.flatMap((account) => {
    if (concrete.call.signers.has(account)) return [];
    return [...assets].flatMap((asset) => {
      const paid = result.changes.holdings
        .filter((one) => one.account === account && (one.asset?.name ?? "") === asset)
        .reduce((sum, one) => sum + one.after - one.before, 0n);
      const worth = (state: WholeState): bigint =>
        worthOf({ contract, account, asset, concrete }, state, CALLS_MAX);
      const [had, has] = [worth(concrete.state), worth(after) + paid];
      return has < had ? [`${intent.name} takes from ${account}: ${had}, then ${has}`] : [];
    });
  });
}

interface Owner {
  readonly contract: TypedContract;
  readonly account: string;
  readonly asset: string;
  readonly concrete: Concrete;
}

/** Returns the most that an account is owed along some calls of exits, which it signs. */
function worthOf(owner: Owner, state: WholeState, calls: number): bigint {
  if (calls === 0) return 0n;
  const { contract, account, asset, concrete } = owner;
  let most = 0n;
  for (const exit of contract.exits) {
    if (exit.keeping?.asset !== asset) continue;
    for (const locals of localsOf(exit, state)) {
      const value = (typed: Typed): ContractValue =>
        evaluateWhole(typed, { contract, before: state, now: state }, locals);
      if (value(exit.condition) !== true || value(exit.beneficiary) !== account) continue;
      const amount = value(exit.keeping.amount);
      const intent = contract.intents.find(({ name }) => name === exit.via.intent);
      if (intent === undefined || typeof amount !== "bigint" || amount <= 0n) continue;
      const args = new Map(
        intent.parameters.flatMap(({ name }, at): [string, FieldValue][] => {
          const argument = exit.via.args[at];
          const own = argument === undefined ? undefined : value(argument);
          return own === undefined || typeof own === "object" ? [] : [[name, own]];
        }),
      );
      const result = runCall(contract, intent, {
        ...concrete.call,
        arguments: args,
        signers: new Set([account]),
        now: LATE,
        state: {
          ...concrete.call.state,
          vault: (one) => state.vaults.get(one?.name ?? "") ?? 0n,
          scalar: (name) => state.scalars.get(name) ?? 0n,
          cell: (map, keys) => cellOf(contract, state, { map, keys }),
        },
      });
      if (result.type !== "applied") continue;
      const next = applyChanges(contract, state, result.changes);
      const all = amount + worthOf(owner, next, calls - 1);
      if (all > most) most = all;
    }
  }
  return most;
}

/** Returns the keys of an exit at which its map has a cell, as values of its locals. */
export function localsOf(
  { forEach }: TypedExit,
  state: WholeState,
): readonly ReadonlyMap<string, FieldValue>[] {
  if (forEach === undefined) return [new Map()];
  const cells = [...(state.maps.get(forEach.map)?.values() ?? [])];
  return cells.map(
    ({ keys }) =>
      new Map(
        forEach.binders.flatMap(({ name }, at): [string, FieldValue][] => {
          const key = keys[at];
          return key === undefined ? [] : [[name, key]];
        }),
      ),
  );
}
