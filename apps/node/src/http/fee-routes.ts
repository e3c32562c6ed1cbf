import type { FeeEstimate } from "@aethel/ledger";
import { ProofBody, toHex } from "@aethel/models";
import type { Context, Hono } from "hono";
import type { FeesBody, QuoteBody } from "../api/fee-api.ts";
import { guessFor } from "../api/fee-limit.ts";
import type { NodeView } from "./node-view.ts";
import { contentTypeOf, limitBody, readBytes, unread } from "./request-body.ts";

/** Adds the routes for the fees of the next block and for the cost of a proof in it. */
export function addFeeRoutes(app: Hono, { ledger }: NodeView): void {
  app.get("/fees", (context) => {
    const { invoke, judged } = ledger.baseFees();
    const parameters = ledger.parameters();
    const body: FeesBody = {
      sequence: ledger.head().header.sequence + 1,
      invoke: { baseFee: String(invoke), floor: String(parameters.invokeBaseFeeMin) },
      judged: { baseFee: String(judged), floor: String(parameters.judgedBaseFeeMin) },
      creationFee: String(parameters.creationFee),
      statePrice: String(parameters.statePrice),
      depositPrice: String(parameters.depositPrice),
    };
    return context.json(body);
  });
  const limit = limitBody(ProofBody.maxBytes, "that of any proof");
  app.post("/quote", limit, async (context) => {
    const body = await readBody(context);
    return context.json(quoteBody(ledger.quote(body, guessFor(body))));
  });
}

async function readBody(context: Context): Promise<ProofBody> {
  const type = contentTypeOf(context);
  if (type === "application/octet-stream") return ProofBody.decode(await readBytes(context));
  throw unread(type, "send the body of a proof as application/octet-stream (SSZ)");
}

function quoteBody({ lane, baseFee, weight, feeLimit, charge, run }: FeeEstimate): QuoteBody {
  const quote = {
    lane,
    baseFee: String(baseFee),
    weight: String(weight),
    feeLimit: String(feeLimit),
    charge: { expected: String(charge.expected), most: String(charge.most) },
  };
  if (run === undefined) return quote;
  if (run.type !== "run") return { ...quote, run };
  const { outcome, units, detail, charged, burned, tip } = run;
  const parts = { charged: String(charged), burned: String(burned), tip: String(tip) };
  const losses = run.losses.map(({ signer, asset, amount }) => {
    return { signer, asset: toHex(asset), amount: String(amount) };
  });
  const taken = { losses, deposit: String(run.deposit) };
  return { ...quote, run: { type: "run", outcome, units, detail, ...parts, ...taken } };
}
