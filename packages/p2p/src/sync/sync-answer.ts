import {
  blockDigest,
  equalBytes,
  FinalizedBlock,
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
  const expected = request.type === "evidence" ? "head" : request.type;
  if (response.type !== expected) return `asked for ${request.type}, got ${response.type}`;
  if (request.type === "block" && response.type === "block") {
    const digest = blockDigest(response.block.header);
    if (equalBytes(digest, request.digest)) return undefined;
    return `asked for block ${toHex(request.digest)}, got ${toHex(digest)}`;
  }
  if (request.type === "items" && response.type === "items") {
    const [asked, got] = [request.places.length, response.items.length];
    return asked === got ? undefined : `asked for ${asked} items, got ${got}`;
  }
  if (request.type === "headers" && response.type === "headers") {
    const { headers } = response;
    if (headers.length > request.count) return `asked for ${request.count}, got ${headers.length}`;
    const last = headers.at(-1)?.sequence;
    return last === request.to ? undefined : `asked up to ${request.to}, got up to ${last}`;
  }
  if (request.type === "blocks" && response.type === "blocks") {
    const { blocks } = response;
    if (blocks.length > request.count) return `asked for ${request.count}, got ${blocks.length}`;
    const stray = blocks.find(({ block }, at) => block.header.sequence !== request.from + at);
    if (stray === undefined) return undefined;
    return `asked from ${request.from}, got ${stray.block.header.sequence} out of place`;
  }
  return undefined;
}

/** Returns the last finalized sequence that a response claims. Undefined if it claims none. */
export function claimedHeight(response: SyncResponse): number | undefined {
  if (response.type === "head") return response.sequence;
  return response.type === "absent" ? response.head : undefined;
}

/** Most bytes of an answer without blocks or headers. */
const HEAD_BYTES_MAX = 1_024;

/**
 * Returns the most bytes of an honest answer to a request. Infinity if only the transport's limit
 * applies.
 */
export function answerBytesMax(request: SyncRequest): number {
  switch (request.type) {
    case "head":
    case "evidence":
      return HEAD_BYTES_MAX;
    case "block":
    case "items":
    case "blocks":
    case "headers":
    case "signed-head":
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
