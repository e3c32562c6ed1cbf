import { type SyncRequest, SyncResponse, toSequence, ZERO_DIGEST } from "@aethel/models";
import { afterEach, describe, expect, test } from "vitest";
import type { PeerLimits } from "../src/index.ts";
import { commit, identity, setOf, startNode, stopAll, type TestNode, until } from "./localnet.ts";
import { block, proposal } from "./wire-values.ts";

const running: TestNode[] = [];
const never = new AbortController().signal;
const head = { type: "head", known: toSequence(0) } as const;
const blocks = { type: "blocks", from: toSequence(1), count: 64 } as const;
const absent: SyncResponse = { type: "absent", head: toSequence(0) };

afterEach(async () => {
  await stopAll(running.splice(0));
});

async function pair(limits: Partial<PeerLimits> = {}): Promise<readonly [TestNode, TestNode]> {
  const members = [identity("left"), identity("right")] as const;
  const set = setOf(members);
  const left = await startNode(members[0], set, { limits });
  const right = await startNode(members[1], set, {
    limits,
    bootstrap: left.transport.addresses(),
  });
  running.push(left, right);
  await until(() => left.transport.peers().length === 1 && right.transport.peers().length === 1);
  return [left, right];
}

describe("requests that are not wanted any more", () => {
  test("free the places of the one who serves them, whatever its application does", async () => {
    // What hangs holds the most that it may cost: all eight have room here.
    const [left, right] = await pair({ servedBytesPerSecondMax: 2 ** 30 });
    let served = 0;
    right.answer = () => {
      served += 1;
      return served <= 8 ? new Promise(() => {}) : Promise.resolve(absent);
    };
    const abort = new AbortController();
    const ask = (signal: AbortSignal) =>
      left.transport.request(right.identity.id, blocks, signal).catch(() => undefined);
    const hanging = Array.from({ length: 8 }, () => ask(abort.signal));
    await until(() => served === 8);
    abort.abort();
    await Promise.all(hanging);
    // The other side learns of it a moment later.
    let answer: SyncResponse | undefined;
    for (let turn = 0; answer === undefined && turn < 50; turn++) {
      answer = await ask(never);
      if (answer === undefined) await new Promise((next) => setTimeout(next, 20));
    }

    expect(answer).toEqual(absent);
    expect(right.transport.peers()).toEqual([left.identity.id]);
  });

  test("however many are given up, their asker is not blamed", async () => {
    const [left, right] = await pair({ faultsMax: 3 });
    right.answer = (request) =>
      request.type === "blocks" ? new Promise(() => {}) : Promise.resolve(absent);
    for (let turn = 0; turn < 60; turn++) {
      const abort = new AbortController();
      const given = left.transport.request(right.identity.id, blocks, abort.signal);
      const settled = given.catch(() => "given up");
      await new Promise((next) => setTimeout(next, turn % 3));
      abort.abort();
      expect(await settled).toBe("given up");
    }
    let answer: SyncResponse | undefined;
    for (let turn = 0; answer === undefined && turn < 50; turn++) {
      answer = await left.transport.request(right.identity.id, head, never).catch(() => undefined);
      if (answer === undefined) await new Promise((next) => setTimeout(next, 20));
    }

    expect(answer).toEqual(absent);
    expect(right.events.filter(({ type }) => type === "refused")).toEqual([]);
    expect(left.events.filter(({ type }) => type === "refused")).toEqual([]);
  });

  test("one that hangs does not hold up the others to the same peer", async () => {
    const [left, right] = await pair();
    right.answer = (request) =>
      request.type === "blocks" ? new Promise(() => {}) : Promise.resolve(absent);
    const abort = new AbortController();
    const hanging = left.transport
      .request(right.identity.id, blocks, abort.signal)
      .catch(() => "given up");
    for (let turn = 0; turn < 20; turn++) {
      expect(await left.transport.request(right.identity.id, head, never)).toEqual(absent);
    }
    abort.abort();

    expect(await hanging).toBe("given up");
  });
});

describe("what a peer can have of us", () => {
  test("a head is answered by a head: more bytes are cut off and held against the peer", async () => {
    const [left, right] = await pair();
    right.answer = () => Promise.resolve({ type: "block", block: block(1, 1) });
    const answer = left.transport.request(right.identity.id, head, never);

    await expect(answer).rejects.toMatchObject({ fault: { code: "NO_ANSWER" } });
    expect(left.events).toContainEqual(
      expect.objectContaining({ type: "dropped", reason: "oversize" }),
    );
  });

  test("answers go out as fast as their asker may have them, and then they wait", async () => {
    // Each request costs 128 KiB at least: two seconds' worth at once, then 16 a second.
    const [left, right] = await pair({ servedBytesPerSecondMax: 16 * 131_072 });
    let served = 0;
    right.answer = () => {
      served += 1;
      return Promise.resolve({
        type: "head",
        sequence: toSequence(1),
        digest: ZERO_DIGEST,
        oldest: toSequence(1),
      });
    };
    const started = performance.now();
    for (let turn = 0; turn < 44; turn++) {
      await left.transport.request(right.identity.id, head, never);
    }
    const seconds = (performance.now() - started) / 1_000;

    expect(served).toBe(44);
    // 32 are free, at most 16 more in each second: however slow the machine, never faster.
    expect(served).toBeLessThanOrEqual(32 + 16 * seconds + 1);
  });

  test("work for an answer is paid by its asker, though it leaves when the work begins", async () => {
    const large: SyncResponse = { type: "block", block: block(1, 1) };
    const size = SyncResponse.encode(large).length;
    // The budget holds four of them, and two more in each second.
    const [left, right] = await pair({ servedBytesPerSecondMax: 2 * (size + 131_072) });
    let served = 0;
    const started = performance.now();
    while (performance.now() - started < 1_500) {
      const asker = new AbortController();
      right.answer = () => {
        served += 1;
        asker.abort();
        return Promise.resolve(large);
      };
      const request = { type: "block", digest: ZERO_DIGEST } as const;
      await left.transport.request(right.identity.id, request, asker.signal).catch(() => undefined);
    }
    const seconds = (performance.now() - started) / 1_000;

    expect(served).toBeGreaterThan(0);
    expect(served).toBeLessThanOrEqual(4 + 2 * seconds + 1);
  });

  test("nothing is read of who is in debt, and so requests given up while they wait cost nothing", async () => {
    // Eight requests at once, then four a second.
    const [left, right] = await pair({ servedBytesPerSecondMax: 4 * 131_072 });
    const ask = (signal: AbortSignal) =>
      left.transport.request(right.identity.id, head, signal).catch(() => undefined);
    for (let round = 0; round < 30; round++) {
      const asker = new AbortController();
      const asked = Array.from({ length: 8 }, () => ask(asker.signal));
      await new Promise((next) => setTimeout(next, 25));
      asker.abort();
      await Promise.all(asked);
    }

    // All 240 together would take a minute, and the time-out is at ten seconds.
    expect(await ask(never)).toEqual(absent);
  }, 30_000);

  test("requests that no honest peer sends are held against it, and nothing is done for them", async () => {
    const [left, right] = await pair();
    let served = 0;
    right.answer = () => {
      served += 1;
      return Promise.resolve(absent);
    };
    const wrong: readonly SyncRequest[] = [
      { type: "items", digest: ZERO_DIGEST, places: [] },
      { type: "items", digest: ZERO_DIGEST, places: [3, 3] },
      { type: "items", digest: ZERO_DIGEST, places: [4, 2] },
      { type: "headers", to: toSequence(1), count: 0 },
      { type: "blocks", from: toSequence(1), count: 0 },
    ];
    for (const request of wrong) {
      const asked = left.transport.request(right.identity.id, request, never);
      await expect(asked).rejects.toMatchObject({ fault: { code: "NO_ANSWER" } });
    }

    expect(served).toBe(0);
    expect(right.events).toContainEqual(
      expect.objectContaining({ type: "dropped", reason: "malformed" }),
    );
  });

  test("messages over the bytes of a second are dropped before they are decoded", async () => {
    // Room for one at once; for all six only after eight seconds.
    const [left, right] = await pair({ messageBytesPerSecondMax: 600_000 });
    const large = proposal(1, 1);
    for (let sent = 0; sent < 6; sent += 1) left.transport.send(right.identity.id, large);
    await until(() => right.events.some(({ type }) => type === "dropped"));
    left.transport.send(right.identity.id, commit(1));

    const proposals = right.messages.filter(({ message }) => message.type === "pre-prepare");
    expect(proposals.length).toBeLessThan(6);
    expect(right.transport.peers()).toHaveLength(1);
  });
});
