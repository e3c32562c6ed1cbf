import {
  type Block,
  FinalizedBlock as Finalized,
  type FinalizedBlock,
  ITEM_BYTES_MAX,
  ITEMS_MAX,
  itemOf,
  SYNC_BLOCKS_MAX,
  SYNC_HEADERS_MAX,
  type SyncRequest,
  type SyncResponse,
  toSequence,
  ZERO_DIGEST,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Application, answerCost, answerCostMax } from "../src/index.ts";
import { keepHighest } from "../src/peers/kept-block.ts";
import { answerRequest } from "../src/peers/serve.ts";
import { Cluster } from "./cluster.ts";
import { asApplication } from "./hub.ts";

type Request = Exclude<SyncRequest, { readonly type: "signed-head" }>;

const LENGTH = 40;

/** A chain of small blocks, and a block that is proposed after them. */
const cluster = new Cluster({ parameters: { minBlockIntervalMs: 10 } }).startAll();
const isThere = (): boolean => cluster.state(0).sequence > LENGTH;
// Work that comes while a block is under way may go into it: so many pieces are not as many blocks.
for (let tries = 0; tries < 10 * LENGTH && !isThere(); tries++) {
  cluster.work();
  const { sequence } = cluster.state(0);
  cluster.run({ forMs: 1_000, until: () => cluster.state(0).sequence > sequence });
}
if (!isThere()) throw new Error("the chain is shorter than the test needs");
const light = cluster.node(0).app.blocks;

/** Body under a header: its items, each of so many bytes, and entries of its annex. */
interface Body {
  readonly items: number;
  readonly bytes: number;
  readonly entries: number;
}

const SMALL: Body = { items: 1, bytes: 4, entries: 0 };
/** As many items as a block may hold, and hardly any more bytes. */
const FULL: Body = { items: ITEMS_MAX, bytes: 1_000, entries: 0 };
/** Bodies at the borders of what a block may hold. */
const bodies: fc.Arbitrary<Body> = fc.constantFrom(
  SMALL,
  { items: ITEMS_MAX, bytes: 1, entries: 0 },
  { items: ITEMS_MAX, bytes: 1, entries: ITEMS_MAX },
  FULL,
  { items: 7, bytes: ITEM_BYTES_MAX, entries: 0 },
  { items: 512, bytes: 2_000, entries: 0 },
);

/** Parts of each body, made once: bodies of many megabytes take no memory. */
const made = new Map<Body, Pick<Block, "items" | "annex">>();

function withBody(finalized: FinalizedBlock, body: Body): FinalizedBlock {
  const parts = made.get(body) ?? partsOf(body);
  made.set(body, parts);
  return { ...finalized, block: { ...finalized.block, ...parts } };
}

function partsOf({ items, bytes, entries }: Body): Pick<Block, "items" | "annex"> {
  const item = itemOf(new Uint8Array(bytes));
  const entry = new Uint8Array(1);
  return {
    items: Array.from({ length: items }, () => item),
    annex: Array.from({ length: entries }, () => entry),
  };
}

/** Replica whose disk counts what is read of it. */
function createServer(shapes: readonly Body[], dropped: number) {
  const disk = light.map((block, at) => withBody(block, shapes[at % shapes.length] ?? SMALL));
  const read = { blocks: 0, headers: 0, bytes: 0, parts: 0 };
  const kept = (sequence: number) => (sequence <= dropped ? undefined : disk[sequence - 1]);
  const application: Application = {
    ...asApplication(cluster.node(0).app),
    finalized: async (sequence) => {
      const found = kept(sequence);
      if (found === undefined) return undefined;
      read.blocks += 1;
      read.bytes += Finalized.size(found);
      read.parts += found.block.items.length + found.block.annex.length;
      return found;
    },
    header: async (sequence) => {
      const header = kept(sequence)?.block.header;
      read.headers += header === undefined ? 0 : 1;
      return header;
    },
  };
  const chain = keepHighest(application);
  const state = cluster.state(0);
  const ask = (request: Request) => answerRequest({ request, state, application: chain });
  return { ask, read };
}

const head = cluster.state(0).head;
const digests = fc.constantFrom(
  head.digest,
  ZERO_DIGEST,
  ...cluster.state(0).blocks.map(({ digest }) => digest),
);
const near = fc.integer({ min: 0, max: LENGTH + 2 }).map(toSequence);
const requests: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ type: fc.constant("block" as const), digest: digests }),
  fc.record({
    type: fc.constant("blocks" as const),
    from: near,
    count: fc.constantFrom(0, 1, 2, 8, SYNC_BLOCKS_MAX),
  }),
  fc.record({ type: fc.constant("head" as const), known: near }),
  fc.record({
    type: fc.constant("headers" as const),
    to: near,
    count: fc.constantFrom(0, 1, 2, 17, SYNC_HEADERS_MAX),
  }),
  fc.record({
    type: fc.constant("items" as const),
    digest: digests,
    places: fc.oneof(
      fc.array(fc.nat({ max: 9 }), { maxLength: 4 }),
      fc
        .uniqueArray(fc.nat({ max: ITEMS_MAX }), { maxLength: 9 })
        .map((all) => all.toSorted((a, b) => a - b)),
      fc
        .constantFrom(1, 512, ITEMS_MAX)
        .map((count) => Array.from({ length: count }, (_, at) => at)),
    ),
  }),
);

const ALL_ITEMS: Request = {
  type: "items",
  digest: head.digest,
  places: Array.from({ length: ITEMS_MAX }, (_, at) => at),
};

/** Blocks, headers, bytes and parts of blocks that an answer holds. */
function heldBy(response: SyncResponse): ReturnType<typeof createServer>["read"] {
  const held = { blocks: 0, headers: 0, bytes: 0, parts: 0 };
  if (response.type === "headers") return { ...held, headers: response.headers.length };
  if (response.type !== "blocks") return held;
  for (const each of response.blocks) {
    held.blocks += 1;
    held.bytes += Finalized.size(each);
    held.parts += each.block.items.length + each.block.annex.length;
  }
  return held;
}

describe("work for a peer", () => {
  test("nothing is read that is not sent, but for the block of the head, once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bodies, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: LENGTH }),
        fc.array(requests, { minLength: 1, maxLength: 12 }),
        async (shapes, dropped, asked) => {
          const { ask, read } = createServer(shapes, dropped);
          const sent = { blocks: 0, headers: 0, bytes: 0, parts: 0 };
          for (const request of asked) {
            const held = heldBy(await ask(request));
            for (const name of ["blocks", "headers", "bytes", "parts"] as const) {
              sent[name] += held[name];
            }
          }

          const last = shapes[(LENGTH - 1) % shapes.length] ?? SMALL;
          const body = withBody(light[LENGTH - 1] as FinalizedBlock, last);
          expect(read.blocks).toBeLessThanOrEqual(sent.blocks + 1);
          expect(read.bytes).toBeLessThanOrEqual(sent.bytes + Finalized.size(body));
          expect(read.parts).toBeLessThanOrEqual(sent.parts + last.items + last.entries);
          expect(read.headers).toBe(sent.headers);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("the asker is charged for it: no request costs more than it may, and no answer less than it took", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bodies, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: LENGTH }),
        requests,
        async (shapes, dropped, request) => {
          const { ask, read } = createServer(shapes, dropped);
          await ask({ type: "block", digest: head.digest });
          const before = { ...read };
          const answer = await ask(request);
          const cost = answerCost(answer);

          expect(cost).toBeLessThanOrEqual(answerCostMax(request));
          expect(cost).toBeGreaterThanOrEqual(read.bytes - before.bytes);
          // What is dear beside its bytes: a look-up, and each part that is decoded.
          expect(cost).toBeGreaterThanOrEqual(4_096 * (read.blocks - before.blocks));
          expect(cost).toBeGreaterThanOrEqual(2_048 * (read.headers - before.headers));
          expect(cost).toBeGreaterThanOrEqual(128 * (read.parts - before.parts));
          const items = answer.type === "items" ? answer.items : [];
          expect(cost).toBeGreaterThanOrEqual(
            items.reduce((sum, { bytes }) => sum + bytes.length + 128, 0),
          );
        },
      ),
      { numRuns: 150, examples: [[[FULL], 0, ALL_ITEMS]] },
    );
  });
});

test("a block that was not there, or could not be read, is read again when it is asked for", async () => {
  const block = light[0];
  const answers: readonly (() => Promise<FinalizedBlock | undefined>)[] = [
    () => Promise.reject(new Error("disk")),
    async () => undefined,
    async () => block,
  ];
  let reads = 0;
  const { finalized } = keepHighest({
    ...asApplication(cluster.node(0).app),
    finalized: () => answers[reads++]?.() ?? Promise.reject(new Error("it is kept by now")),
  });
  const one = toSequence(1);

  await expect(finalized(one)).rejects.toThrow("disk");
  expect(await finalized(one)).toBeUndefined();
  expect(await finalized(one)).toBe(block);
  expect(await finalized(one)).toBe(block);
  expect(reads).toBe(3);
});

describe("headers that a peer asks for", () => {
  test("they are those up to the one that was asked for, as far down as they are kept", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: LENGTH + 2 }).map(toSequence),
        fc.integer({ min: 1, max: SYNC_HEADERS_MAX }),
        bodies,
        fc.nat({ max: LENGTH }),
        async (to, count, body, dropped) => {
          const { ask } = createServer([body], dropped);
          const answer = await ask({ type: "headers", to, count });

          if (to > LENGTH || to <= dropped) {
            expect(answer.type).toBe("absent");
            return;
          }
          if (answer.type !== "headers") throw new Error("there are headers");
          const length = Math.min(count, to - dropped);
          expect(answer.headers.map(({ sequence }) => Number(sequence))).toEqual(
            Array.from({ length }, (_, at) => to - length + 1 + at),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
