import { readFile } from "node:fs/promises";
import { hashGenesis, type ProofBody, signProof, toAccountId, toAmount } from "@aethel/models";
import { parseCall } from "../client/call-file.ts";
import { composeBody } from "../client/compose-body.ts";
import { createNodeClient, type NodeClient } from "../client/node-client.ts";
import { describeAgreement, runOf } from "../contract/agreement.ts";
import { describeForeign } from "../contract/describe-calls.ts";
import { failure } from "../failure/failure.ts";
import { note, print } from "../terminal/output.ts";
import { openAuthor } from "./author.ts";
import { reasonToAsk } from "./compose-call.ts";
import { type ConsentOptions, consent } from "./consent.ts";
import { checkFeeLimit, type FeeOptions } from "./fee-bound.ts";
import { describeReceipt, exitCodeFor, type SendOptions, sendProof } from "./send-proof.ts";

interface SubmitOptions extends SendOptions, ConsentOptions, FeeOptions {
  readonly account: string;
  readonly url: string;
  readonly limit?: number;
  readonly tip?: bigint;
  readonly nonce?: number;
  readonly passwordFile?: string;
}

/**
 * Runs `aethel submit`: exit code 0 if the outcome of the proof is `applied` or `recorded`, 1
 * otherwise.
 */
export async function submit(file: string, options: SubmitOptions): Promise<number> {
  const client = createNodeClient(options.url);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw failure("FILE", `${file} cannot be read`, "name a file that is there", cause);
  });
  const signer = await openAuthor(options);
  const author = toAccountId(signer.publicKey);
  const body = await composeBody(client, { file, bytes, author, ...options });
  const genesis = await client.genesis();
  // The node knows the base fee, and the accounts that a call would create.
  const fee = options.fee ?? BigInt((await client.quote(body)).feeLimit);
  const priced = { ...body, feeLimit: toAmount(fee) };
  const shown = await describeFile(client, { file, bytes, body: priced });
  if (options.json !== true) for (const line of shown) note(line);
  checkFeeLimit(priced, options);
  const reason = priced.type === "invoke" ? reasonToAsk(client.url, priced) : undefined;
  await consent(shown, reason, options);
  const proof = signProof(hashGenesis(genesis), priced, [signer]);
  const receipt = await sendProof(client, proof, options);
  if (receipt !== undefined) {
    print(options.json === true ? JSON.stringify(receipt) : describeReceipt(receipt));
  }
  return exitCodeFor(receipt);
}

/** Describes all that the author of a file's proof agrees to. */
async function describeFile(
  client: NodeClient,
  {
    file,
    bytes,
    body,
  }: { readonly file: string; readonly bytes: Uint8Array; readonly body: ProofBody },
): Promise<readonly string[]> {
  const { head } = await client.status();
  const about = { assets: new Map(), run: undefined, head: head.sequence };
  if (body.type !== "invoke") {
    return describeAgreement(body, { ...about, content: [`${body.type.padEnd(11)}${file}`] });
  }
  const { intent } = parseCall(file, new TextDecoder().decode(bytes));
  const { lines: content, assets } = await describeForeign(client, body, [{ intent }]);
  return describeAgreement(body, { ...about, content, assets, run: await runOf(client, body) });
}
