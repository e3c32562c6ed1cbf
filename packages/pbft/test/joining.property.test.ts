import {
  type ConsensusMessage,
  equalBytes,
  type SyncResponse,
  signersOfCertificate,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JoiningOptions } from "../src/index.ts";
import { createPath } from "../src/joining/path.ts";
import { createRig, type Rig } from "./rig.ts";
import { createHistory, createNewcomer, everybody, type History } from "./two-histories.ts";

// The founders leave with block 10 of the real history; later they sign another one from genesis.
const real = createHistory({ length: 40, change: 11 });
const forged = createHistory({ length: 50, offset: 3 });
const late = createHistory({ length: 50, offset: 3, from: 6 });
const steady = createHistory({ length: 40, offset: 7 });

const NOW = 10_000_000;
const tip = (
  history: History,
  at = history.blocks.length,
): NonNullable<JoiningOptions["checkpoint"]> => {
  const certificate = history.blocks[at - 1]?.certificate;
  if (certificate === undefined) throw new Error("no such block");
  return { sequence: certificate.sequence, digest: certificate.digest, statedAt: toTimestamp(NOW) };
};

// The same founders; they leave with block 30, when the head is of today again.
const resumed = createHistory({ length: 40, change: 31, from: 6, offset: NOW - 5_000 });

type Peer = History | "hanging" | "absent";

/** A newcomer whose peers know what `peers` says; long after the histories were made. */
async function join(
  peers: readonly Peer[],
  joining: JoiningOptions | undefined,
  slow?: Peer,
  early?: (rig: Rig) => Promise<void>,
): Promise<Rig> {
  const names = peers.map((_, at) => everybody.members[at]?.id ?? (new Uint8Array(32) as never));
  const [newcomer] = everybody.members.slice(7);
  if (newcomer === undefined) throw new Error("there are eight");
  const rig = createRig({
    membership: { ...everybody, members: [newcomer, ...everybody.members] },
    counter: createNewcomer(),
    peers: () => names,
    answer: (to, request): Promise<SyncResponse> => {
      const peer = peers[names.findIndex((name) => equalBytes(name, to))];
      if (peer === "hanging" || peer === undefined) return new Promise(() => {});
      if (peer === "absent") return Promise.resolve({ type: "absent", head: toSequence(9_999) });
      if (peer !== slow) return Promise.resolve(peer.answer(request));
      return new Promise((resolve) => {
        const answer = peer.answer(request);
        setImmediate(() => setImmediate(() => resolve(answer)));
      });
    },
    replica: joining === undefined ? {} : { joining },
  });
  await rig.pass(NOW - 1_000);
  await rig.replica.start();
  await early?.(rig);
  for (const name of names) rig.handlers().connected(name);
  await rig.pass(30_000);
  return rig;
}

/** COMMITs of all who made a block final, as they would send them. */
function votesFor(history: History, sequence: number): readonly ConsensusMessage[] {
  const certificate = history.blocks[sequence - 1]?.certificate;
  if (certificate === undefined) throw new Error("no such block");
  const { view, digest, seal } = certificate;
  return signersOfCertificate(certificate).flatMap((voter, at) => {
    const signature = seal.signatures[at];
    if (signature === undefined) return [];
    return [{ type: "commit", sequence: certificate.sequence, view, digest, voter, signature }];
  });
}

/** Counts the blocks that the newcomer has applied; says whether all are of `history`. */
function followed(rig: Rig, history: History): { height: number; isPure: boolean } {
  const isPure = rig.counter.blocks.every(({ certificate }, at) => {
    const known = history.blocks[at]?.certificate.digest;
    return known !== undefined && equalBytes(known, certificate.digest);
  });
  return { height: rig.counter.blocks.length, isPure };
}

const news = (rig: Rig): readonly string[] =>
  rig.events.flatMap((event) => (event.type === "joining" ? [event.state] : []));

describe("joining", () => {
  test("R7.4: with a checkpoint it gets to the head of that history, whoever else answers what", async () => {
    const peer = fc.constantFrom<Peer>(real, forged, "hanging", "absent", steady);
    await fc.assert(
      fc.asyncProperty(
        fc.array(peer, { maxLength: 5 }),
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        async (others, place, at) => {
          const peers = others.toSpliced(place % (others.length + 1), 0, real);
          const rig = await join(peers, { checkpoint: tip(real, at), trustedForMs: 60_000 });
          const { height, isPure } = followed(rig, real);
          expect(isPure).toBe(true);
          expect(height).toBeGreaterThanOrEqual(at);
          await rig.replica.stop();
        },
      ),
      { numRuns: 10 },
    );
  });

  test("R7.4: without one, old history is followed only until a validator has left", async () => {
    const rig = await join([real, real, real], { trustedForMs: 60_000 });

    expect(followed(rig, real)).toEqual({ height: 10, isPure: true });
    expect(news(rig)).toEqual(["checkpoint-needed"]);
    expect(rig.replica.status().joining).toBe("checkpoint-needed");
    await rig.replica.stop();
  });

  test("R7.4: while nobody has left, old history is followed to its head", async () => {
    const rig = await join([steady, "hanging", steady], { trustedForMs: 60_000 });

    expect(followed(rig, steady)).toEqual({ height: 40, isPure: true });
    expect(news(rig)).toEqual([]);
    await rig.replica.stop();
  });

  test("R7.4: young history is followed over every change of the set", async () => {
    const rig = await join([real, real], { trustedForMs: 2 * NOW });

    expect(followed(rig, real)).toEqual({ height: 40, isPure: true });
    await rig.replica.stop();
  });

  test("R7.4: two certified histories are none: it stops before the first block they differ in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray<Peer>([real, forged, forged, "hanging"], { minLength: 4 }),
        fc.constantFrom(undefined, { trustedForMs: 60_000 }),
        async (peers, joining) => {
          const rig = await join(peers, joining);
          expect(rig.counter.blocks).toEqual([]);
          expect(news(rig)).toEqual(["history-forked"]);
          await rig.replica.stop();
        },
      ),
      { numRuns: 12 },
    );
  });

  test("R7.4: who has left cannot vote a block final either, before peers were compared with", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 3 }),
        fc.integer({ min: 1, max: 5 }),
        async (place, blocks) => {
          const peers = [real, real, real].toSpliced(place, 0, forged);
          const rig = await join(peers, { trustedForMs: 60_000 }, real, async ({ handlers }) => {
            for (let sequence = 1; sequence <= blocks; sequence++) {
              for (const vote of votesFor(forged, sequence)) handlers().message(vote, undefined);
            }
          });
          expect(followed(rig, real).isPure).toBe(true);
          await rig.replica.stop();
        },
      ),
      { numRuns: 10 },
    );
  });

  test("R7.4: a node that has caught up goes by certificates, whoever leaves then", async () => {
    const rig = await join([resumed, resumed, "hanging"], { trustedForMs: 60_000 });

    expect(followed(rig, resumed)).toEqual({ height: 40, isPure: true });
    expect(news(rig)).toEqual([]);
    await rig.replica.stop();
  });

  test("R7.4: by a clock that was reset no head is young, and it stops where somebody has left", async () => {
    const counter = createNewcomer();
    for (const finalized of resumed.blocks.slice(0, 8)) counter.commit(finalized);
    const [newcomer] = everybody.members.slice(7);
    if (newcomer === undefined) throw new Error("there are eight");
    const rig = createRig({
      membership: { ...everybody, members: [newcomer, ...everybody.members] },
      counter,
      peers: () => everybody.members.slice(0, 3).map(({ id }) => id),
      answer: (_, request) => Promise.resolve(resumed.answer(request)),
      replica: { joining: { trustedForMs: 60_000 } },
    });
    await rig.replica.start();
    await rig.pass(30_000);

    expect(rig.counter.blocks).toHaveLength(30);
    expect(rig.replica.status().joining).toBe("checkpoint-needed");
    await rig.replica.stop();
  });

  test("R7.4: peers that tell one header at a time do not set the pace of the path", async () => {
    let requests = 0;
    const dripping: History = {
      ...real,
      answer(request) {
        if (request.type === "headers") requests += 1;
        return real.answer(request.type === "headers" ? { ...request, count: 1 } : request);
      },
    };
    const drippers: readonly Peer[] = Array.from({ length: 6 }, () => dripping);
    const peers = [...drippers, real];
    const rig = await join(peers, { checkpoint: tip(real), trustedForMs: 60_000 }, real);

    expect(followed(rig, real)).toEqual({ height: 40, isPure: true });
    expect(requests).toBeLessThanOrEqual(8);
    await rig.replica.stop();
  });

  test("R7.4: a history that differs later is found out by any honest peer, whoever answers first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 6 }),
        fc.constantFrom(forged, late),
        fc.constantFrom(undefined, { trustedForMs: 60_000 }),
        async (place, other, joining) => {
          // Honest ones answer last: the liars' blocks are always the first to be here.
          const liars: readonly Peer[] = Array.from({ length: 6 }, () => other);
          const rig = await join(liars.toSpliced(place, 0, real), joining, real);
          expect(news(rig)).toEqual(["history-forked"]);
          expect(rig.replica.status().joining).toBe("history-forked");
          await rig.replica.stop();
        },
      ),
      { numRuns: 10 },
    );
  });

  test("a checkpoint of another history than the own blocks is told apart, and nothing is applied", async () => {
    const rig = await join([real], { checkpoint: tip(real, 30), trustedForMs: 60_000 });
    const counter = rig.counter;
    await rig.replica.stop();
    const again = createRig({
      membership: everybody,
      counter,
      peers: () => everybody.members.slice(0, 1).map(({ id }) => id),
      answer: (_, request) => Promise.resolve(forged.answer(request)),
      replica: { joining: { checkpoint: tip(forged, 50) } },
    });
    const before = counter.blocks.length;
    await again.pass(NOW);
    await again.replica.start();
    await again.pass(30_000);

    expect(news(again)).toEqual(["path", "checkpoint-contradicted"]);
    expect(counter.blocks).toHaveLength(before);
    await again.replica.stop();
  });

  test.each([
    ["too old", -60_001],
    ["of the future", 60_001],
  ])("a checkpoint that is %s is refused, with what to do", async (_, offset) => {
    const checkpoint = { ...tip(real), statedAt: toTimestamp(NOW + offset) };

    const joining = join([real], { checkpoint, trustedForMs: 60_000 });

    await expect(joining).rejects.toMatchObject({ fault: { code: "CHECKPOINT" } });
  });

  test("a path takes headers only backwards from the checkpoint, and knows exactly its blocks", () => {
    const at = (history: History, sequence: number) =>
      history.blocks[sequence - 1]?.certificate.digest;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 39 }),
        fc.array(fc.constantFrom(real, forged, steady), { maxLength: 30 }),
        (to, from, answerers) => {
          if (from >= to) return;
          const head = {
            sequence: toSequence(from),
            digest: at(real, from) ?? createNewcomer().head.digest,
          };
          const path = createPath(tip(real, to), head);
          const request = path.request();
          const honest = request === undefined ? undefined : real.answer(request);
          if (honest?.type === "headers" && honest.headers.length > 1) {
            const broken = honest.headers.map((header, index) =>
              index === 0 ? { ...header, parent: header.payloadRoot } : header,
            );
            expect(path.take({ type: "headers", headers: broken as never })).toBe(false);
            expect(path.request()).toEqual(request);
          }
          for (const history of [...answerers, ...Array.from({ length: 40 }, () => real)]) {
            const request = path.request();
            if (request === undefined) break;
            expect(path.take(history.answer(request))).toBe(history === real);
          }
          expect(path.meetsHead()).toBe(true);
          for (let sequence = 1; sequence <= 40; sequence++) {
            for (const history of [real, forged]) {
              const digest = at(history, sequence);
              if (digest === undefined) continue;
              const isOn = history === real && sequence > from && sequence <= to;
              expect(path.holds(toSequence(sequence), digest)).toBe(isOn);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
