import {
  type AccountId,
  type Argument,
  assert,
  assertNever,
  type Call,
  equalBytes,
  type Invoke,
} from "@aethel/models";
import type { ParameterType, TypedParameter } from "@aethel/verifier";
import { growthOfSigners } from "../metering/growth.ts";
import { type ContractInterface, interfaceOfIntent } from "../programs/contract-interface.ts";
import type { Interface, Programs } from "../programs/programs.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { refuseContractArguments } from "./contract/fit-arguments.ts";
import type { CalledContract, CalledIntents, CalledProgram } from "./find-program.ts";

/**
 * Call of a published program, by the kind of the program. Its arguments and the signers of the
 * invoke fit the program, which may still be uncompiled.
 */
export type FittingCall = FittingIntents | FittingContract;

/** Call of a published intent or batch. */
export interface FittingIntents {
  readonly kind: "intents";
  readonly call: Call;
  readonly program: CalledIntents;
  readonly called: Interface;
}

/** Call of an intent of a published contract. */
export interface FittingContract {
  readonly kind: "contract";
  readonly call: Call;
  readonly program: CalledContract;
  readonly called: ContractInterface;
}

/**
 * Pairs the calls of an invoke with the interfaces of their programs. Compiles no contract, and no
 * plain intent whose interface is cached. `found`: program of each call. Refuses an invoke of which a call does
 * not fit its program, or whose calls do not fit together.
 */
export function fitCalls(
  body: Invoke,
  found: readonly CalledProgram[],
  programs: Programs,
): readonly FittingCall[] | Refusal {
  const signers = signersOf(body);
  const calls: FittingCall[] = [];
  for (const [at, call] of body.calls.entries()) {
    const program = found[at];
    assert(program !== undefined, "each call has its program");
    const fitting = fitCall(call, program, { signers, programs });
    if ("code" in fitting) return fitting;
    calls.push(fitting);
  }
  return refuseTogether(body, calls) ?? calls;
}

/**
 * Refuses calls that each fit, but not together: a call that must stand alone beside others, or a
 * call of a contract without spending limits. Undefined: the calls are not refused.
 */
function refuseTogether({ spending }: Invoke, calls: readonly FittingCall[]): Refusal | undefined {
  if (calls.length === 0) return refusal("shape", "the invoke has no call");
  for (const { kind, called } of calls) {
    if (kind === "contract" && spending === undefined) {
      const message = `${called.name} belongs to a contract; state \`spending\`, by how much each signer's holdings may fall (an empty list: by nothing)`;
      return refusal("spending", message);
    }
    if (calls.length > 1 && kind === "intents" && called.isAlone) {
      const message = `${called.name} acts for a validator, and stands alone; it is one of ${calls.length} calls`;
      return refusal("calls", message);
    }
  }
  return undefined;
}

function fitCall(
  call: Call,
  program: CalledProgram,
  { signers, programs }: { readonly signers: readonly AccountId[]; readonly programs: Programs },
): FittingCall | Refusal {
  switch (program.kind) {
    case "intents": {
      const called = programs.interfaceOf(program.digest, program.record);
      return refuseArguments(call, called, signers) ?? { kind: "intents", call, program, called };
    }
    case "contract": {
      const called = interfaceOfIntent(program.published);
      const unfit = refuseContractArguments(call, called, signers);
      return unfit ?? { kind: "contract", call, program, called };
    }
    default:
      return assertNever(program);
  }
}

/** Returns the most bytes by which the calls of an invoke can grow the state. */
export function growthOfCalls(body: Invoke, calls: readonly FittingCall[]): number {
  let growth = growthOfSigners(1 + body.cosigners.length);
  for (const { called } of calls) growth += called.growth;
  return growth;
}

/**
 * Refuses arguments whose number or types differ from those of the parameters, and an invoke
 * without a required signer. Undefined if all fit.
 */
function refuseArguments(
  { arguments: given }: Call,
  { name: program, parameters }: Interface,
  signers: readonly AccountId[],
): Refusal | undefined {
  if (given.length !== parameters.length) {
    const message = `${program} takes ${parameters.length} arguments, not ${given.length}`;
    return refusal("arguments", message);
  }
  let unsigned: TypedParameter | undefined;
  for (const [at, parameter] of parameters.entries()) {
    const argument = given[at];
    const { name, type, signer } = parameter;
    if (argument === undefined || !isOfType(argument, type)) {
      return refusal("arguments", `${program}: \`${name}\` must be of type ${type}`);
    }
    if (!signer || argument.type !== "account") continue;
    if (!signers.some((one) => equalBytes(one, argument.value))) unsigned ??= parameter;
  }
  if (unsigned === undefined) return undefined;
  return refusal("signers", `${program} needs the signature of \`${unsigned.name}\``);
}

/** Returns the accounts that sign an invoke, the author first. */
export function signersOf(body: Invoke): readonly AccountId[] {
  return [body.author, ...body.cosigners.map(({ account }) => account)];
}

/** Largest magnitude of an `Int` of the intent language: 127 bits. The wire format has 128. */
const INT_MAX = (1n << 127n) - 1n;

/** Kind of argument for each type of parameter. */
const KIND_OF = {
  Account: "account",
  Amount: "amount",
  Bool: "boolean",
  Int: "integer",
} as const satisfies Record<ParameterType, Argument["type"]>;

function isOfType(argument: Argument, type: ParameterType): boolean {
  if (argument.type !== KIND_OF[type]) return false;
  return argument.type !== "integer" || argument.magnitude <= INT_MAX;
}
