import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Answer, catchUp, createChain, type Fetched, type Peer } from "./fetch-world.ts";

const chain = createChain(900);
const KINDS = ["right", "one", "absent", "forged", "hidden", "other", "none"] as const;

/** Answers of one faulty peer to each request in turn; they may come at once, late or never. */
const answer: fc.Arbitrary<Answer> = fc.record({
  kind: fc.constantFrom(...KINDS),
  delayMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 400 }),
    fc.integer({ min: 0, max: 12_000 }),
    fc.constant(Number.POSITIVE_INFINITY),
  ),
});
const faulty: fc.Arbitrary<Peer> = fc.record(
  {
    oneWayMs: fc.constantFrom(1, 20, 50),
    answers: fc.array(answer, { minLength: 1, maxLength: 12 }),
    claims: fc.constantFrom(0, 700, 900, 1_000_000_000_000),
  },
  { requiredKeys: ["oneWayMs", "answers"] },
);

/** `f` of 3f + 1 are faulty, and one of all is the replica itself. */
const world = fc
  .record({ f: fc.constantFrom(1, 2, 3), oneWayMs: fc.constantFrom(5, 20, 50) })
  .chain(({ f, oneWayMs }) =>
    fc.record({
      oneWayMs: fc.constant(oneWayMs),
      faulty: fc.array(faulty, { minLength: f, maxLength: f }),
      // Faulty ones stand where they like in the order of names.
      places: fc.shuffledSubarray(
        Array.from({ length: 3 * f }, (_, at) => at),
        { minLength: f, maxLength: f },
      ),
    }),
  );

function peersOf(of: {
  readonly oneWayMs: number;
  readonly faulty: readonly Peer[];
  readonly places: readonly number[];
}): readonly Peer[] {
  return Array.from({ length: 3 * of.faulty.length }, (_, at): Peer => {
    const place = of.places.indexOf(at);
    return of.faulty[place] ?? { oneWayMs: of.oneWayMs };
  });
}

const honestTimes = new Map<string, Promise<Fetched>>();
function honestRun(peers: number, oneWayMs: number): Promise<Fetched> {
  const key = `${peers} ${oneWayMs}`;
  const run = honestTimes.get(key) ?? catchUp({ chain, peers: Array(peers).fill({ oneWayMs }) });
  honestTimes.set(key, run);
  return run;
}

async function slowdown(peers: readonly Peer[], oneWayMs: number): Promise<number> {
  const honest = await honestRun(peers.length, oneWayMs);
  return (await catchUp({ chain, peers })).tookMs / honest.tookMs;
}

describe("catch-up at peers of whom f are faulty", () => {
  test("B30: whatever f do, it takes at most twice as long as when all are honest", async () => {
    const runs = process.env["AETHEL_SLOW"] === "1" ? 300 : 12;
    const holds = fc.asyncProperty(world, async (of) => {
      expect(await slowdown(peersOf(of), of.oneWayMs)).toBeLessThanOrEqual(2);
    });
    await fc.assert(holds, { numRuns: runs });
  });

  test.each([
    ["hangs", [{ delayMs: Number.POSITIVE_INFINITY, kind: "right" }]],
    ["gives one block at a time", [{ delayMs: 0, kind: "one" }]],
    ["gives one block just before it is given up", [{ delayMs: 9_000, kind: "one" }]],
    ["is a little slower than who is passed over", [{ delayMs: 95, kind: "right" }]],
    ["forges certificates", [{ delayMs: 0, kind: "forged" }]],
    ["forges all certificates but the last", [{ delayMs: 0, kind: "hidden" }]],
    ["gives blocks in disorder", [{ delayMs: 0, kind: "other" }]],
    ["claims to have what it does not give", [{ delayMs: 0, kind: "absent" }]],
    ["breaks off", [{ delayMs: 0, kind: "none" }]],
  ] as const)("B30: a third that %s costs less than as much again", async (_, answers) => {
    const faulty = Array.from({ length: 3 }, (): Peer => ({ oneWayMs: 50, answers }));
    const honest = Array.from({ length: 6 }, (): Peer => ({ oneWayMs: 50 }));
    expect(await slowdown([...faulty, ...honest], 50)).toBeLessThanOrEqual(2);
  });

  test("the worst that a search over answers and their delays finds stays within that", async () => {
    // Hill climbing: the plans of the faulty are changed one at a time, and the worst is kept.
    const random = seeded(20);
    const draw = (): Answer => {
      const kind = KINDS[Math.floor(random() * KINDS.length)] ?? "right";
      const delays = [0, 60, 110, 150, 210, 320, 410, 900, Number.POSITIVE_INFINITY];
      return { kind, delayMs: delays[Math.floor(random() * delays.length)] ?? 0 };
    };
    const plan = (): Peer => ({ oneWayMs: 50, answers: [draw(), draw(), draw(), draw()] });
    const honest = Array.from({ length: 4 }, (): Peer => ({ oneWayMs: 50 }));
    let worst = { faulty: [plan(), plan()], factor: 0 };
    const rounds = process.env["AETHEL_SLOW"] === "1" ? 300 : 12;
    for (let round = 0; round < rounds; round++) {
      const at = Math.floor(random() * 2);
      const faulty = worst.faulty.map((peer, index) => {
        if (index !== at) return peer;
        const answers = [...(peer.answers ?? [])];
        answers[Math.floor(random() * 4)] = draw();
        return { ...peer, answers };
      });
      const factor = await slowdown([...faulty, ...honest], 50);
      if (factor >= worst.factor) worst = { faulty, factor };
    }
    expect(worst.factor).toBeGreaterThan(1);
    expect(worst.factor).toBeLessThanOrEqual(2);
  });
});

describe("what catch-up may use", () => {
  test("on a line too slow for whole answers fewer blocks are asked for, and they come", async () => {
    // 64 of them take 19 s, and no request may take more than 10.
    const peers = Array.from({ length: 3 }, (): Peer => ({ oneWayMs: 50 }));
    const short = createChain(120);
    const fetched = await catchUp({ chain: short, peers, perBlockMs: 300, giveUpMs: 3_600_000 });

    expect(fetched.tookMs).toBeLessThan(300_000);
  });

  test.each(["forged", "hidden", "other"] as const)(
    "peers that all give %s blocks are asked at growing intervals, and in vain",
    async (kind) => {
      const peers = Array.from(
        { length: 6 },
        (): Peer => ({
          oneWayMs: 0,
          answers: [{ delayMs: 0, kind }],
        }),
      );
      const fetched = await catchUp({ chain, peers, giveUpMs: 120_000 });

      expect(fetched.tookMs).toBe(Number.POSITIVE_INFINITY);
      // Beside heads, asked of three peers with each of the resends.
      expect(fetched.requests - fetched.heads).toBeLessThan(100);
    },
  );

  test("open requests, and blocks paid for twice, are bounded whatever f do", async () => {
    const holds = fc.asyncProperty(world, async (of) => {
      const peers = peersOf(of);
      const fetched = await catchUp({ chain, peers });
      // Six for blocks and one for the head: p2p allows eight.
      expect(fetched.mostOpen).toBeLessThanOrEqual(7);
      // Everyone may be asked about the block in need, eight ranges at a time.
      expect(fetched.mostOpenInAll).toBeLessThanOrEqual(4 * peers.length + 8);
      expect(fetched.stopped).toBe(true);
    });
    await fc.assert(holds, { numRuns: 8 });
  });

  test("with honest peers alone no block is fetched twice, and none by itself", async () => {
    const fetched = await catchUp({ chain, peers: Array(3).fill({ oneWayMs: 50 }) });

    expect(fetched.blocksSent).toBeLessThanOrEqual(1.1 * chain.blocks.length);
    expect(fetched.requests).toBeLessThan(60);
  });
});

/** Numbers from 0 to 1, the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
