import {
  SNAPSHOT_OFFERS_MAX,
  type SyncRequest,
  type SyncResponse,
  toSequence,
} from "@aethel/models";
import { expect, test } from "vitest";
import {
  type Application,
  answerCost,
  answerCostMax,
  createConfig,
  createState,
} from "../src/index.ts";
import { answerRequest } from "../src/peers/serve.ts";
import { Counter } from "./counter.ts";
import { createChain, fetchParameters } from "./fetch-world.ts";
import { asApplication } from "./hub.ts";
import { GENESIS } from "./keys.ts";
import { createSyncChain } from "./sync-chain.ts";

const { blocks, membership } = createChain(9);
const chain = createSyncChain({ length: 9, changes: [4], chunks: 3 });
const [first] = chain.paths;

const offers = Array.from({ length: 9 }, (_, at) => ({
  sequence: toSequence(at + 1),
  digest: GENESIS,
  entries: 1,
  bytes: 1,
}));

const keeping: Partial<Application> = {
  oldest: () => toSequence(5),
  updates: async (after) => [4, 9].filter((at) => at > after).map((at) => chain.updateAt(at)),
  snapshots: {
    offers: () => offers,
    head: async (sequence) => (sequence === 8 ? chain.headOf(8) : undefined),
    chunk: async (sequence, from) => (sequence === 8 ? chain.chunkAt(8, from) : undefined),
  },
};

/** Answers by a replica at sequence 9 whose application has these parts. */
function answer(
  request: Exclude<SyncRequest, { readonly type: "signed-head" }>,
  parts: Partial<Application> = keeping,
): Promise<SyncResponse> {
  const counter = new Counter(GENESIS, membership.set);
  for (const block of blocks) counter.commit(block);
  const id = membership.members[0]?.id ?? counter.head.header.proposer;
  const config = createConfig({ genesis: GENESIS, id, parameters: fetchParameters });
  const application = { ...asApplication(counter), ...parts };
  return answerRequest({ request, state: createState(config, counter.head), application });
}

const from = first ?? new Uint8Array(32);
const requests: readonly Exclude<SyncRequest, { readonly type: "signed-head" }>[] = [
  { type: "updates", after: toSequence(0) },
  { type: "snapshots", from: toSequence(0) },
  { type: "snapshot-head", sequence: toSequence(8) },
  { type: "snapshot-chunk", sequence: toSequence(8), from },
];

test("an application that keeps snapshots serves them, the newest offers if there are too many", async () => {
  const [updates, snapshots, head, chunk] = await Promise.all(requests.map((each) => answer(each)));
  expect(updates).toEqual({ type: "updates", updates: [chain.updateAt(4), chain.updateAt(9)] });
  expect(snapshots).toEqual({ type: "snapshots", offers: offers.slice(-SNAPSHOT_OFFERS_MAX) });
  expect(head).toEqual({ type: "snapshot-head", head: chain.headOf(8) });
  expect(chunk).toEqual({ type: "snapshot-chunk", chunk: chain.chunkAt(8, from) });
  const later = await answer({ type: "snapshots", from: toSequence(8) });
  expect(later).toEqual({ type: "snapshots", offers: offers.slice(-2) });
});

test("what is not there is absent, also where an application keeps no snapshots", async () => {
  const absent = { type: "absent", head: 9 };
  expect(await answer({ type: "updates", after: toSequence(9) })).toEqual(absent);
  expect(await answer({ type: "snapshot-head", sequence: toSequence(7) })).toEqual(absent);
  expect(await answer({ type: "snapshot-chunk", sequence: toSequence(7), from })).toEqual(absent);
  const none = await Promise.all(requests.map((each) => answer(each, {})));
  expect(none).toEqual([absent, { type: "snapshots", offers: [] }, absent, absent]);
});

test("a head says what is kept, and a request for older blocks is answered with that", async () => {
  const head = { type: "head", known: toSequence(0) } as const;
  expect(await answer(head)).toMatchObject({ type: "head", sequence: 9, oldest: 5 });
  expect(await answer(head, {})).toMatchObject({ oldest: 1 });
  const asked = { type: "blocks", from: toSequence(4), count: 2 } as const;
  expect(await answer(asked)).toEqual({ type: "pruned", head: 9, oldest: 5 });
  expect(await answer({ ...asked, from: toSequence(5) })).toMatchObject({ type: "blocks" });
  expect(await answer(asked, {})).toMatchObject({ type: "blocks" });
});

test("no answer costs more than its request shows, and each chunk more than its bytes", async () => {
  for (const request of requests) {
    const response = await answer(request);
    expect(answerCost(response)).toBeLessThanOrEqual(answerCostMax(request));
  }
  const chunk = { type: "snapshot-chunk", chunk: new Uint8Array(1_000) } as const;
  expect(answerCost(chunk)).toBeGreaterThan(1_000);
});
