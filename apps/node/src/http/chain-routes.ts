import { TREASURY } from "@aethel/ledger";
import {
  BLOCK_BYTES_MAX,
  blockDigest,
  equalBytes,
  type FinalizedBlock,
  Genesis,
  hashGenesis,
  type Sequence,
  toAccountId,
  toDigest,
  toHex,
  toSequence,
} from "@aethel/models";
import type { Hono } from "hono";
import type { AccountState, BlockBody, Status } from "../api/api.ts";
import { blockBody, intentBody, theoremBody } from "../api/to-json.ts";
import { failure } from "../failure/failure.ts";
import type { NodeView } from "./node-view.ts";
import { nextOf, readBytes32, readNatural, readPage } from "./parameters.ts";
import { missing } from "./respond.ts";
import { slashesOfBlock } from "./slashes.ts";

/**
 * Most slashes that one `GET /status` reads, newest first. Validators of older slashes are not in
 * `convicted`.
 */
const SLASHES_MAX = 1_000;
/** Most intents in one answer. */
const INTENTS_MAX = 100;
/** Most blocks in one answer. */
const BLOCKS_MAX = 100;

/** Adds routes about the chain; all of them only read. */
export function addChainRoutes(app: Hono, node: NodeView): void {
  const { ledger, genesis } = node;
  app.get("/status", async (context) => context.json(await statusOf(node)));
  app.get("/genesis", (context) =>
    context.body(JSON.stringify(Genesis.toJson(genesis)), 200, {
      "content-type": "application/json",
    }),
  );
  app.get("/blocks", async (context) => {
    const head = ledger.head().header.sequence;
    const limit = Math.min(BLOCKS_MAX, readNatural("limit", context.req.query("limit"), 20));
    const asked = context.req.query("from");
    // The genesis is not a finalized block.
    const least = Math.max(Math.min(1, head), head - limit + 1);
    const blocks =
      asked === undefined
        ? (await readBlocks(node, { from: head, to: least, step: -1, limit })).toReversed()
        : await readBlocks(node, { from: readNatural("from", asked), to: head, step: 1, limit });
    return context.json({ head, blocks });
  });
  app.get("/blocks/:sequence", async (context) => {
    const sequence = readNatural("sequence", context.req.param("sequence"));
    return context.json((await readBlock(node, toSequence(sequence))).body);
  });
  app.get("/accounts/:id", (context) => {
    const id = toAccountId(readBytes32("account", context.req.param("id")));
    const { balance, nonce } = ledger.account(id);
    const nextNonce = ledger.pendingNonce(id);
    const body: AccountState = { id: toHex(id), balance: balance.toString(), nonce, nextNonce };
    return context.json(body);
  });
  app.get("/intents", (context) => {
    const asked = readPage(context.req.query(), INTENTS_MAX);
    const last = asked.after === undefined ? undefined : ledger.intent(toDigest(asked.after));
    if (asked.after !== undefined && last === undefined)
      throw missing("intent", toHex(asked.after));
    const after = last && { name: last.name, id: toHex(last.digest) };
    const name = context.req.query("name");
    const { entries, next } = ledger.intentPage({ name, after, limit: asked.limit });
    return context.json({ intents: entries.map(intentBody), ...nextOf(next?.id) });
  });
  app.get("/intents/:digest", (context) => {
    const digest = toDigest(readBytes32("digest", context.req.param("digest")));
    const intent = ledger.intent(digest);
    if (intent === undefined) throw missing("intent", toHex(digest));
    return context.json({ ...intentBody(intent), text: intent.text });
  });
  app.get("/theorems/:digest", (context) => {
    const digest = toDigest(readBytes32("digest", context.req.param("digest")));
    const record = ledger.theorem(digest);
    if (record === undefined) throw missing("theorem", toHex(digest));
    return context.json(theoremBody(digest, record));
  });
  // The bytes that `aethel certify` reads.
  app.get("/certificates/:digest", (context) => {
    const digest = toDigest(readBytes32("digest", context.req.param("digest")));
    const certificate = ledger.certificate(digest);
    if (certificate === undefined && ledger.theorem(digest) !== undefined) {
      const text = `the theorem ${toHex(digest)} has no certificate: only the solver says that it is valid`;
      throw failure("NOT_FOUND", text, "ask for a theorem of trust `certified`");
    }
    if (certificate === undefined) throw missing("certificate", toHex(digest));
    return context.body(certificate.slice().buffer, 200, {
      "content-type": "application/octet-stream",
    });
  });
}

function consensusOf(node: NodeView): Status["consensus"] {
  const status = node.consensus();
  const { sequence } = node.ledger.head().header;
  if (status === undefined) return { sequence: sequence + 1, view: 0, phase: "starting" };
  const { leader, view, phase, quiet, behind } = status;
  const { signsFrom } = quiet ?? {};
  return {
    sequence: status.sequence,
    view,
    phase,
    ...(leader === undefined ? {} : { leader: toHex(leader) }),
    ...(quiet === undefined || node.role !== "validator" ? {} : { quiet: quiet.reason }),
    ...(signsFrom === undefined ? {} : { signsFrom }),
    ...(behind === undefined ? {} : { behind }),
  };
}

function keysOf({ keys, validator, ledger }: NodeView): Status["keys"] {
  const { validators } = ledger.head().validators;
  const member = validators.find(({ id }) => validator !== undefined && equalBytes(id, validator));
  return keys().map((key) => ({
    key: toHex(key),
    votes: member !== undefined && equalBytes(member.key, key),
  }));
}

async function statusOf(node: NodeView): Promise<Status> {
  const { ledger, genesis, validator } = node;
  const { header, digest, validators } = ledger.head();
  const { total, minted, burned } = ledger.supply();
  const { count, bytes } = ledger.mempool();
  const slashes = await node.slashes({ last: SLASHES_MAX });
  return {
    name: new TextDecoder().decode(genesis.name),
    genesis: toHex(hashGenesis(genesis)),
    version: node.version,
    role: node.role,
    ...(validator === undefined ? {} : { validator: toHex(validator) }),
    head: {
      sequence: header.sequence,
      digest: toHex(digest),
      // Root of the tree itself, not the header's claim.
      stateRoot: toHex(ledger.state().tree.root),
      timestamp: header.timestamp,
    },
    consensus: consensusOf(node),
    keys: keysOf(node),
    quietMs: Math.round(node.quietMs()),
    why: [...node.findings()],
    supply: { total: total.toString(), minted: minted.toString(), burned: burned.toString() },
    treasury: ledger.account(TREASURY).balance.toString(),
    convicted: [...new Set(slashes.map((each) => toHex(each.validator)))],
    peers: node.peers(),
    validators: validators.validators.length,
    mempool: { proofs: count, bytes },
    judge: {
      version: genesis.parameters.judge.version,
      wasmHash: toHex(genesis.parameters.judge.wasmHash),
      kernelVersion: genesis.parameters.judge.kernelVersion,
      proverVersion: genesis.parameters.judge.proverVersion,
    },
    uptimeMs: Math.round(node.uptimeMs()),
  };
}

/**
 * Reads at most `limit` blocks, from `from` to `to`, upwards or downwards. Stops once the items of
 * the blocks have `BLOCK_BYTES_MAX` bytes. An answer has the decoded items and all receipts, so 100
 * full blocks would be hundreds of megabytes for one request without a fee.
 */
async function readBlocks(
  node: NodeView,
  range: Readonly<Record<"from" | "to" | "limit", number>> & { readonly step: 1 | -1 },
): Promise<readonly BlockBody[]> {
  const { from, to, step, limit } = range;
  const blocks: BlockBody[] = [];
  let bytes = 0;
  for (let at = from; (to - at) * step >= 0 && blocks.length < limit; at += step) {
    const read = await readBlock(node, toSequence(at));
    blocks.push(read.body);
    bytes += read.bytes;
    if (bytes >= BLOCK_BYTES_MAX) break;
  }
  return blocks;
}

/** Reads a block. `bytes`: bytes of its items. */
async function readBlock(
  node: NodeView,
  sequence: Sequence,
): Promise<{ readonly body: BlockBody; readonly bytes: number }> {
  const { ledger } = node;
  const final: FinalizedBlock | undefined = await ledger.finalized(sequence);
  if (final !== undefined) {
    const { header, items } = final.block;
    const receipts = await ledger.receipts(sequence);
    const digest = blockDigest(header);
    const slashes = await slashesOfBlock(node, sequence);
    const body = blockBody({ header, digest, certificate: final.certificate, receipts, slashes });
    return { body, bytes: items.reduce((sum, item) => sum + item.bytes.length, 0) };
  }
  const { header, digest } = ledger.head();
  if (header.sequence !== sequence) throw missing("block", String(sequence));
  const body = blockBody({ header, digest, certificate: undefined, receipts: [], slashes: [] });
  return { body, bytes: 0 };
}
