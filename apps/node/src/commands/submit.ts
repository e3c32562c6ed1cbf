import { readFile } from "node:fs/promises";
import {
  createSigner,
  hashGenesis,
  hashProof,
  signProof,
  toAccountId,
  toAmount,
  toHex,
} from "@aethel/models";
import type { ReceiptBody } from "../api/api.ts";
import { composeBody } from "../client/compose-body.ts";
import { createNodeClient } from "../client/node-client.ts";
import { untilFinal } from "../client/until-final.ts";
import { failure } from "../failure/failure.ts";
import { openKeyFile } from "../keys/key-file.ts";
import { readPassword } from "../keys/password.ts";
import { formatTokens } from "../terminal/format.ts";
import { note, print } from "../terminal/output.ts";

interface SubmitOptions {
  readonly account: string;
  readonly url: string;
  readonly limit?: number;
  readonly fee?: bigint;
  readonly tip?: bigint;
  readonly nonce?: number;
  readonly wait: boolean;
  readonly timeout: number;
  readonly passwordFile?: string;
  readonly json?: boolean;
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
  const password = await readPassword({ file: options.passwordFile, confirm: "once" });
  // The account of a founding validator may be its consensus key.
  const purpose = ["account", "consensus"] as const;
  const secret = await openKeyFile({ file: options.account, purpose, password });
  const signer = createSigner(secret);
  const author = toAccountId(signer.publicKey);
  const body = await composeBody(client, { file, bytes, author, ...options });
  const genesis = await client.genesis();
  // The node knows the base fee, and the accounts that a call would create.
  const fee = options.fee ?? BigInt((await client.quote(body)).feeLimit);
  const priced = { ...body, feeLimit: toAmount(fee) };
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

function describeReceipt(receipt: ReceiptBody): string {
  const { outcome, sequence, difficulty, fee, burned, tip, detail, kind, trust } = receipt;
  const basis = kind === "invoke" || trust === "none" ? "" : ` (${trust})`;
  const tokens = (amount: string): string => formatTokens(BigInt(amount));
  const tipped = tip === "0" ? "" : `, tip ${tokens(tip)}`;
  const paid = `fee ${tokens(fee)} (burned ${tokens(burned)}${tipped})`;
  const facts = `${outcome}${basis}  sequence ${sequence}, difficulty ${difficulty}, ${paid}`;
  return detail === "" ? facts : `${facts}\n${detail}`;
}
