import { AMOUNT_MAX, type ProofBody, signersOf, toHex } from "@aethel/models";
import type { QuoteBody } from "../api/fee-api.ts";
import type { NodeClient } from "../client/node-client.ts";
import { NodeError } from "../failure/failure.ts";
import { formatTokens } from "../terminal/format.ts";
import { visible } from "../terminal/visible.ts";
import { type AssetNames, describeSpending } from "./spending.ts";

/** Facts beside the body of a proof that its signers are shown. */
export interface AgreementFacts {
  /** Lines about what is called or published. */
  readonly content: readonly string[];
  /** Assets of the called contracts, by name. */
  readonly assets: AssetNames;
  /** Run on the head state, or the reason for which there is none. */
  readonly run: QuoteBody["run"] | string;
  /** Sequence of the head block. */
  readonly head: number;
  /** Whether the limits of losses are those that the run proposes. */
  readonly isProposed?: boolean;
}

/**
 * Describes all that the signers of a proof agree to: what is done, the outcome of a run, who signs,
 * what the author pays, what each signer may lose beside that, and when the proof expires.
 */
export function describeAgreement(body: ProofBody, facts: AgreementFacts): readonly string[] {
  const blocks = body.expiry - facts.head;
  const due = blocks > 0 ? `${blocks} blocks from now` : "which has passed";
  const lines = [
    ...facts.content,
    ...runLines(facts.run),
    ...signersOf(body).map((id, at) => {
      return at === 0 ? `author     ${toHex(id)}, who signs` : `cosigner   ${toHex(id)}`;
    }),
    `pays       the author at most ${formatTokens(body.feeLimit)} tokens (the fee limit), with tip and deposits`,
    ...(body.tip === undefined || body.tip === 0n
      ? []
      : [
          `tip        ${formatTokens(body.tip)} tokens for a million units of weight, within the fee limit`,
        ]),
    ...lossLines(body, facts),
    ...assetLines(body, facts.assets),
    `expires    after block ${body.expiry}, ${due}`,
  ];
  return lines.map(visible);
}

function runLines(run: AgreementFacts["run"]): readonly string[] {
  if (run === undefined) return [];
  if (typeof run === "string") return [`no run     ${run}`];
  switch (run.type) {
    case "refused":
      return [`no run     ${run.code}: ${run.message}`];
    case "not-run":
      return [`no run     ${run.reason === "long" ? "it takes too long" : "not compiled there"}`];
    case "run": {
      const { deposit, detail } = run;
      const kept = deposit === "0" ? "" : `, deposit ${formatTokens(BigInt(deposit))}`;
      const fee = `fee ${formatTokens(BigInt(run.charged))}${kept}`;
      const said = `a run says ${run.outcome}, ${run.units} units, ${fee}`;
      return detail === "" ? [said] : [said, `           ${detail}`];
    }
  }
}

/** Lines about the most that each signer may lose, beside what the author pays. */
function lossLines(body: ProofBody, facts: AgreementFacts): readonly string[] {
  const signers = signersOf(body);
  if (body.type !== "invoke") return ["losses     none for the author beside that"];
  const { spending } = body;
  const basis = facts.isProposed === true ? ", exactly what this run takes" : "";
  return signers.map((id, at) => {
    const who = at === 0 ? "the author" : toHex(id);
    if (spending === undefined) return `losses     NO LIMIT: ${who} may lose ANYTHING`;
    const own = spending.filter(({ signer }) => signer === at);
    if (own.length === 0) return `losses     none for ${who}${basis}`;
    const text = describeSpending(own, { signers, assets: facts.assets });
    const isVast = own.some(({ amount }) => amount > AMOUNT_MAX / 2n);
    return `losses     at most: ${text}${basis}${isVast ? " (so much that it is NO LIMIT)" : ""}`;
  });
}

/** Lines with the ids of assets that the limits name. */
function assetLines(body: ProofBody, assets: AssetNames): readonly string[] {
  const limited = new Set(
    body.type === "invoke" ? body.spending?.map(({ asset }) => toHex(asset)) : [],
  );
  const named = [...assets].filter(([, id]) => limited.has(toHex(id)));
  return named.map(([name, id]) => `asset      ${name} ${toHex(id)}`);
}

/** Runs the calls of a body on the head state of a node; resolves to the reason if that fails. */
export async function runOf(
  client: Pick<NodeClient, "quote">,
  body: ProofBody,
): Promise<AgreementFacts["run"]> {
  try {
    return (await client.quote(body)).run;
  } catch (error) {
    if (error instanceof NodeError) return error.fault.message;
    throw error;
  }
}
