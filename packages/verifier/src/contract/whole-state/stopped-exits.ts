import type { ContractChanges } from "../execution/contract-state.ts";
import { runCall } from "../execution/run-call.ts";
import type { TypedContract, TypedExit } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { bindings, evaluateWhole } from "./evaluate-rules.ts";
import { statePort } from "./state-port.ts";
import type { WholeState } from "./whole-state.ts";

/** Claim that is due and that the call of its exit does not pay. */
export interface StoppedExit {
  readonly exit: TypedExit;
  /** Values of the exit's `for each` names. Empty for an exit without `for each`. */
  readonly keys: ReadonlyMap<string, FieldValue>;
  readonly reason: string;
}

/**
 * Runs the call of each exit for each claim that is due in a state. Returns the claims that are not
 * paid: the call stops, or the beneficiary gets less than is owed. Nobody signs but a beneficiary
 * after `by`. No account holds anything, which the proof of an exit permits.
 */
export function stoppedExits(
  contract: TypedContract,
  state: WholeState,
  clock: { readonly sequence: bigint; readonly now: bigint },
): readonly StoppedExit[] {
  const world = { contract, before: state, now: state };
  return contract.exits.flatMap((exit) => {
    const heads = exit.forEach === undefined ? [] : [exit.forEach];
    return [...bindings(heads, world)].flatMap((keys) => {
      const value = (typed: Typed): ContractValue => evaluateWhole(typed, world, keys);
      if (value(exit.condition) !== true) return [];
      const due = exit.after === undefined ? undefined : value(exit.after);
      if (typeof due === "bigint" && clock.now <= due) return [];
      const reason = findUnpaid(contract, exit, { state, value, clock });
      return reason === undefined ? [] : [{ exit, keys, reason }];
    });
  });
}

function findUnpaid(
  contract: TypedContract,
  exit: TypedExit,
  at: {
    readonly state: WholeState;
    readonly value: (typed: Typed) => ContractValue;
    readonly clock: { readonly sequence: bigint; readonly now: bigint };
  },
): string | undefined {
  const intent = contract.intents.find(({ name }) => name === exit.via.intent);
  if (intent === undefined) throw new Error(`a checked exit names an intent: ${exit.via.intent}`);
  const owner = at.value(exit.beneficiary);
  const args = new Map<string, FieldValue>();
  for (const [index, { name }] of intent.parameters.entries()) {
    const argument = exit.via.args[index];
    const given = argument === undefined ? undefined : at.value(argument);
    if (given !== undefined && typeof given !== "object") args.set(name, given);
  }
  const signers = new Set(exit.who === "by" && typeof owner === "string" ? [owner] : []);
  const result = runCall(contract, intent, {
    ...at.clock,
    arguments: args,
    signers,
    // The contract holds the whole of foreign assets.
    state: statePort(contract, at.state, {
      holding: () => 0n,
      supply: (asset) => at.state.vaults.get(asset) ?? 0n,
    }),
    isSignature: () => false,
  });
  if (result.type !== "applied") return `${intent.name} ends with ${result.type}`;
  if (exit.keeping === undefined) return undefined;
  const owed = at.value(exit.keeping.amount);
  const paid = paidTo(result.changes, owner, exit.keeping.asset);
  return typeof owed === "bigint" && paid < owed ? `${owed} are owed, ${paid} paid` : undefined;
}

function paidTo(changes: ContractChanges, owner: ContractValue, asset: string): bigint {
  return changes.holdings
    .filter((one) => one.account === owner && (one.asset?.name ?? "") === asset)
    .reduce((sum, { before, after }) => sum + after - before, 0n);
}
