import { readFile } from "node:fs/promises";
import { fromHex, toAccountId } from "@aethel/models";
import { failure } from "../cli/failure.ts";
import { formatTokens } from "../cli/format.ts";
import { print } from "../cli/output.ts";
import { composeBody } from "../client/compose-body.ts";
import { createNodeClient } from "../client/node-client.ts";
import type { FeesBody, QuoteBody } from "../http/fee-api.ts";

interface QuoteOptions {
  readonly url: string;
  readonly author?: string;
  readonly limit?: number;
  readonly tip?: bigint;
  readonly json?: boolean;
}

const ACCOUNT = /^(0x)?[0-9a-fA-F]{64}$/;

/** `aethel quote [FILE]`: what a place costs, and what a proof would; nothing is signed or sent. */
export async function quote(file: string | undefined, options: QuoteOptions): Promise<number> {
  const client = createNodeClient(options.url);
  if (file === undefined) {
    const fees = await client.fees();
    print(options.json === true ? JSON.stringify(fees) : describeFees(fees));
    return 0;
  }
  const author = options.author ?? "";
  if (!ACCOUNT.test(author)) {
    throw failure(
      "USAGE",
      "whose proof it would be is not said",
      "give --author ACCOUNT, 64 hex digits",
    );
  }
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw failure("FILE", `${file} cannot be read`, "name a file that is there", cause);
  });
  const id = toAccountId(fromHex(author));
  const body = await composeBody(client, { file, bytes, ...options, author: id });
  const quoted = await client.quote(body);
  print(options.json === true ? JSON.stringify(quoted) : describeQuote(quoted));
  return quoted.run?.type === "refused" ? 1 : 0;
}

const tokens = (amount: string): string => formatTokens(BigInt(amount));

function describeFees({ sequence, invoke, judged, creationFee, statePrice }: FeesBody): string {
  const lane = (fee: FeesBody["invoke"]): string =>
    `${tokens(fee.baseFee)} for a million units of weight, at least ${tokens(fee.floor)}`;
  return [
    `sequence   ${sequence}`,
    `calls      ${lane(invoke)}`,
    `judged     ${lane(judged)}`,
    `state      ${tokens(creationFee)} for a new account, ${tokens(statePrice)} for each KiB published`,
  ].join("\n");
}

function describeQuote({ lane, baseFee, weight, feeLimit, run }: QuoteBody): string {
  const rows = [
    `fee limit  ${tokens(feeLimit)}, of which comes back what is not charged`,
    `base fee   ${tokens(baseFee)} for a million units of weight, in the ${lane} lane`,
    `weight     ${weight} at most; a lane's whole share is 1000000000`,
  ];
  if (run?.type === "refused") rows.push(`refused    ${run.code}: ${run.message}`);
  if (run?.type === "run") {
    const parts = `burned ${tokens(run.burned)}, tip ${tokens(run.tip)}`;
    rows.push(`now        ${run.outcome}, ${run.units} units, ${tokens(run.charged)} (${parts})`);
  }
  return rows.join("\n");
}
