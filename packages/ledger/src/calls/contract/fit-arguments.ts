import { type AccountId, type Argument, type Call, equalBytes } from "@aethel/models";
import type { ArgumentType, ContractParameter } from "@aethel/verifier";
import type { ContractInterface } from "../../programs/contract-programs.ts";
import { type Refusal, refusal } from "../../results/refusal.ts";

/**
 * Refuses arguments whose number or types differ from those of a contract's intent, and a call
 * without a required signer. Undefined if all fit.
 */
export function refuseContractArguments(
  { arguments: given }: Call,
  { name: program, parameters }: ContractInterface,
  signers: readonly AccountId[],
): Refusal | undefined {
  if (given.length !== parameters.length) {
    const message = `${program} takes ${parameters.length} arguments, not ${given.length}`;
    return refusal("arguments", message);
  }
  let unsigned: ContractParameter | undefined;
  for (const [at, parameter] of parameters.entries()) {
    const argument = given[at];
    const { name, type, isOptional, isSigner } = parameter;
    if (argument === undefined || !isOfType(argument, type)) {
      return refusal("arguments", `${program}: \`${name}\` must be of type ${nameOf(type)}`);
    }
    if (argument.type !== "account") continue;
    if (!isOptional && isNone(argument.value)) {
      return refusal("arguments", `${program}: \`${name}\` must be an account, not none`);
    }
    if (isSigner && !signers.some((one) => equalBytes(one, argument.value))) unsigned ??= parameter;
  }
  if (unsigned === undefined) return undefined;
  return refusal("signers", `${program} needs the signature of \`${unsigned.name}\``);
}

/** Largest magnitude of an `Int` of a contract: 127 bits. The wire format has 128. */
const INT_MAX = (1n << 127n) - 1n;

function isOfType(argument: Argument, type: ArgumentType): boolean {
  switch (type.kind) {
    case "account":
    case "amount":
    case "digest":
    case "signature":
      return argument.type === type.kind;
    case "int":
      return argument.type === "integer" && argument.magnitude <= INT_MAX;
    case "bool":
      return argument.type === "boolean";
    case "enum":
      return argument.type === "word" && argument.value < type.words.length;
  }
}

function isNone(account: AccountId): boolean {
  return account.every((byte) => byte === 0);
}

/** Returns a type as sources write it. */
function nameOf(type: ArgumentType): string {
  if (type.kind === "enum") return type.name;
  return `${type.kind.charAt(0).toUpperCase()}${type.kind.slice(1)}`;
}
