import {
  type Block,
  type BlockHeader,
  type Digest,
  equalBytes,
  type FinalizedBlock,
  type Item,
  type Sequence,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
  type SyncRequest,
  type SyncResponse,
  toSequence,
} from "@aethel/models";
import type { Application } from "../ports.ts";
import { knownBlock, type State } from "../state.ts";
import { ANSWER_COST_FULL, finalBlockCost } from "./answer-cost.ts";
import { findRequestDefect } from "./request-defect.ts";
import { answerSnapshotRequest } from "./serve-snapshots.ts";

/** State and stored final blocks from which requests are answered. */
interface Served {
  readonly state: State;
  readonly application: ServedApplication;
}

/** Parts of an application from which requests are answered. */
export type ServedApplication = Pick<
  Application,
  "finalized" | "header" | "oldest" | "updates" | "snapshots"
>;

/** Sequence of the first block. */
const FIRST = toSequence(1);

type Asked<Type extends SyncRequest["type"]> = Extract<SyncRequest, { readonly type: Type }>;

/**
 * Answers a request of a peer, from the current sequence and from what the application has stored.
 * Reads no more than it answers with, except for the head's block. So the answer shows the cost of
 * the request.
 */
export async function answerRequest(
  options: Served & { readonly request: Exclude<SyncRequest, { readonly type: "signed-head" }> },
): Promise<SyncResponse> {
  const { request, state } = options;
  const { header, digest } = state.head;
  const absent = { type: "absent", head: header.sequence } as const;
  if (findRequestDefect(request) !== undefined) return absent;
  switch (request.type) {
    case "head":
    case "evidence":
      return { type: "head", sequence: header.sequence, digest, oldest: oldestOf(options) };
    case "block": {
      const block = await blockOf(options, request.digest);
      return block === undefined ? absent : { type: "block", block };
    }
    case "items": {
      const items = await itemsOf(options, request);
      return items === undefined ? absent : { type: "items", items };
    }
    case "headers": {
      const headers = await headersUpTo(options, request);
      return headers.length === 0 ? absent : { type: "headers", headers };
    }
    case "blocks": {
      const oldest = oldestOf(options);
      if (request.from < oldest) return { type: "pruned", head: header.sequence, oldest };
      const blocks = await blocksFrom(options, request);
      return blocks.length === 0 ? absent : { type: "blocks", blocks };
    }
    case "updates":
    case "snapshots":
    case "snapshot-head":
    case "snapshot-chunk":
      return (await answerSnapshotRequest(options.application, request)) ?? absent;
  }
}

/** Returns the lowest sequence from which on this replica keeps all final blocks. */
function oldestOf({ application }: Served): Sequence {
  return application.oldest?.() ?? FIRST;
}

/**
 * Finds a block by its digest: one of the current sequence, or the head's. Undefined if it is
 * neither.
 */
async function blockOf({ state, application }: Served, of: Digest): Promise<Block | undefined> {
  const known = knownBlock(state, of);
  if (known !== undefined) return known.block;
  const { header, digest } = state.head;
  return equalBytes(digest, of) ? (await application.finalized(header.sequence))?.block : undefined;
}

/** Returns all requested items. Undefined if this replica does not have one of them. */
async function itemsOf(
  served: Served,
  { digest, places }: Asked<"items">,
): Promise<readonly Item[] | undefined> {
  const block = await blockOf(served, digest);
  const items = places.flatMap((place) => block?.items[place] ?? []);
  return items.length === places.length ? items : undefined;
}

/** Reads the requested headers, down to the oldest one that is stored. */
async function headersUpTo(
  { state, application }: Served,
  { to, count }: Asked<"headers">,
): Promise<readonly BlockHeader[]> {
  if (to > state.head.header.sequence) return [];
  const first = Math.max(1, to - Math.min(count, SYNC_HEADERS_MAX) + 1);
  const headers: BlockHeader[] = [];
  for (let at: number = to; at >= first; at--) {
    const header = await application.header(toSequence(at));
    if (header === undefined) break;
    headers.push(header);
  }
  return headers.toReversed();
}

/** Reads the requested blocks. Stops after the block with which the answer is full. */
async function blocksFrom(
  { state, application }: Served,
  { from, count }: Asked<"blocks">,
): Promise<readonly FinalizedBlock[]> {
  const end = Math.min(from + Math.min(count, SYNC_BLOCKS_MAX), state.head.header.sequence + 1);
  const blocks: FinalizedBlock[] = [];
  let cost = 0;
  for (let at: number = from; at < end && cost < ANSWER_COST_FULL; at++) {
    const finalized = await application.finalized(toSequence(at));
    if (finalized === undefined) break;
    blocks.push(finalized);
    cost += finalBlockCost(finalized);
  }
  return blocks;
}
