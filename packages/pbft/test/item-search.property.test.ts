import {
  blockDigest,
  equalBytes,
  findBodyDefect,
  ITEM_BYTES_MAX,
  type Item,
  itemOf,
  outlineOf,
  payloadRoot,
  type SyncResponse,
  toHex,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createItemSearch } from "../src/peers/block-search.ts";
import { answerRequest } from "../src/peers/serve.ts";
import { at, createRuleStage } from "./rule-stage.ts";

const stage = createRuleStage(3);
const bare = at(stage.blocks, 0);
const items = [0, 1, 2, 3, 4, 5].map((byte) => itemOf(Uint8Array.of(byte)));
const header = { ...bare.header, payloadRoot: payloadRoot(items) };
const block = { ...bare, header, items };
const digest = blockDigest(header);
const outline = outlineOf(block);
const absent: SyncResponse = { type: "absent", head: toSequence(1) };
const known = fc.subarray([0, 1, 2, 3, 4, 5]);

/** Records what a search hands on. */
function createTaker() {
  const taken: string[] = [];
  const results = {
    block: () => false,
    complete: (of: typeof digest, whole: typeof block) => {
      expect(findBodyDefect(whole)).toBeUndefined();
      taken.push(toHex(of));
    },
  };
  return { taken, results };
}

const finderOf =
  (places: readonly number[]) =>
  (hash: Uint8Array): Item | undefined =>
    items.find((item, place) => places.includes(place) && equalBytes(item.hash, hash));

describe("items of an outline", () => {
  test("P9: what is missing is asked for, and only exactly that completes the block", () => {
    const answers = fc.array(fc.nat({ max: 6 }), { maxLength: 7 });
    fc.assert(
      fc.property(known, answers, fc.boolean(), (has, given, isHonest) => {
        const search = createItemSearch(outline, finderOf(has));
        const { taken, results } = createTaker();
        expect(search.complete() !== undefined).toBe(has.length === items.length);
        const missing = [0, 1, 2, 3, 4, 5].filter((place) => !has.includes(place));
        const request = { type: "items", digest, places: missing };
        expect(search.request(digest)).toEqual(missing.length === 0 ? undefined : request);

        const places = isHonest ? missing : given;
        const wrong = itemOf(Uint8Array.of(99));
        const answer = places.map((place) => items[place] ?? wrong);
        const outcome = search.take({ type: "items", items: answer }, digest, results);

        const isRight =
          places.length === missing.length && places.every((p, i) => p === missing[i]);
        expect(outcome).toBe(isRight ? "done" : "wrong");
        expect(taken).toEqual(isRight ? [toHex(digest)] : []);
      }),
      { numRuns: 500 },
    );
  });

  test("P9: items that are more than a block can hold complete none, and blame no peer", () => {
    const large = itemOf(new Uint8Array(ITEM_BYTES_MAX));
    for (const count of [7, 8]) {
      const many = Array.from({ length: count }, () => large);
      const head = { ...bare.header, payloadRoot: payloadRoot(many) };
      const name = blockDigest(head);
      const wide = outlineOf({ ...bare, header: head, items: many });
      const { taken, results } = createTaker();

      const search = createItemSearch(wide, () => undefined);
      expect(search.complete()).toBeUndefined();
      search.request(name);
      const outcome = search.take({ type: "items", items: many }, name, results);
      expect(outcome).toBe(count === 7 ? "done" : "useless");
      expect(taken).toHaveLength(count === 7 ? 1 : 0);
      // One item that is here stands at all places.
      const known = createItemSearch(wide, () => large);
      expect(known.complete() !== undefined).toBe(count === 7);
      expect(known.request(name)).toBeUndefined();
    }
  });

  test("what comes by gossip meanwhile counts, and another kind of answer is wrong", () => {
    let has: readonly number[] = [0, 2];
    const search = createItemSearch(outline, (hash) => finderOf(has)(hash));
    const { taken, results } = createTaker();
    expect(search.complete()).toBeUndefined();
    expect(search.take({ type: "block", block }, digest, results)).toBe("wrong");
    has = [1, 3, 4, 5];
    expect(search.complete()).toEqual(block);
    expect(taken).toEqual([]);
  });
});

describe("items that are served", () => {
  const state = {
    ...stage.state,
    blocks: [
      { digest, block, verdict: "accepted", reason: "", claim: undefined, durable: true } as const,
    ],
  };
  const application = { finalized: async () => undefined } as never;
  const serve = (places: readonly number[], of = digest): Promise<SyncResponse> =>
    answerRequest({ request: { type: "items", digest: of, places }, state, application });

  test("P9: each at most once, all or none: no answer is larger than the block", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 7 }), { maxLength: 12 }), async (places) => {
        const isAscending = places.every((place, i) => i === 0 || place > (places[i - 1] ?? 0));
        const isThere = places.every((place) => place < items.length);
        const expected =
          places.length > 0 && isAscending && isThere
            ? { type: "items", items: places.map((place) => items[place]) }
            : absent;
        expect(await serve(places)).toEqual(expected);
      }),
    );
    expect(await serve([0], at(stage.digests, 2))).toEqual(absent);
  });
});
