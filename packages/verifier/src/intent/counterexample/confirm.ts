import type { HoldingName } from "../../language/syntax/fields.ts";
import type { Obligation } from "../../obligation.ts";
import type { TermValue } from "../../term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { usesSequence } from "../compiled/touched.ts";
import { signersOf } from "../execution/arguments.ts";
import type { ExecutionInput } from "../execution/execution.ts";
import { type IntentRun, startRun } from "../execution/intent-run.ts";
import { checkInput } from "../execution/interpret.ts";
import type {
  Counterexample,
  ShownAccount,
  ShownArgument,
  ShownFields,
  ShownSupply,
} from "./counterexample.ts";
import { findFailure, holdingOf } from "./failure.ts";
import { type World, worldOf } from "./world.ts";

/**
 * Runs the intent on the state that a solver's model describes. Returns a counterexample if exactly
 * this obligation fails in the run. For the obligation `satisfiable`, returns the run as a witness
 * if the guards hold.
 *
 * This function uses nothing of the encoding, so a counterexample that it returns is right even if
 * the solver or the encoder is wrong. Undefined if the model does not describe a possible state, or
 * if the obligation does not fail in the run.
 */
export function confirmCounterexample(
  intent: CompiledIntent,
  obligation: Obligation,
  valuation: ReadonlyMap<string, TermValue>,
): Counterexample | undefined {
  const world = worldOf(intent, valuation);
  if (world === undefined) return undefined;
  const run = startRun(intent, world.input);
  if (checkInput(run) !== undefined) return undefined;
  const sentence = findFailure(run, obligation);
  if (sentence === undefined) return undefined;
  return {
    intent: intent.name,
    kind: obligation.kind,
    label: obligation.label,
    span: obligation.span,
    sentence,
    ...(usesSequence(intent) ? { sequence: world.input.sequence.toString() } : {}),
    arguments: showArguments(intent, world.input),
    accounts: showAccounts(run, world),
    ...(world.supplies.size === 0 ? {} : { supplies: showSupplies(run, world) }),
  };
}

function showArguments(intent: CompiledIntent, input: ExecutionInput): readonly ShownArgument[] {
  return intent.parameters.map(({ name, type }) => ({
    name,
    type,
    value: String(input.arguments.get(name)),
  }));
}

function showAccounts(run: IntentRun, world: World): readonly ShownAccount[] {
  const signers = new Set(signersOf(run.intent, world.input.arguments));
  const writes = run.writes();
  return [...world.accounts].map(([name, before]) => {
    const own = writes.filter((write) => write.account === name);
    const after = {
      ...before,
      ...Object.fromEntries(own.map((write) => [holdingOf(write), write.after])),
    };
    return { name, signs: signers.has(name), before: showFields(before), after: showFields(after) };
  });
}

function showSupplies(run: IntentRun, world: World): readonly ShownSupply[] {
  const writes = run.supplyWrites();
  return [...world.supplies].map(([asset, before]) => {
    const after = writes.find((write) => write.asset.name === asset)?.after ?? before;
    return { asset, before: before.toString(), after: after.toString() };
  });
}

function showFields(fields: Readonly<Partial<Record<HoldingName, bigint>>>): ShownFields {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, String(value)]));
}
