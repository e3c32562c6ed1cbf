import { readFile } from "node:fs/promises";
import {
  createSigner,
  hashGenesis,
  hashProof,
  type ProofBody,
  signProof,
  toAccountId,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { RESOURCE_LIMIT_DEFAULT } from "@aethel/verifier";
import { failure } from "../cli/failure.ts";
import { formatTokens } from "../cli/format.ts";
import { note, print } from "../cli/output.ts";
import { callArguments, intentsFor, parseCall, resolveIntent } from "../client/call-file.ts";
import { feeLimitFor } from "../client/fee-limit.ts";
import { createNodeClient, type NodeClient } from "../client/node-client.ts";
import { untilFinal } from "../client/until-final.ts";
import type { ReceiptBody } from "../http/api.ts";
import { openKeyFile } from "../keys/key-file.ts";
import { readPassword } from "../keys/password.ts";

interface SubmitOptions {
  readonly account: string;
  readonly url: string;
  readonly limit?: number;
  readonly fee?: bigint;
  readonly wait: boolean;
  readonly timeout: number;
  readonly passwordFile?: string;
  readonly json?: boolean;
}

/** Units that a call may take unless told otherwise. */
const EXECUTION_LIMIT = 100_000;
/** Blocks for which a submitted proof stays good. */
const EXPIRY = 1_000;

/** `aethel submit`: exit code 0 when it was applied (or taken, with --no-wait), 1 otherwise. */
export async function submit(file: string, options: SubmitOptions): Promise<number> {
  const client = createNodeClient(options.url);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw failure("FILE", `${file} cannot be read`, "name a file that is there", cause);
  });
  const password = await readPassword({ file: options.passwordFile, confirm: "once" });
  // A validator that joined by staking has its consensus key as its account.
  const purpose = ["account", "consensus"] as const;
  const secret = await openKeyFile({ file: options.account, purpose, password });
  const signer = createSigner(secret);
  const body = await composeBody(client, { file, bytes, author: signer.publicKey, options });
  const genesis = await client.genesis();
  const priced = {
    ...body,
    feeLimit: toAmount(options.fee ?? feeLimitFor(genesis.parameters, body)),
  };
  const proof = signProof(hashGenesis(genesis), priced, [signer]);
  const hash = toHex(hashProof(proof));

  await client.submit(proof);
  if (!options.wait) {
    print(options.json === true ? JSON.stringify({ hash, status: "pending" }) : `pending  ${hash}`);
    return 0;
  }
  if (options.json !== true) note(`in the mempool: ${hash}`);
  const receipt = await untilFinal(client, hash, options.timeout * 1000);
  print(options.json === true ? JSON.stringify(receipt) : describeReceipt(receipt));
  return receipt.outcome === "applied" || receipt.outcome === "recorded" ? 0 : 1;
}

async function composeBody(
  client: NodeClient,
  given: {
    readonly file: string;
    readonly bytes: Uint8Array;
    readonly author: Uint8Array;
    readonly options: SubmitOptions;
  },
): Promise<ProofBody> {
  const { file, bytes, author, options } = given;
  const isCall = file.endsWith(".json");
  const [{ nextNonce }, { head }] = await Promise.all([
    client.account(toHex(author)),
    client.status(),
  ]);
  const envelope = {
    author: toAccountId(author),
    nonce: toNonce(nextNonce),
    resourceLimit: toResource(options.limit ?? (isCall ? EXECUTION_LIMIT : RESOURCE_LIMIT_DEFAULT)),
    feeLimit: toAmount(0n),
    expiry: toSequence(head.sequence + EXPIRY),
  };
  if (file.endsWith(".ae")) return { type: "publish", ...envelope, source: new Uint8Array(bytes) };
  if (file.endsWith(".smt2")) {
    return { type: "theorem", ...envelope, script: new Uint8Array(bytes) };
  }
  if (!isCall) {
    const next = "name a .ae file (intents), a .smt2 file (theorem) or a .json file (call)";
    throw failure("USAGE", `${file} is none of the kinds that can be submitted`, next);
  }
  const call = parseCall(file, new TextDecoder().decode(bytes));
  const intent = resolveIntent(call, await intentsFor(call, client));
  return { type: "invoke", ...envelope, intent, arguments: callArguments(call), cosigners: [] };
}

function describeReceipt(receipt: ReceiptBody): string {
  const { outcome, sequence, difficulty, fee, detail, kind, trust } = receipt;
  const basis = kind === "invoke" || trust === "none" ? "" : ` (${trust})`;
  const facts = `${outcome}${basis}  sequence ${sequence}, difficulty ${difficulty}, fee ${formatTokens(BigInt(fee))}`;
  return detail === "" ? facts : `${facts}\n${detail}`;
}
