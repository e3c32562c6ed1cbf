import type { ContractCall } from "../execution/contract-state.ts";
import { type CallResult, runCall } from "../execution/run-call.ts";
import type { TypedContract, TypedExit, TypedIntent } from "../typed/typed-contract.ts";
import type { FieldValue } from "../typed/value-types.ts";
import { none } from "../typed/values.ts";
import type { Concrete } from "./concrete.ts";
import {
  argumentsOf,
  type CountedState,
  claimAt,
  hasNoValue,
  keysOf,
  riseOf,
} from "./exit-claim.ts";
import { forKeys, type Names, nameOf } from "./names.ts";

/** Tells whether the condition of an exit holds for some keys in a state. */
export function isOwed(contract: TypedContract, exit: TypedExit, of: CountedState): boolean {
  return keysOf(exit, [of.state]).some((keys) => claimAt(contract, exit, keys, of).holds);
}

/** Claim that is due and that the call of its exit does not pay. */
export interface UnpaidClaim {
  readonly sentence: string;
  /** Arguments and result of the exit's call. Absent if it is owed to nobody or has no value. */
  readonly run?: {
    readonly arguments: ReadonlyMap<string, FieldValue>;
    readonly result: CallResult;
  };
}

/**
 * Finds a claim of an exit that is due although the exit's call does not pay it. Claims of an exit
 * with `by` count only if the beneficiary signs the call. Undefined if every due claim is paid.
 */
export function unpaidClaim(
  contract: TypedContract,
  exit: TypedExit,
  { concrete, names }: { readonly concrete: Concrete; readonly names: Names },
): UnpaidClaim | undefined {
  const { state, call, spend } = concrete;
  const intent = contract.intents.find(({ name }) => name === exit.via.intent);
  if (intent === undefined) return undefined;
  for (const keys of keysOf(exit, [state])) {
    const found = unpaidFor(contract, exit, { intent, keys, state, call, names, spend });
    if (found !== undefined) return found;
  }
  return undefined;
}

function unpaidFor(
  contract: TypedContract,
  exit: TypedExit,
  of: {
    readonly intent: TypedIntent;
    readonly keys: readonly FieldValue[];
    readonly call: ContractCall;
    readonly names: Names;
  } & CountedState,
): UnpaidClaim | undefined {
  const { intent, keys, state, call, names, spend } = of;
  const shown = forKeys(exit.forEach, keys, names);
  try {
    const { holds, amount, after, beneficiary } = claimAt(contract, exit, keys, of);
    const isDue = after === undefined || call.now > after;
    if (!holds || !isDue || (exit.who === "by" && !call.signers.has(beneficiary))) return undefined;
    const due = `\`${exit.name}\` is due${shown}`;
    if (beneficiary === none) return { sentence: `${due}, and is owed to nobody (\`none\`).` };
    const args = argumentsOf(contract, exit, { intent, keys, state, spend });
    const result = runCall(contract, intent, { ...call, arguments: args });
    spend?.(result.units);
    const run = { arguments: args, result };
    const what = `its call \`${intent.name}\``;
    if (result.type !== "applied") {
      return { sentence: `${due}, and ${what} stops: ${reasonOf(result)}.`, run };
    }
    const paid = riseOf(result.changes, beneficiary, exit.keeping?.asset ?? "");
    if (paid >= amount) return undefined;
    const owner = nameOf(beneficiary, names);
    return { sentence: `${due}: ${amount} is owed to ${owner}, and ${what} pays ${paid}.`, run };
  } catch (error) {
    if (!hasNoValue(error)) throw error;
    return { sentence: `\`${exit.name}\` has no value${shown}: ${error.message}.` };
  }
}

function reasonOf(result: Exclude<CallResult, { type: "applied" }>): string {
  if (result.type === "fault") return result.message;
  if (result.type === "out-of-units") return "it takes too many units";
  return `the guard at line ${result.span.start.line} is false`;
}
