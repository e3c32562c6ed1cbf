import { type AccountId, type Argument, type Invoke, toHex } from "@aethel/models";
import type { CompiledIntent, Value } from "@aethel/verifier";
import type { Program, Programs } from "../programs/programs.ts";
import { callOf } from "../programs/sole-call.ts";
import type { IntentRecord } from "../state/records.ts";
import { type FoundCall, signersOf } from "./find-call.ts";

/** Invoke that is ready to run, with arguments and signers that fit its program. */
export interface PreparedInvoke {
  readonly program: Program;
  readonly record: IntentRecord;
  /** Intents to run, in this order, each with its own arguments. */
  readonly steps: readonly PreparedStep[];
  /**
   * Accounts among the arguments, by name. The name of an account in a program is its id in
   * hexadecimal digits.
   */
  readonly accounts: ReadonlyMap<string, AccountId>;
  /** Accounts that signed, each as its id in hexadecimal digits. */
  readonly signed: ReadonlySet<string>;
}

/** One intent to run, with its arguments. */
export interface PreparedStep {
  readonly intent: CompiledIntent;
  readonly values: ReadonlyMap<string, Value>;
}

/** Loads the program of a call, and divides the arguments among the program's intents. */
export function prepareInvoke(
  body: Invoke,
  { record }: FoundCall,
  programs: Programs,
): PreparedInvoke {
  const program = programs.load(callOf(body).intent, record);
  const accounts = new Map<string, AccountId>();
  const values = callOf(body).arguments.map((argument) => {
    const value = valueOf(argument);
    if (argument.type === "account") accounts.set(String(value), argument.value);
    return value;
  });
  const signed = new Set(signersOf(body).map(toHex));
  return { program, record, steps: stepsOf(program, values), accounts, signed };
}

/**
 * Pairs each intent of a program with its arguments. The list `values` has the arguments of the
 * first intent, then those of the second, and so on.
 */
function stepsOf(program: Program, values: readonly Value[]): readonly PreparedStep[] {
  let from = 0;
  return program.steps.map((intent) => {
    const named = new Map<string, Value>();
    for (const { name } of intent.parameters) {
      const value = values[from++];
      if (value !== undefined) named.set(name, value);
    }
    return { intent, values: named };
  });
}

/** Converts an argument for a program. Ids, digests and signatures become hexadecimal digits. */
function valueOf(argument: Argument): Value {
  switch (argument.type) {
    case "account":
    case "asset":
    case "digest":
    case "signature":
      return toHex(argument.value);
    case "word":
      return BigInt(argument.value);
    case "amount":
    case "boolean":
      return argument.value;
    case "integer":
      return argument.negative ? -argument.magnitude : argument.magnitude;
  }
}
