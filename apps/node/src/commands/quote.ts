import { readFile } from "node:fs/promises";
import { fromHex, toAccountId } from "@aethel/models";
import type { FeesBody, QuoteBody } from "../api/fee-api.ts";
import { composeBody } from "../client/compose-body.ts";
import { createNodeClient } from "../client/node-client.ts";
import { failure } from "../failure/failure.ts";
import { formatTokens } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";

interface QuoteOptions {
  readonly url: string;
  readonly author?: string;
  readonly limit?: number;
  readonly tip?: bigint;
  readonly json?: boolean;
}

const ACCOUNT = /^(0x)?[0-9a-fA-F]{64}$/;

/**
 * Runs `aethel quote [FILE]`: shows the current fees, or the cost of the proof in a file. Signs and
 * submits nothing.
 */
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
      "--author is missing",
      "give --author ACCOUNT, 64 hex digits, with a file",
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

function describeFees(fees: FeesBody): string {
  const { sequence, invoke, judged, creationFee, statePrice, depositPrice } = fees;
  const lane = (fee: FeesBody["invoke"]): string =>
    `${tokens(fee.baseFee)} for a million units of weight, at least ${tokens(fee.floor)}`;
  return [
    `sequence   ${sequence}`,
    `calls      ${lane(invoke)}`,
    `judged     ${lane(judged)}`,
    `state      ${tokens(creationFee)} for a new account, ${tokens(statePrice)} for each KiB published`,
    `deposit    ${tokens(depositPrice)} for each byte of a contract's cell`,
  ].join("\n");
}

/** Describes the quoted fee of a proof as text. */
export function describeQuote({ lane, baseFee, weight, feeLimit, charge, run }: QuoteBody): string {
  const rows = [
    `fee limit  ${tokens(feeLimit)}; what is not charged comes back`,
    `expected   ${tokens(charge.expected)} at this base fee${basisOf(lane)}, at most ${tokens(charge.most)}`,
    `base fee   ${tokens(baseFee)} for a million units of weight, in the ${lane} lane`,
    `weight     ${weight} at most, of 1000000000 in the lane`,
  ];
  if (run?.type === "refused") rows.push(`refused    ${run.code}: ${run.message}`);
  if (run?.type === "run") {
    const parts = `burned ${tokens(run.burned)}, tip ${tokens(run.tip)}`;
    rows.push(`now        ${run.outcome}, ${run.units} units, ${tokens(run.charged)} (${parts})`);
  }
  if (run?.type === "not-run") rows.push(`now        not run: ${NOT_RUN[run.reason]}`);
  return rows.join("\n");
}

/**
 * Returns text that tells how the expected charge was found. For a claim it is estimated from the
 * length, since the claim was not judged. Empty for a call.
 */
function basisOf(lane: QuoteBody["lane"]): string {
  return lane === "judged" ? ", estimated from its length" : "";
}

const NOT_RUN = {
  "not-compiled": "the program was not called on this node recently, so the most is expected",
  long: "it takes more than 50,000 units, so the most is expected",
} as const;
