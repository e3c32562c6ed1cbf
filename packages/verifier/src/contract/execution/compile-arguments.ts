import { isSequence } from "../../intent/ledger-invariants.ts";
import { Fault } from "../evaluate/fault.ts";
import type { ContractParameter, TypedIntent } from "../typed/typed-contract.ts";
import type { FieldValue } from "../typed/value-types.ts";
import { isOfType, none } from "../typed/values.ts";
import type { CallRun } from "./call-run.ts";
import type { CompileScope } from "./compile-scope.ts";
import { widthOfType } from "./value-width.ts";

/**
 * Compiles the check of a call's arguments and clock, which also gives the parameters their values.
 * It throws a fault for an argument that does not fit.
 */
export function compileArguments(intent: TypedIntent, scope: CompileScope): (run: CallRun) => void {
  const { parameters, span } = intent;
  const checks = parameters.map((parameter) => {
    const at = scope.declare(parameter.name, widthOfType(parameter.type));
    return { at, parameter };
  });
  return (run) => {
    const { arguments: given, sequence, now } = run.call;
    for (const { at, parameter } of checks) {
      run.locals[at] = checkedArgument(parameter, given.get(parameter.name), run.call.signers);
    }
    if (given.size !== parameters.length) {
      const message = `${given.size} arguments were given, ${parameters.length} are expected`;
      throw new Fault("arguments", span, message);
    }
    if (isSequence(sequence) && isSequence(now)) return;
    const what = isSequence(sequence) ? `time ${now}` : `sequence ${sequence}`;
    throw new Fault("arguments", span, `the ${what} is out of range`);
  };
}

function checkedArgument(
  { name, type, isOptional, isSigner, span }: ContractParameter,
  value: FieldValue | undefined,
  signers: ReadonlySet<string>,
): FieldValue {
  // Signers are accounts, so an argument that is a signer is of the type and needs no check.
  if (isSigner && typeof value === "string" && value !== none && signers.has(value)) return value;
  if (value === undefined || !fits(type, value)) {
    throw new Fault("arguments", span, `the argument \`${name}\` is not of its type`);
  }
  if (value === none && type.kind === "account" && !isOptional) {
    throw new Fault("arguments", span, `the argument \`${name}\` is none, and not optional`);
  }
  if (isSigner && (typeof value !== "string" || !signers.has(value))) {
    throw new Fault("arguments", span, `the account \`${name}\` did not sign`);
  }
  return value;
}

function fits(type: ContractParameter["type"], value: FieldValue): boolean {
  if (type.kind === "signature") return typeof value === "string" && signaturePattern.test(value);
  return isOfType(value, type);
}

const signaturePattern = /^[0-9a-f]{128}$/;
