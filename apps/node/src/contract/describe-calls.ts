import { type Argument, type Call, equalBytes, type Invoke, toHex } from "@aethel/models";
import { contractIntentDigest } from "@aethel/verifier";
import type { NodeClient } from "../client/node-client.ts";
import { visible } from "../terminal/visible.ts";
import type { CallParameter } from "./arguments.ts";
import { assetsNamed, type ComposedCall } from "./compose-calls.ts";
import { type ContractClient, type FoundContract, findContract } from "./find-contract.ts";
import type { AssetNames } from "./spending.ts";

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

/** Text about calls, and the assets that the called contracts declare, by name. */
export interface DescribedCalls {
  readonly lines: readonly string[];
  readonly assets: AssetNames;
}

/** Client of a node, as far as calls are described with it. */
export type DescribingClient = ContractClient & Pick<NodeClient, "intents">;

/**
 * Describes composed calls, each on a line such as `escrow.release  id 7`, with the whole digest of
 * what is called below it.
 */
export async function describeComposed(
  client: DescribingClient,
  calls: readonly ComposedCall[],
): Promise<DescribedCalls> {
  const lines: string[] = [];
  for (const { title, values, call, contract } of calls) {
    const texts = values.map(({ parameter, isAssumed }, at) => {
      const note = isAssumed ? " (the author)" : "";
      return `${parameter.name} ${argumentText(call.arguments[at], parameter)}${note}`;
    });
    lines.push(lineOf(title, texts), ...(await programLines(client, contract, call)));
  }
  return { lines: once(lines), assets: assetsNamed(calls) };
}

/**
 * Describes the calls of a transaction that somebody else composed, as those of its own are. The
 * name of a contract's intent is shown only if the digest in the call is that of the intent.
 */
export async function describeForeign(
  client: DescribingClient,
  { calls }: Pick<Invoke, "calls">,
  hints: readonly ProgramHint[],
): Promise<DescribedCalls> {
  const lines: string[] = [];
  const contracts: { readonly contract: FoundContract }[] = [];
  for (const [at, call] of calls.entries()) {
    const { title, names, contract } = await programOf(client, call, hints[at]);
    const values = call.arguments.map((argument, index) => {
      const { name = `${index + 1}.`, parameter } = names[index] ?? {};
      return `${name} ${argumentText(argument, parameter)}`;
    });
    if (contract !== undefined) contracts.push({ contract });
    lines.push(lineOf(title, values), ...(await programLines(client, contract, call)));
  }
  return { lines: once(lines), assets: assetsNamed(contracts) };
}

/** Program of a call by somebody else, as far as it could be found. */
interface Program {
  readonly title: string;
  readonly names: readonly { readonly name: string; readonly parameter?: CallParameter }[];
  readonly contract: FoundContract | undefined;
}

async function programOf(
  client: DescribingClient,
  call: Call,
  hint: ProgramHint | undefined,
): Promise<Program> {
  const unknown = { title: "an intent that is not known here", names: [], contract: undefined };
  if (hint === undefined) return unknown;
  if (hint.contract === undefined) {
    const named = await client.intents(hint.intent);
    const found = named.find(({ digest }) => digest === toHex(call.intent));
    if (found === undefined) return unknown;
    const names = found.parameters.map(({ name }) => ({ name }));
    return { title: `${found.name} (as the node names it)`, names, contract: undefined };
  }
  const contract = await findContract(client, hint.contract);
  const intent = contract.typed.intents.find(({ name }) => name === hint.intent);
  const isNamed =
    intent !== undefined &&
    equalBytes(contractIntentDigest(contract.typed.digest, intent.name), call.intent);
  if (!isNamed) return unknown;
  const names = intent.parameters.map((parameter) => ({ name: parameter.name, parameter }));
  return { title: `${contract.typed.name}.${intent.name}`, names, contract };
}

/** Lines with the whole digest of what is called, and a warning if its name is not unique. */
async function programLines(
  client: ContractClient,
  contract: FoundContract | undefined,
  { intent }: Call,
): Promise<readonly string[]> {
  if (contract === undefined) return [`           intent ${toHex(intent)}`];
  const { name } = contract.typed;
  const own = toHex(contract.typed.digest);
  const others = (await client.contracts(name)).filter(({ digest }) => digest !== own);
  const line = `           contract ${name} ${own}`;
  if (others.length === 0) return [line];
  const count = `${others.length} other published ${others.length === 1 ? "contract has" : "contracts have"}`;
  return [line, `WARNING    ${count} the name ${name}: compare all digits of the digest`];
}

/** Leaves out warnings that have been given before. */
function once(lines: readonly string[]): readonly string[] {
  return lines.filter((line, at) => !line.startsWith("WARNING") || lines.indexOf(line) === at);
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
