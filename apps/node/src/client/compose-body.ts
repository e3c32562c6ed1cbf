import {
  type AccountId,
  type ProofBody,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { RESOURCE_LIMIT_DEFAULT } from "@aethel/verifier";
import { failure } from "../failure/failure.ts";
import { callArguments, intentsFor, parseCall, resolveIntent } from "./call-file.ts";
import type { NodeClient } from "./node-client.ts";

/** Default resource limit of a call. */
const EXECUTION_LIMIT = 100_000;
/** Number of blocks until a submitted proof expires. */
const EXPIRY = 1_000;

/** Builds the body of a proof from a file, with a fee limit of 0. */
export async function composeBody(
  client: NodeClient,
  given: {
    readonly file: string;
    readonly bytes: Uint8Array;
    readonly author: AccountId;
    readonly limit?: number;
    readonly tip?: bigint;
    /** Nonce of the proof. Default: the author's next unused nonce. */
    readonly nonce?: number;
  },
): Promise<ProofBody> {
  const { file, bytes, author, limit, tip, nonce } = given;
  const isCall = file.endsWith(".json");
  const [{ nextNonce }, { head }] = await Promise.all([
    client.account(toHex(author)),
    client.status(),
  ]);
  const envelope = {
    author,
    nonce: toNonce(nonce ?? nextNonce),
    resourceLimit: toResource(limit ?? (isCall ? EXECUTION_LIMIT : RESOURCE_LIMIT_DEFAULT)),
    feeLimit: toAmount(0n),
    expiry: toSequence(head.sequence + EXPIRY),
    ...(tip === undefined ? {} : { tip: toAmount(tip) }),
  };
  if (file.endsWith(".ae")) return { type: "publish", ...envelope, source: new Uint8Array(bytes) };
  if (file.endsWith(".smt2")) {
    return { type: "theorem", ...envelope, script: new Uint8Array(bytes) };
  }
  if (!isCall) {
    const next = "name a .ae file (intents), a .smt2 file (theorem) or a .json file (call)";
    throw failure("USAGE", `${file} is not a .ae, .smt2 or .json file`, next);
  }
  const call = parseCall(file, new TextDecoder().decode(bytes));
  const intent = resolveIntent(call, await intentsFor(call, client));
  const calls = [{ intent, arguments: callArguments(call) }];
  return { type: "invoke", ...envelope, calls, cosigners: [] };
}
