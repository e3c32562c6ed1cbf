import { type AccountId, type Argument, type Call, equalBytes } from "@aethel/models";
import type { ContractInterface } from "../../programs/contract-interface.ts";
import { type Refusal, refusal } from "../../results/refusal.ts";
import type { InterfaceParameter } from "../../state/contract-records.ts";

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
  let unsigned: InterfaceParameter | undefined;
  for (const [at, parameter] of parameters.entries()) {
    const argument = given[at];
    const { isOptional, isSigner } = parameter;
    if (argument === undefined || !isOfType(argument, parameter)) {
      return refusal(
        "arguments",
        `${program}: \`${textIn(parameter.name)}\` must be of type ${nameOf(parameter)}`,
      );
    }
    if (argument.type !== "account") continue;
    if (!isOptional && isNone(argument.value)) {
      const message = `${program}: \`${textIn(parameter.name)}\` must be an account, not none`;
      return refusal("arguments", message);
    }
    if (isSigner && !signers.some((one) => equalBytes(one, argument.value))) unsigned ??= parameter;
  }
  if (unsigned === undefined) return undefined;
  return refusal("signers", `${program} needs the signature of \`${textIn(unsigned.name)}\``);
}

/** Largest magnitude of an `Int` of a contract: 127 bits. The wire format has 128. */
const INT_MAX = (1n << 127n) - 1n;

function isOfType(argument: Argument, { kind, words }: InterfaceParameter): boolean {
  switch (kind) {
    case "account":
    case "amount":
    case "digest":
    case "signature":
      return argument.type === kind;
    case "int":
      return argument.type === "integer" && argument.magnitude <= INT_MAX;
    case "bool":
      return argument.type === "boolean";
    case "enum":
      return argument.type === "word" && argument.value < words;
  }
}

function isNone(account: AccountId): boolean {
  return account.every((byte) => byte === 0);
}

/** Returns the type of a parameter as sources write it. */
function nameOf({ kind, typeName }: InterfaceParameter): string {
  if (kind === "enum") return textIn(typeName);
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}

function textIn(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
