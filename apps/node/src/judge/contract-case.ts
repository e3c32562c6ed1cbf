import type { Counterexample } from "@aethel/verifier";
import { wrap } from "../terminal/format.ts";

/**
 * Formats what a counterexample of a contract begins with: the call with its arguments and signers,
 * the block, the `let`s, and the keys of the rule.
 */
export function contractCase(counterexample: Counterexample, width: number): readonly string[] {
  const { contract, intent, sequence } = counterexample;
  if (contract === undefined) return [];
  const { signers, lets = [], keys, now } = contract;
  const call =
    signers === undefined
      ? []
      : [`call ${intent}(${argumentsOf(counterexample)}), ${signedBy(signers)}`];
  const block = signers === undefined ? [] : [`now = ${now}, sequence = ${sequence ?? "0"}`];
  const bound = lets.map(({ name, value }) => `let ${name} = ${value}`);
  const rule = keys.length === 0 ? [] : [`for ${keys.map(given).join(", ")}`];
  const lines = [...call, ...block, ...bound, ...rule];
  return [...lines, ...originOf(contract.isReached)].flatMap((line) => wrap(line, width));
}

/**
 * Formats arguments as `name = value`. An account is named after the first parameter that has it,
 * and that parameter is shown without a value.
 */
function argumentsOf({ arguments: all }: Counterexample): string {
  return all.map(given).join(", ");
}

function given({ name, value }: { readonly name: string; readonly value: string }): string {
  return name === value ? name : `${name} = ${value}`;
}

function signedBy(signers: readonly string[]): string {
  return signers.length === 0 ? "signed by nobody" : `signed by ${signers.join(" and ")}`;
}

function originOf(isReached: boolean | undefined): readonly string[] {
  if (isReached === undefined) return [];
  return [
    isReached
      ? "reached: at most three calls lead from the initial state to this one"
      : "not seen to be reached by three calls from the initial state",
  ];
}
