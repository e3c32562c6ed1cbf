import { type AssetId, type Call, equalBytes, toHex } from "@aethel/models";
import { type ArgumentType, contractIntentDigest } from "@aethel/verifier";
import type { IntentBody } from "../api/api.ts";
import { resolveIntent } from "../client/call-file.ts";
import type { NodeClient } from "../client/node-client.ts";
import { failure } from "../failure/failure.ts";
import { type CallParameter, type NamedValue, readArguments } from "./arguments.ts";
import type { GivenCall } from "./call-words.ts";
import {
  type ContractClient,
  type FoundContract,
  findContract,
  findContractIntent,
} from "./find-contract.ts";
import type { ReadingContext } from "./read-value.ts";
import { wireArgument } from "./wire-argument.ts";

/** Call that is ready for a transaction. */
export interface ComposedCall {
  readonly call: Call;
  /** Name of what is called, such as `escrow.release`. */
  readonly title: string;
  readonly values: readonly NamedValue[];
  /** Contract that is called. Undefined for an intent that is in no contract. */
  readonly contract: FoundContract | undefined;
}

/** Facts on which the meaning of a call depends. */
export interface ComposingContext extends ReadingContext {
  /** Account of the author, in hexadecimal digits. */
  readonly author: string;
}

/**
 * Composes calls from what was written: finds each contract or intent on the chain, and reads its
 * arguments by the names of its parameters. Each contract is fetched once.
 */
export async function composeCalls(
  client: ContractClient & Pick<NodeClient, "intents">,
  calls: readonly GivenCall[],
  context: ComposingContext,
): Promise<readonly ComposedCall[]> {
  const contracts = new Map<string, FoundContract>();
  const composed: ComposedCall[] = [];
  for (const given of calls) {
    const dot = given.target.lastIndexOf(".");
    if (dot < 0) {
      composed.push(await composeIntent(client, given, context));
      continue;
    }
    const name = given.target.slice(0, dot);
    const contract = contracts.get(name) ?? (await findContract(client, name));
    contracts.set(name, contract);
    composed.push(await composeContractCall(contract, given, context));
  }
  return composed;
}

async function composeContractCall(
  contract: FoundContract,
  given: GivenCall,
  context: ComposingContext,
): Promise<ComposedCall> {
  const intent = findContractIntent(
    contract,
    given.target.slice(given.target.lastIndexOf(".") + 1),
  );
  const values = await readArguments(given, intent.parameters, context);
  const { typed } = contract;
  const title = `${typed.name}.${intent.name}`;
  const digest = contractIntentDigest(typed.digest, intent.name);
  return { call: { intent: digest, arguments: values.map(wireArgument) }, title, values, contract };
}

/** Composes a call of an intent that is in no contract, by its name or digest. */
async function composeIntent(
  client: Pick<NodeClient, "intents">,
  given: GivenCall,
  context: ComposingContext,
): Promise<ComposedCall> {
  const named = await client.intents(given.target);
  const digest = resolveIntent({ intent: given.target, arguments: [] }, named);
  const body = named.find((one) => one.digest === toHex(digest));
  if (body === undefined) {
    const next = "name the intent, not its digest, or write `aethel submit call.json`";
    throw failure("USAGE", `the parameters of ${given.target} are not known here`, next);
  }
  const values = await readArguments(given, body.parameters.map(parameterOf), context);
  const call = { intent: digest, arguments: values.map(wireArgument) };
  return { call, title: body.name, values, contract: undefined };
}

function parameterOf({ name, type, signer }: IntentBody["parameters"][number]): CallParameter {
  const known = TYPES.get(type);
  if (known === undefined) {
    const next = "write the call as JSON and give it to `aethel submit`";
    throw failure("USAGE", `the type ${type} of parameter \`${name}\` is not known here`, next);
  }
  return { name, type: known, isSigner: signer, isOptional: false };
}

const TYPES: ReadonlyMap<string, ArgumentType> = new Map<string, ArgumentType>([
  ["Account", { kind: "account" }],
  ["Amount", { kind: "amount" }],
  ["Int", { kind: "int" }],
  ["Bool", { kind: "bool" }],
]);

/** Accounts that the `signer` parameters of calls name, each once, in hexadecimal digits. */
export function signersNamed(calls: readonly ComposedCall[]): readonly string[] {
  const named = calls.flatMap(({ values }) =>
    values.flatMap(({ parameter, value }) => (parameter.isSigner ? [String(value)] : [])),
  );
  return [...new Set(named)];
}

/** Assets that the called contracts declare, by name. A name with two meanings is left out. */
export function assetsNamed(
  calls: readonly Pick<ComposedCall, "contract">[],
): ReadonlyMap<string, AssetId> {
  const declared = calls.flatMap(({ contract }) => contract?.typed.assets ?? []);
  return new Map(
    declared.flatMap(({ name, id }) => {
      const isOne = declared.every((other) => other.name !== name || equalBytes(other.id, id));
      return isOne ? [[name, id]] : [];
    }),
  );
}
