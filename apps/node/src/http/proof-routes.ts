import { type Digest, itemOf, itemProof, Proof, toDigest, toHex } from "@aethel/models";
import type { Context, Hono } from "hono";
import type { ProofState, Submitted } from "../api/api.ts";
import type { FindIntent } from "../api/call-json.ts";
import { guessFor } from "../api/fee-limit.ts";
import { receiptBody } from "../api/to-json.ts";
import { failure } from "../failure/failure.ts";
import type { NodeView } from "./node-view.ts";
import { readBytes32 } from "./parameters.ts";
import { REFUSALS_KEPT } from "./refusals.ts";
import { contentTypeOf, limitBody, readBytes, unread } from "./request-body.ts";
import { respondError } from "./respond.ts";

/** Most hashes of pending proofs in one answer. */
const HASHES_MAX = 1_000;

/**
 * Most bytes of a request: twice the largest proof, since JSON writes a byte as two hex digits,
 * plus space for the names of fields.
 */
const BODY_BYTES_MAX = 2 * Proof.maxBytes + 65_536;

/** Seconds after which a client is asked to send its proof again. */
const RETRY_AFTER_S = 1;

/** Adds routes that take proofs and report their state. */
export function addProofRoutes(app: Hono, node: NodeView): void {
  const { ledger } = node;
  const limit = limitBody(BODY_BYTES_MAX, "any proof");
  app.post("/proofs", limit, async (context) => {
    const proof = await readProof(context);
    const added = await node.submit(proof);
    if (added.type === "busy") {
      return respondBusy(context, added.reason);
    }
    if (added.type === "refused" && added.code === "pool-full") {
      return respondBusy(context, added.message);
    }
    if (added.type === "refused") {
      throw failure(
        "REFUSED",
        `${added.code}: ${added.message}`,
        nextStep(added.code, proof, node),
      );
    }
    const body: Submitted = { hash: toHex(added.hash), status: "pending" };
    return context.json(body, 202);
  });
  app.get("/proofs/:hash", async (context) => {
    const hash = toDigest(readBytes32("hash", context.req.param("hash")));
    return context.json(await stateOf(node, hash));
  });
  app.get("/mempool", (context) => {
    // `waiting`: number of proofs that cannot run yet, for a missing nonce or a high base fee.
    const { count, waiting, bytes } = ledger.mempool();
    const hashes = ledger.pendingHashes(HASHES_MAX).map(toHex);
    return context.json({ proofs: count, waiting, bytes, hashes });
  });
}

/** Answers a client that is to send its proof again, since something is full. */
function respondBusy(context: Context, message: string): Response {
  context.header("retry-after", String(RETRY_AFTER_S));
  const next = `send it again in ${RETRY_AFTER_S} s; this node has not kept it`;
  return respondError(context, { code: "BUSY", message, next }, 429);
}

/**
 * Returns the next step after a refusal. If the reason is about the fee limit, the nonce or the
 * expiry, it includes the value to use.
 */
function nextStep(code: string, { body }: Proof, { ledger }: NodeView): string {
  switch (code) {
    case "fee-limit":
    case "base-fee": {
      const { feeLimit } = ledger.quote(body, guessFor(body));
      const enough = "enough for all that it can use, up to four times the base fee";
      return `give a fee limit of ${feeLimit}, ${enough}, or leave --fee out`;
    }
    case "balance":
      return "send tokens to the author, or submit the proof with a lower --limit, which lowers the fee limit";
    case "signers":
      return "give --account the key file of the account that has to sign";
    case "unknown-intent":
      return "publish it first, or call one of `GET /intents`";
    case "arguments":
      return "give the arguments that `GET /intents/DIGEST` lists, in that order";
    case "nonce-used":
    case "nonce-gap":
      return `sign it again with the nonce ${ledger.pendingNonce(body.author)}, which it gets without --nonce`;
    case "expired":
      return `sign it again, with an expiry from ${ledger.head().header.sequence + 1} on`;
    case "replacement-fee":
      return "raise what the message names and submit it again, or wait until the other proof is final";
    default:
      return "correct the proof, then submit it again";
  }
}

async function stateOf({ ledger, refusals }: NodeView, hash: Digest): Promise<ProofState> {
  const receipt = await ledger.receipt(hash);
  if (receipt !== undefined)
    return { status: "final", receipt: receiptBody(receipt, intentsOf(ledger)) };
  if (ledger.pending(hash) !== undefined) return { status: "pending", hash: toHex(hash) };
  const refusal = refusals.find(hash);
  if (refusal !== undefined) return { status: "refused", hash: toHex(hash), ...refusal };
  const next = `submit it, or ask a node that has it; of those that left its mempool without a block it remembers the last ${REFUSALS_KEPT}`;
  throw failure("NOT_FOUND", `this node knows no proof ${toHex(hash)}`, next);
}

/** Finds intents of contracts, each of which is compiled unless it was called recently. */
function intentsOf({ contracts }: NodeView["ledger"]): FindIntent {
  return (digest) => {
    const found = contracts.ofIntent(digest);
    const contract = found && contracts.typed(found.contract);
    const intent = found && contract?.intents[found.index];
    return contract && intent && { contract, intent };
  };
}

/** Reads a proof, as SSZ (`application/octet-stream`) or as the JSON of its codec. */
async function readProof(context: Context): Promise<Proof> {
  const type = contentTypeOf(context);
  switch (type) {
    case "application/octet-stream":
      return itemProof(itemOf(await readBytes(context)));
    case "application/json":
      return Proof.fromJson(await readJson(context));
    default:
      throw unread(type, "send application/octet-stream (SSZ) or application/json");
  }
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch (cause) {
    throw failure("BAD_REQUEST", "the body is not JSON", "send one whole JSON value", cause);
  }
}
