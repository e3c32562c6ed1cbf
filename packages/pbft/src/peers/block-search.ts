import {
  type Block,
  type BlockOutline,
  completeBlock,
  type Digest,
  equalBytes,
  type Item,
  type SyncRequest,
  type SyncResponse,
} from "@aethel/models";
import type { Outcome } from "./errand.ts";
import type { FetchResults } from "./fetch-results.ts";

/** One of the two ways of getting a block: whole, or by its missing items. */
export interface BlockSearch {
  /** Returns the block if this replica has all of it. Undefined if parts are missing. */
  complete(): Block | undefined;
  /** Returns the request for the missing parts. Undefined if no answer could complete the block. */
  request(digest: Digest): SyncRequest | undefined;
  /** Checks an answer to the request. If it completes the block, passes the block on. */
  take(
    response: SyncResponse,
    digest: Digest,
    results: Pick<FetchResults, "block" | "complete">,
  ): Outcome;
}

/** Gets a block of which only the digest is known. */
export const wholeBlock: BlockSearch = {
  complete: () => undefined,
  request: (digest) => ({ type: "block", digest }),
  take: (response, digest, results) =>
    response.type === "block" && results.block(digest, response.block) ? "done" : "wrong",
};

/**
 * Gets the items of an outline that was checked: from the application those that it has, the others
 * from peers. An answer must contain all requested items. An answer with one wrong item is wrong as
 * a whole.
 */
export function createItemSearch(
  outline: BlockOutline,
  find: (hash: Digest) => Item | undefined,
): BlockSearch {
  const found = new Map<number, Item>();
  let asked: readonly number[] = [];
  const missing = (): readonly number[] =>
    outline.items.flatMap((_, place) => (found.has(place) ? [] : [place]));
  const blockOf = (items: ReadonlyMap<number, Item>): Block | undefined =>
    completeBlock(
      outline,
      outline.items.flatMap((_, place) => items.get(place) ?? []),
    );
  return {
    complete() {
      for (const place of missing()) {
        const hash = outline.items[place];
        const item = hash === undefined ? undefined : find(hash);
        if (item !== undefined) found.set(place, item);
      }
      return blockOf(found);
    },
    request(digest) {
      asked = missing();
      // All items are here, and the block is too large: nobody has it.
      if (asked.length === 0) return undefined;
      return { type: "items", digest, places: asked };
    },
    take(response, digest, results) {
      if (response.type !== "items" || response.items.length !== asked.length) return "wrong";
      const all = new Map(found);
      for (const [at, item] of response.items.entries()) {
        const place = asked[at] ?? -1;
        const hash = outline.items[place];
        if (hash === undefined || !equalBytes(item.hash, hash)) return "wrong";
        all.set(place, item);
      }
      const block = blockOf(all);
      // All items are right, so the block is too large: that is its leader's fault, not the peer's.
      if (block === undefined) return "useless";
      results.complete(digest, block);
      return "done";
    },
  };
}
