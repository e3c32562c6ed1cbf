import { type Argument, equalBytes, type Invoke, toHex } from "@aethel/models";
import { contractIntentDigest } from "@aethel/verifier";
import { visible } from "../terminal/visible.ts";
import type { CallParameter } from "./arguments.ts";
import type { ComposedCall } from "./compose-calls.ts";
import { type ContractClient, findContract } from "./find-contract.ts";

/**
 * Program of a call, as a file with signatures names it. It is not trusted: whoever signs computes
 * the digest again.
 */
export interface ProgramHint {
  /** Digest of the contract in hexadecimal digits; absent for an intent that is in no contract. */
  readonly contract?: string | undefined;
  readonly intent: string;
}

/** Programs of composed calls, in their order. */
export function hintsOf(calls: readonly ComposedCall[]): readonly ProgramHint[] {
  return calls.map(({ title, contract }) => {
    if (contract === undefined) return { intent: title };
    return { contract: contract.detail.digest, intent: title.slice(title.lastIndexOf(".") + 1) };
  });
}

/** Describes composed calls, each on a line: `escrow.release  id 7`. */
export function describeComposed(calls: readonly ComposedCall[]): readonly string[] {
  return calls.map(({ title, values, call }) =>
    lineOf(
      title,
      values.map(({ parameter, isAssumed }, at) => {
        const note = isAssumed ? " (the author)" : "";
        return `${parameter.name} ${argumentText(call.arguments[at], parameter)}${note}`;
      }),
    ),
  );
}

/**
 * Describes the calls of a transaction that somebody else composed, each on a line. The name of a
 * contract's intent is shown only if the digest in the call is that of the intent.
 */
export async function describeForeign(
  client: ContractClient,
  { calls }: Pick<Invoke, "calls">,
  hints: readonly ProgramHint[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [at, call] of calls.entries()) {
    const hint = hints[at];
    const found =
      hint?.contract === undefined ? undefined : await findContract(client, hint.contract);
    const intent = found?.typed.intents.find(({ name }) => name === hint?.intent);
    const isNamed =
      found !== undefined &&
      intent !== undefined &&
      equalBytes(contractIntentDigest(found.typed.digest, intent.name), call.intent);
    const title = isNamed
      ? `${found.typed.name}@${toHex(found.typed.digest).slice(0, 8)}.${intent.name}`
      : `intent ${toHex(call.intent)}`;
    const parameters = isNamed ? intent.parameters : [];
    const values = call.arguments.map((argument, index) => {
      const parameter = parameters[index];
      return `${parameter?.name ?? `${index + 1}.`} ${argumentText(argument, parameter)}`;
    });
    lines.push(lineOf(title, values));
  }
  return lines;
}

function lineOf(title: string, values: readonly string[]): string {
  return visible(`calls      ${[title, ...values].join("  ")}`);
}

function argumentText(
  argument: Argument | undefined,
  parameter: CallParameter | undefined,
): string {
  switch (argument?.type) {
    case undefined:
      return "";
    case "account":
    case "asset":
    case "digest":
    case "signature":
      return toHex(argument.value);
    case "amount":
    case "boolean":
      return String(argument.value);
    case "integer":
      return String(argument.negative ? -argument.magnitude : argument.magnitude);
    case "word":
      return parameter?.type.kind === "enum"
        ? (parameter.type.words[argument.value] ?? String(argument.value))
        : String(argument.value);
  }
}
