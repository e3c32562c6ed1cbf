import {
  type Block,
  type BlockHeader,
  type Digest,
  equalBytes,
  FinalizedBlock,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
  type SyncRequest,
  type SyncResponse,
  toSequence,
} from "@aethel/models";
import type { Application } from "../ports.ts";
import { knownBlock, type State } from "../state.ts";

/** Most bytes of blocks in one answer; it always has at least one block. */
const ANSWER_BYTES_MAX = 4_194_304;

/**
 * Headers that an answer may have however large their blocks are. For more, the bytes of the blocks
 * count, since a store reads the whole block for each header.
 */
export const HEADERS_LEAST = 16;

/** Answers a request of a peer, from the current sequence and from what the application keeps. */
export async function answerRequest(options: {
  readonly request: Exclude<SyncRequest, { readonly type: "signed-head" }>;
  readonly state: State;
  readonly application: Application;
}): Promise<SyncResponse> {
  const { request, state, application } = options;
  const { header, digest } = state.head;
  const absent = { type: "absent", head: header.sequence } as const;
  const finalBlock = async (of: Digest): Promise<Block | undefined> =>
    equalBytes(digest, of) ? (await application.finalized(header.sequence))?.block : undefined;
  switch (request.type) {
    case "head":
    case "evidence":
      return { type: "head", sequence: header.sequence, digest };
    case "block": {
      const known = knownBlock(state, request.digest);
      const block = known?.block ?? (await finalBlock(request.digest));
      return block === undefined ? absent : { type: "block", block };
    }
    case "items": {
      const known = knownBlock(state, request.digest)?.block;
      const block = known ?? (await finalBlock(request.digest));
      const { places } = request;
      // Ascending: the same item many times over would be an answer of any size.
      const isAscending = places.every(
        (place, at) => at === 0 || place > (places[at - 1] ?? place),
      );
      const items = isAscending ? places.flatMap((place) => block?.items[place] ?? []) : [];
      return items.length === places.length ? { type: "items", items } : absent;
    }
    case "headers": {
      const headers: BlockHeader[] = [];
      const first = Math.max(1, request.to - Math.min(request.count, SYNC_HEADERS_MAX) + 1);
      if (request.to > header.sequence) return absent;
      let bytes = 0;
      for (let at: number = request.to; at >= first; at--) {
        const finalized = await application.finalized(toSequence(at));
        // What is older was dropped: the answer ends with the one that was asked for.
        if (finalized === undefined) break;
        bytes += FinalizedBlock.encode(finalized).length;
        if (headers.length >= HEADERS_LEAST && bytes > ANSWER_BYTES_MAX) break;
        headers.push(finalized.block.header);
      }
      return headers.length === 0 ? absent : { type: "headers", headers: headers.toReversed() };
    }
    case "blocks": {
      const blocks: FinalizedBlock[] = [];
      const count = Math.min(request.count, SYNC_BLOCKS_MAX);
      let bytes = 0;
      for (let at = request.from; blocks.length < count && at <= header.sequence; ) {
        const finalized = await application.finalized(at);
        if (finalized === undefined) break;
        bytes += FinalizedBlock.encode(finalized).length;
        if (blocks.length > 0 && bytes > ANSWER_BYTES_MAX) break;
        blocks.push(finalized);
        at = toSequence(at + 1);
      }
      return blocks.length === 0 ? absent : { type: "blocks", blocks };
    }
  }
}
