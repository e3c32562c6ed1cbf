import { type SyncRequest, type SyncResponse, toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createConfig, type PacingParameters } from "../src/index.ts";
import { createChain } from "./fetch-world.ts";
import { GENESIS } from "./keys.ts";
import { createRig, rigParameters } from "./rig.ts";

const MINUTE_MS = 60_000;

/** A replica on an idle chain, and when it asked whom for what. */
function createIdle(
  answer: (request: SyncRequest, peer: number) => Promise<SyncResponse>,
  parameters: PacingParameters = rigParameters,
) {
  const chain = createChain(3);
  const { membership } = chain;
  const peers = membership.members.slice(1).map(({ id }) => id);
  let passed = 0;
  let looks = 0;
  const asked: { readonly at: number; readonly peer: number; readonly type: string }[] = [];
  const rig = createRig({
    membership,
    peers: () => {
      looks += 1;
      return peers;
    },
    replica: { verify: membership.verify, parameters },
    answer: (to, request) => {
      const peer = peers.indexOf(to);
      asked.push({ at: passed, peer, type: request.type });
      return answer(request, peer);
    },
  });
  const pass = async (ms: number): Promise<void> => {
    for (const end = passed + ms; passed < end; ) {
      passed += 10;
      await rig.pass(10);
    }
  };
  return { rig, chain, asked, pass, looks: () => looks };
}

const headOf = (sequence: number): SyncResponse => ({
  type: "head",
  sequence: toSequence(sequence),
  digest: GENESIS,
  oldest: toSequence(1),
});

describe("an idle chain", () => {
  test("who missed the last blocks learns of them without a new one, although a third hangs or lies", async () => {
    const liars: readonly ((request: SyncRequest) => Promise<SyncResponse>)[] = [
      () => new Promise(() => {}),
      async () => headOf(0),
      async () => headOf(1_000_000),
    ];
    for (const lie of liars) {
      let top = 0;
      const { rig, chain, pass } = createIdle((request, peer) => {
        if (peer === 0) return lie(request);
        if (request.type === "head") return Promise.resolve(headOf(top));
        if (request.type !== "blocks") return Promise.reject(new Error("not that"));
        const blocks = chain.blocks.slice(request.from - 1, top);
        const absent = { type: "absent", head: toSequence(top) } as const;
        return Promise.resolve(blocks.length === 0 ? absent : { type: "blocks", blocks });
      });
      await rig.replica.start();
      await pass(MINUTE_MS);
      expect(rig.counter.head.header.sequence).toBe(0);
      top = 3;
      const config = createConfig({
        genesis: GENESIS,
        id: chain.membership.members[0]?.id ?? (GENESIS as never),
        parameters: rigParameters,
      });
      await pass(12 * config.resendIntervalMs);

      expect(rig.counter.head.header.sequence).toBe(3);
      await rig.replica.stop();
    }
  });

  test("a peer that claims the next block and hangs does not keep others from being asked again", async () => {
    let top = 0;
    const { rig, chain, pass } = createIdle(
      (request, peer) => {
        if (peer === 0 && request.type !== "head") return new Promise(() => {});
        if (request.type === "head") return Promise.resolve(headOf(peer === 0 ? 3 : top));
        if (request.type !== "blocks") return Promise.reject(new Error("not that"));
        const blocks = chain.blocks.slice(request.from - 1, top);
        const absent = { type: "absent", head: toSequence(top) } as const;
        return Promise.resolve(blocks.length === 0 ? absent : { type: "blocks", blocks });
      },
      // An answer may take 20 s here.
      { ...rigParameters, disseminationBoundMs: 10_000, viewTimeoutMaxMs: 30_000 },
    );
    await rig.replica.start();
    await pass(1_000);
    top = 3;
    await pass(3_000);

    expect(rig.counter.head.header.sequence).toBe(3);
    await rig.replica.stop();
  });

  test("a peer that claims what it does not have costs as much in each minute, and not more", async () => {
    const { rig, pass, looks } = createIdle(async (_, peer) => headOf(peer === 0 ? 1_000_000 : 0));
    await rig.replica.start();
    await pass(MINUTE_MS);
    const first = looks();
    await pass(MINUTE_MS);

    expect(looks() - first).toBeLessThanOrEqual(1.1 * first);
    await rig.replica.stop();
  });

  test("heads are asked evenly and in turn, and no more often than it takes", async () => {
    const { rig, asked, pass } = createIdle(async () => headOf(0));
    await rig.replica.start();
    await pass(MINUTE_MS);
    const heads = asked.filter(({ type, at }) => type === "head" && at > 2_000);
    const times = [...new Set(heads.map(({ at }) => at))];
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    const byPeer = [0, 1, 2].map((peer) => heads.filter((each) => each.peer === peer).length);

    expect(times.length).toBeGreaterThan(100);
    expect(times.length).toBeLessThan(160);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(20);
    expect(Math.max(...byPeer) - Math.min(...byPeer)).toBeLessThanOrEqual(1);
    await rig.replica.stop();
  });
});
