import {
  blockDigest,
  type Digest,
  equalBytes,
  FinalizedBlock,
  SNAPSHOT_CHUNK_BYTES_MAX,
  SYNC_UPDATES_BYTES_MAX,
  type SyncRequest,
  SyncResponse,
  toHex,
} from "@aethel/models";

/**
 * Returns the reason for which a response does not answer its request; undefined if it does. It
 * must be about the requested sequences (B13). The blocks in it are checked elsewhere, by digest
 * and certificate.
 */
export function findAnswerDefect(request: SyncRequest, response: SyncResponse): string | undefined {
  if (response.type === "absent") return undefined;
  if (response.type === "pruned") return findPrunedDefect(request, response);
  const expected = request.type === "evidence" ? "head" : request.type;
  if (response.type !== expected) return `asked for ${request.type}, got ${response.type}`;
  switch (request.type) {
    case "block":
      return response.type === "block" ? findBlockDefect(request.digest, response) : undefined;
    case "items":
      return response.type === "items" ? findItemsDefect(request, response) : undefined;
    case "headers":
      return response.type === "headers" ? findHeadersDefect(request, response) : undefined;
    case "blocks":
      return response.type === "blocks" ? findBlocksDefect(request, response) : undefined;
    case "updates":
      return response.type === "updates" ? findUpdatesDefect(request, response) : undefined;
    case "snapshots":
      return response.type === "snapshots" ? findOffersDefect(request, response) : undefined;
    case "snapshot-head":
      return response.type === "snapshot-head" ? findHeadDefect(request, response) : undefined;
    case "snapshot-chunk":
    case "head":
    case "evidence":
    case "signed-head":
      return undefined;
  }
}

type Asked<Type extends SyncRequest["type"]> = Extract<SyncRequest, { readonly type: Type }>;
type Got<Type extends SyncResponse["type"]> = Extract<SyncResponse, { readonly type: Type }>;

/** Returns the defect of a `pruned` answer: it must be about something that a peer deletes. */
function findPrunedDefect(request: SyncRequest, { oldest }: Got<"pruned">): string | undefined {
  if (request.type !== "blocks") return `asked for ${request.type}, got pruned`;
  if (request.from < oldest) return undefined;
  return `asked from ${request.from}, which is kept, and got pruned below ${oldest}`;
}

function findBlockDefect(asked: Digest, { block }: Got<"block">): string | undefined {
  const digest = blockDigest(block.header);
  return equalBytes(digest, asked)
    ? undefined
    : `asked for block ${toHex(asked)}, got ${toHex(digest)}`;
}

function findItemsDefect({ places }: Asked<"items">, { items }: Got<"items">): string | undefined {
  const [asked, got] = [places.length, items.length];
  return asked === got ? undefined : `asked for ${asked} items, got ${got}`;
}

function findHeadersDefect(
  request: Asked<"headers">,
  { headers }: Got<"headers">,
): string | undefined {
  if (headers.length > request.count) return `asked for ${request.count}, got ${headers.length}`;
  const last = headers.at(-1)?.sequence;
  return last === request.to ? undefined : `asked up to ${request.to}, got up to ${last}`;
}

function findBlocksDefect(request: Asked<"blocks">, { blocks }: Got<"blocks">): string | undefined {
  if (blocks.length > request.count) return `asked for ${request.count}, got ${blocks.length}`;
  const stray = blocks.find(({ block }, at) => block.header.sequence !== request.from + at);
  if (stray === undefined) return undefined;
  return `asked from ${request.from}, got ${stray.block.header.sequence} out of place`;
}

function findUpdatesDefect(
  { after }: Asked<"updates">,
  { updates }: Got<"updates">,
): string | undefined {
  let last: number = after;
  for (const { header } of updates) {
    if (header.sequence <= last)
      return `asked after ${after}, got ${header.sequence} after ${last}`;
    last = header.sequence;
  }
  return updates.length === 0 ? `asked after ${after}, got nothing` : undefined;
}

function findOffersDefect(
  { from }: Asked<"snapshots">,
  { offers }: Got<"snapshots">,
): string | undefined {
  let last: number = from - 1;
  for (const { sequence } of offers) {
    if (sequence <= last) return `asked from ${from}, got ${sequence} after ${last}`;
    last = sequence;
  }
  return undefined;
}

function findHeadDefect(
  { sequence }: Asked<"snapshot-head">,
  { head }: Got<"snapshot-head">,
): string | undefined {
  const got = head.header.sequence;
  return got === sequence ? undefined : `asked for snapshot ${sequence}, got ${got}`;
}

/** Returns the last finalized sequence that a response claims. Undefined if it claims none. */
export function claimedHeight(response: SyncResponse): number | undefined {
  if (response.type === "head") return response.sequence;
  if (response.type === "absent" || response.type === "pruned") return response.head;
  return undefined;
}

/** Most bytes of a head, or of a list of offers. */
const HEAD_BYTES_MAX = 1_024;
/** Bytes of an answer in addition to the parts that are counted. */
const FRAME_BYTES = 64;

/**
 * Returns the most bytes of an honest answer to a request. Infinity if only the transport's limit
 * applies.
 */
export function answerBytesMax(request: SyncRequest): number {
  switch (request.type) {
    case "head":
    case "evidence":
    case "snapshots":
      return HEAD_BYTES_MAX;
    case "snapshot-chunk":
      return SNAPSHOT_CHUNK_BYTES_MAX + FRAME_BYTES;
    case "updates":
      return SYNC_UPDATES_BYTES_MAX + FRAME_BYTES;
    case "block":
    case "items":
    case "blocks":
    case "headers":
    case "signed-head":
    case "snapshot-head":
      return Number.POSITIVE_INFINITY;
  }
}

const LIST_BYTES = 16;
const OFFSET_BYTES = 4;

/**
 * Encodes a response. If it is too long, keeps only as many blocks from the beginning as fit, and
 * the asker continues from there. Undefined if it cannot be made to fit.
 */
export function encodeAnswer(response: SyncResponse, bytesMax: number): Uint8Array | undefined {
  const fitting = response.type === "blocks" ? shorten(response, bytesMax) : response;
  const bytes = SyncResponse.encode(fitting);
  return bytes.length <= bytesMax ? bytes : undefined;
}

function shorten(
  response: SyncResponse & { readonly type: "blocks" },
  bytesMax: number,
): SyncResponse {
  let bytes = LIST_BYTES;
  let count = 0;
  for (const block of response.blocks) {
    bytes += FinalizedBlock.size(block) + OFFSET_BYTES;
    if (bytes > bytesMax) break;
    count += 1;
  }
  return { type: "blocks", blocks: response.blocks.slice(0, Math.max(1, count)) };
}
