import {
  type BlockHeader,
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

/** Bytes of blocks in one answer; always at least one block. */
const ANSWER_BYTES_MAX = 4_194_304;

/** Headers of an answer whatever their blocks weigh: a store reads the whole block for each. */
export const HEADERS_LEAST = 16;

/** Answers what a peer asks, from the sequence in hand and from what the application keeps. */
export async function answerRequest(options: {
  readonly request: Exclude<SyncRequest, { readonly type: "signed-head" }>;
  readonly state: State;
  readonly application: Application;
}): Promise<SyncResponse> {
  const { request, state, application } = options;
  const { header, digest } = state.head;
  const absent = { type: "absent", head: header.sequence } as const;
  switch (request.type) {
    case "head":
    case "evidence":
      return { type: "head", sequence: header.sequence, digest };
    case "block": {
      const known = knownBlock(state, request.digest);
      if (known !== undefined) return { type: "block", block: known.block };
      if (!equalBytes(digest, request.digest)) return absent;
      const finalized = await application.finalized(header.sequence);
      return finalized === undefined ? absent : { type: "block", block: finalized.block };
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
