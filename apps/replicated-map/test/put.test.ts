import {
  blockDigest,
  createCertificate,
  createSigner,
  createValidatorSet,
  type FinalizedBlock,
  sha256,
  toAccountId,
  toAmount,
  toSequence,
  toTimestamp,
  toView,
} from "@aethel/models";
import { createApplication, type ReplicatedApplication } from "@aethel/pbft";
import { expect, test } from "vitest";
import { encodeSetting, type MapState, mapMachine } from "../src/map.ts";
import { type Answering, put } from "../src/put.ts";

const genesis = sha256(Uint8Array.of(1));
const { publicKey: key } = createSigner(new Uint8Array(32).fill(1));
const validators = createValidatorSet([{ id: toAccountId(key), key, power: toAmount(1n) }]);

type Map1 = ReplicatedApplication<MapState>;

const openMap = (bounds = {}): Promise<Map1> =>
  createApplication<MapState>({ ...mapMachine, genesis, validators, bounds });

const answering = (application: Map1): Answering => ({
  application,
  submit: (item) => application.submit(item),
  publish: () => undefined,
  quiet: () => undefined,
});

/** Makes a block of what waits at an application. */
async function blockOf(application: Map1): Promise<FinalizedBlock> {
  const { header } = application.head();
  const sequence = toSequence(header.sequence + 1);
  const block = await application.propose({
    sequence,
    timestamp: toTimestamp(header.timestamp + 1),
    proposer: toAccountId(key),
    parentCertificate: undefined,
    evidence: [],
    leadership: genesis,
    reason: "work",
    signal: new AbortController().signal,
  });
  if (block === undefined) throw new Error("something waits");
  const vote = { sequence, view: toView(0), digest: blockDigest(block.header) };
  const certificate = createCertificate({ phase: "commit", vote, set: validators, votes: [] });
  return { block, certificate };
}

test("a put that another node overtakes is answered with 409 at the block that does it", async () => {
  const [here, there] = [await openMap(), await openMap()];
  const answer = put(answering(here), "colour", "red");
  there.submit(encodeSetting({ key: "colour", value: "green", version: 1 }));
  await here.commit(await blockOf(there));

  expect(await answer).toMatchObject({ status: 409 });
  expect((await answer).text).toMatch(/^overtaken: version 1 of "colour" .*block 1.*Next: /);
  expect(here.pending()).toEqual([]);
});

test("blocks without the key leave a put waiting, and its own block answers it with the version", async () => {
  const [here, there] = [await openMap(), await openMap()];
  there.submit(encodeSetting({ key: "shape", value: "round", version: 1 }));
  const other = await blockOf(there);
  const answer = put(answering(here), "colour", "red");
  await here.commit(other);
  await here.commit(await blockOf(here));

  expect(await answer).toEqual({ status: 200, text: "version 1, block 2" });
});

test("of two nodes that put the same value both are told that it is final", async () => {
  const [here, there] = [await openMap(), await openMap()];
  const answers = [here, there].map((node) => put(answering(node), "colour", "red"));
  const block = await blockOf(there);
  for (const node of [here, there]) await node.commit(block);

  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
});

test("a second put of a key on one node is told that another waits", async () => {
  const here = await openMap();
  const first = put(answering(here), "colour", "red");

  const second = await put(answering(here), "colour", "blue");
  expect(second).toMatchObject({ status: 409 });
  expect(second.text).toMatch(/^overtaken: another setting of "colour" waits.*Next: /);
  await here.commit(await blockOf(here));
  expect(await first).toMatchObject({ status: 200 });
});

test.each([
  ["a key that is too long", 400, /257 characters.*at most 256/, "k".repeat(257), "v", {}],
  [
    "a value that is too large for an item",
    413,
    /more than 50\b.*shorter/,
    "k",
    "\0".repeat(9),
    { itemBytes: 50 },
  ],
  ["a full mempool", 503, /no room .*after a block/, "k", "v", { bytes: 5 }],
])("%s is refused with its reason, at once", async (_, status, text, name, value, bounds) => {
  const answer = await put(answering(await openMap(bounds)), name, value);

  expect(answer.status).toBe(status);
  expect(answer.text).toMatch(text);
});
