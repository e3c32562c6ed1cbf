import {
  type Argument,
  Argument as ArgumentCodec,
  fromHex,
  toAccountId,
  toAmount,
  toAssetId,
  toDigest,
} from "@aethel/models";
import { z } from "zod";
import type { IntentBody } from "../api/api.ts";
import { failure } from "../failure/failure.ts";
import type { NodeClient } from "./node-client.ts";

const hex32 = z.string().regex(/^(0x)?[0-9a-fA-F]{64}$/, "64 hex digits are needed");
const integer = z.string().regex(/^-?\d{1,39}$/, "a whole number in quotes is needed");

const CallArgument = z.union([
  z.strictObject({ account: hex32 }),
  z.strictObject({ amount: z.string().regex(/^\d{1,20}$/, "micro-tokens in quotes are needed") }),
  z.strictObject({ integer }),
  z.strictObject({ boolean: z.boolean() }),
  z.strictObject({ asset: hex32 }),
]);

/** Call in a file: `{ "intent": "transfer", "arguments": [{ "account": "..." }, ...] }`. */
export const CallFile = z.strictObject({
  /** Name of a published intent, or its digest. */
  intent: z.string().min(1),
  arguments: z.array(CallArgument).max(64),
});
export type CallFile = z.infer<typeof CallFile>;

/** Reads a call. @throws NodeError `FILE` that names the field to correct. */
export function parseCall(file: string, text: string): CallFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw failure("FILE", `${file} is not JSON`, "correct the file", cause);
  }
  const parsed = CallFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? "" : ` at \`${issue.path.join(".")}\`: ${issue.message}`;
  const next = 'write { "intent": NAME, "arguments": [{ "account": HEX }, { "amount": "5" }] }';
  throw failure("FILE", `${file} is no call${where}`, next, parsed.error);
}

/** Converts the arguments of a call to their wire form. */
export function callArguments(call: CallFile): readonly Argument[] {
  return call.arguments.map((given) => {
    if ("account" in given) return { type: "account", value: toAccountId(fromHex(given.account)) };
    if ("amount" in given) return { type: "amount", value: toAmount(BigInt(given.amount)) };
    if ("asset" in given) return { type: "asset", value: toAssetId(fromHex(given.asset)) };
    if ("boolean" in given) return { type: "boolean", value: given.boolean };
    const value = BigInt(given.integer);
    const argument: Argument = {
      type: "integer",
      negative: value < 0n,
      magnitude: value < 0n ? -value : value,
    };
    // The codec checks the bound, here instead of after signing.
    ArgumentCodec.encode(argument);
    return argument;
  });
}

const DIGEST = /^(0x)?[0-9a-fA-F]{64}$/;

/**
 * Fetches the intents that have the name in a call. Fetches nothing if the call names its intent by
 * digest.
 */
export async function intentsFor(
  { intent }: CallFile,
  client: Pick<NodeClient, "intents">,
): Promise<readonly IntentBody[]> {
  return DIGEST.test(intent) ? [] : await client.intents(intent);
}

/** Finds the digest of the intent that a call names. @throws NodeError `NOT_FOUND`, `USAGE`. */
export function resolveIntent(
  call: CallFile,
  intents: readonly IntentBody[],
): ReturnType<typeof toDigest> {
  if (DIGEST.test(call.intent)) return toDigest(fromHex(call.intent));
  const named = intents.filter(({ name }) => name === call.intent);
  const standard = named.find(({ origin }) => origin === "genesis");
  const [only] = standard === undefined ? named : [standard];
  if (only === undefined) {
    const next =
      "publish it first, or write CONTRACT.INTENT if it is in a contract " +
      "(`aethel contracts` lists them)";
    throw failure("NOT_FOUND", `there is no intent named ${call.intent}`, next);
  }
  if (standard === undefined && named.length > 1) {
    const next = `name one by its digest: ${named.map(({ digest }) => digest).join(", ")}`;
    throw failure("USAGE", `${named.length} intents are named ${call.intent}`, next);
  }
  return toDigest(fromHex(only.digest));
}
