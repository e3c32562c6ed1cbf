import { Fault } from "../../../src/contract/evaluate/fault.ts";
import { ContractRun } from "../../../src/contract/execution/contract-run.ts";
import type { ContractCall } from "../../../src/contract/execution/contract-state.ts";
import {
  attempt,
  type CallResult,
  clauseHolds,
  runStatement,
} from "../../../src/contract/execution/run-call.ts";
import type { TypedContract, TypedIntent } from "../../../src/contract/typed/typed-contract.ts";
import { isOfType, none } from "../../../src/contract/typed/values.ts";

/** Runs a call on the typed tree, without compiling it. Says what `runCall` must do. */
export function runOnTree(
  contract: TypedContract,
  intent: TypedIntent,
  call: ContractCall,
): CallResult {
  const run = new ContractRun(contract, call);
  const stopped = attempt(run, intent.span, () => {
    checkArguments(intent, call);
    for (const clause of [...intent.lets, ...intent.guard]) {
      if (clauseHolds(run, clause)) continue;
      return { type: "guard-false", span: clause.span, units: run.units };
    }
    for (const statement of intent.effect) runStatement(run, statement);
    return undefined;
  });
  return stopped ?? { type: "applied", changes: run.changes(), units: run.units };
}

function checkArguments(intent: TypedIntent, call: ContractCall): void {
  for (const { name, type, isOptional, isSigner, span } of intent.parameters) {
    const value = call.arguments.get(name);
    const fits =
      type.kind === "signature"
        ? typeof value === "string" && /^[0-9a-f]{128}$/.test(value)
        : value !== undefined && isOfType(value, type);
    if (!fits) throw new Fault("arguments", span, `the argument \`${name}\` is not of its type`);
    if (value === none && type.kind === "account" && !isOptional) {
      throw new Fault("arguments", span, `the argument \`${name}\` is none, and not optional`);
    }
    if (isSigner && (typeof value !== "string" || !call.signers.has(value))) {
      throw new Fault("arguments", span, `the account \`${name}\` did not sign`);
    }
  }
  if (call.arguments.size === intent.parameters.length) return;
  const message = `${call.arguments.size} arguments were given, ${intent.parameters.length} are expected`;
  throw new Fault("arguments", intent.span, message);
}
