import { type ArgumentType, nearestName } from "@aethel/verifier";
import { failure } from "../failure/failure.ts";
import type { GivenCall } from "./call-words.ts";
import { type ReadingContext, type ReadValue, readValue } from "./read-value.ts";

/** Parameter of an intent, alone or of a contract. */
export interface CallParameter {
  readonly name: string;
  readonly type: ArgumentType;
  readonly isSigner: boolean;
  /** Whether an account may be `none`. */
  readonly isOptional: boolean;
}

/** Value of one parameter, as it is read. */
export interface NamedValue {
  readonly parameter: CallParameter;
  readonly value: Extract<ReadValue, { readonly ok: true }>["value"];
  /** Whether nobody wrote it: a sole signer is the author. */
  readonly isAssumed: boolean;
}

/**
 * Reads the arguments of a call by the names of its parameters, in the order of the parameters. A
 * missing argument of the only `signer` parameter is the author.
 * @throws NodeError `USAGE` with a line for each unknown, missing or wrong argument.
 */
export async function readArguments(
  { target, given }: GivenCall,
  parameters: readonly CallParameter[],
  context: ReadingContext & { readonly author: string | undefined },
): Promise<readonly NamedValue[]> {
  const problems = given
    .filter(({ name }) => !parameters.some((one) => one.name === name))
    .map(({ name }) => unknownArgument(name, parameters));
  const signers = parameters.filter(({ isSigner }) => isSigner);
  const values: NamedValue[] = [];
  for (const parameter of parameters) {
    const written = given.find(({ name }) => name === parameter.name);
    const isAssumed = written === undefined && parameter.isSigner && signers.length === 1;
    if (isAssumed && context.author !== undefined) {
      values.push({ parameter, value: context.author, isAssumed });
      continue;
    }
    if (written === undefined) {
      problems.push(`missing: ${signatureOf(parameter)}`);
      continue;
    }
    const read = await readOne(written.text, parameter, context);
    if (read.ok) values.push({ parameter, value: read.value, isAssumed: false });
    else problems.push(`${parameter.name}: ${read.reason}`);
  }
  if (problems.length === 0) return values;
  const all = parameters.map(signatureOf).join(", ");
  const next = parameters.length === 0 ? "give it no argument" : `it takes (${all})`;
  throw failure("USAGE", `the arguments do not fit ${target}`, next).explainedBy(problems);
}

async function readOne(
  text: string | undefined,
  parameter: CallParameter,
  context: ReadingContext,
): Promise<ReadValue> {
  if (text === undefined) {
    if (parameter.type.kind === "bool") return { ok: true, value: true };
    return { ok: false, reason: "has no value: write it after the name" };
  }
  const read = await readValue(text, parameter.type, context);
  if (!read.ok) return { ok: false, reason: `\`${text.slice(0, 80)}\` ${read.reason}` };
  const isNone = parameter.type.kind === "account" && read.value === NONE;
  if (!isNone || parameter.isOptional) return read;
  return { ok: false, reason: "is not optional, so it cannot be `none`" };
}

const NONE = "0".repeat(64);

function unknownArgument(name: string, parameters: readonly CallParameter[]): string {
  const near = nearestName(
    name,
    parameters.map((one) => one.name),
  );
  const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
  return `there is no parameter \`${name}\`${hint}`;
}

/** Writes a parameter as the language does: `signer payer: Account`. */
export function signatureOf({ name, type, isSigner, isOptional }: CallParameter): string {
  const prefix = isSigner ? "signer " : isOptional ? "optional " : "";
  return `${prefix}${name}: ${typeName(type)}`;
}

/** Name of a type in the language. */
export function typeName(type: ArgumentType): string {
  return type.kind === "enum" ? type.name : `${type.kind[0]?.toUpperCase()}${type.kind.slice(1)}`;
}
