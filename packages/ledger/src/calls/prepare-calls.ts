import {
  type AccountId,
  type Argument,
  assert,
  assertNever,
  equalBytes,
  type Invoke,
  toHex,
} from "@aethel/models";
import type { CompiledIntent, FieldValue, Value } from "@aethel/verifier";
import type { ContractProgram } from "../programs/contract-programs.ts";
import type { Program, Programs } from "../programs/programs.ts";
import type { IntentRecord } from "../state/records.ts";
import {
  type FittingCall,
  type FittingContract,
  type FittingIntents,
  signersOf,
} from "./fit-calls.ts";

/** Invoke that is ready to run, with arguments and signers that fit its programs. */
export interface PreparedInvoke {
  /** Calls to run, in this order. */
  readonly calls: readonly PreparedCall[];
  /**
   * Accounts among the arguments, by name. The name of an account in a program is its id in
   * hexadecimal digits.
   */
  readonly accounts: ReadonlyMap<string, AccountId>;
  /** Accounts that signed, each as its id in hexadecimal digits. */
  readonly signed: ReadonlySet<string>;
}

/** Call that is ready to run, by the kind of its program. */
export type PreparedCall = PreparedIntents | PreparedContract;

/** Call of an intent or a batch that is ready to run. */
export interface PreparedIntents {
  readonly kind: "intents";
  readonly program: Program;
  readonly record: IntentRecord;
  /** Intents to run, in this order, each with its own arguments. */
  readonly steps: readonly PreparedStep[];
}

/** Call of an intent of a contract that is ready to run. */
export interface PreparedContract {
  readonly kind: "contract";
  readonly program: ContractProgram;
  /** Arguments by the names of their parameters. */
  readonly values: ReadonlyMap<string, FieldValue>;
}

/** One intent to run, with its arguments. */
export interface PreparedStep {
  readonly intent: CompiledIntent;
  readonly values: ReadonlyMap<string, Value>;
}

/** Loads the programs of an invoke, and converts the arguments of its calls. */
export function prepareInvoke(
  body: Invoke,
  calls: readonly FittingCall[],
  programs: Programs,
): PreparedInvoke {
  const names = createNames(signersOf(body));
  const prepared = calls.map((call) => prepareCall(call, programs, names));
  return { calls: prepared, accounts: names.accounts, signed: names.signed };
}

/** Names of accounts in programs. A name is the account's id in hexadecimal digits. */
interface Names {
  /** Accounts that were named so far, and the signers. */
  readonly accounts: ReadonlyMap<string, AccountId>;
  readonly signed: ReadonlySet<string>;
  nameOf(account: AccountId): string;
}

/**
 * Creates the names, with those of the signers. Most arguments are signers, and comparing an id
 * with theirs is faster than converting it to text.
 */
function createNames(signers: readonly AccountId[]): Names {
  const accounts = new Map(signers.map((signer) => [toHex(signer), signer]));
  const named = [...accounts];
  return {
    accounts,
    signed: new Set(accounts.keys()),
    nameOf: (account) => {
      for (const [name, signer] of named) if (equalBytes(signer, account)) return name;
      const name = toHex(account);
      accounts.set(name, account);
      return name;
    },
  };
}

function prepareCall(call: FittingCall, programs: Programs, names: Names): PreparedCall {
  switch (call.kind) {
    case "intents":
      return prepareIntents(call, programs, names);
    case "contract":
      return prepareContract(call, programs, names);
    default:
      return assertNever(call);
  }
}

/** Loads a program of intents, and divides the arguments of a call among its intents. */
function prepareIntents(
  { call, program: { digest, record } }: FittingIntents,
  programs: Programs,
  names: Names,
): PreparedIntents {
  const program = programs.load(digest, record);
  const values = call.arguments.map((argument) => valueOf(argument, names));
  return { kind: "intents", program, record, steps: stepsOf(program, values) };
}

function prepareContract(
  { call, program: { published } }: FittingContract,
  programs: Programs,
  names: Names,
): PreparedContract {
  const program = programs.contracts.load(published);
  const values = new Map<string, FieldValue>();
  for (const [at, { name }] of program.intent.parameters.entries()) {
    const argument = call.arguments[at];
    assert(argument !== undefined, "a fitting call has all arguments");
    values.set(name, valueOf(argument, names));
  }
  return { kind: "contract", program, values };
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
function valueOf(argument: Argument, names: Names): Value {
  switch (argument.type) {
    case "account":
      return names.nameOf(argument.value);
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
