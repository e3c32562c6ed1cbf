import type { TypedParameter } from "../../language/check/check.ts";
import type { Value } from "../../language/evaluate.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { isArgument } from "../ledger-invariants.ts";

/** Returns the accounts that must have signed: those in `signer` parameters, each once. */
export function signersOf(
  intent: CompiledIntent,
  values: ReadonlyMap<string, Value>,
): readonly string[] {
  const signers = new Set<string>();
  for (const parameter of intent.parameters) {
    const account = values.get(parameter.name);
    if (parameter.signer && typeof account === "string") signers.add(account);
  }
  return [...signers];
}

/** Returns the reason why the arguments do not fit the parameters; undefined if they fit. */
export function argumentProblem(
  parameters: readonly TypedParameter[],
  values: ReadonlyMap<string, Value>,
): string | undefined {
  for (const parameter of parameters) {
    const value = values.get(parameter.name);
    if (value === undefined) return `the argument \`${parameter.name}\` is missing`;
    if (!isArgument(parameter, value)) {
      return `the argument \`${parameter.name}\` is not of type \`${parameter.type}\``;
    }
  }
  if (values.size === parameters.length) return undefined;
  return `${values.size} arguments were given, ${parameters.length} are expected`;
}
