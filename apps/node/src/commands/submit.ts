import { readFile } from "node:fs/promises";
import { hashGenesis, signProof, toAccountId, toAmount } from "@aethel/models";
import { composeBody } from "../client/compose-body.ts";
import { createNodeClient } from "../client/node-client.ts";
import { failure } from "../failure/failure.ts";
import { print } from "../terminal/output.ts";
import { openAuthor } from "./author.ts";
import { describeReceipt, exitCodeFor, type SendOptions, sendProof } from "./send-proof.ts";

interface SubmitOptions extends SendOptions {
  readonly account: string;
  readonly url: string;
  readonly limit?: number;
  readonly fee?: bigint;
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
  const proof = signProof(hashGenesis(genesis), priced, [signer]);
  const receipt = await sendProof(client, proof, options);
  if (receipt !== undefined) {
    print(options.json === true ? JSON.stringify(receipt) : describeReceipt(receipt));
  }
  return exitCodeFor(receipt);
}
