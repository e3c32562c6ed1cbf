import { type SyncResponse, sha256, toAccountId, toHex, toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { PeerName } from "../src/index.ts";
import type { Errand, Outcome } from "../src/peers/errand.ts";
import { ErrandRun } from "../src/peers/errand-run.ts";
import { createPeerBook } from "../src/peers/peer-book.ts";

const peers = [0, 1, 2, 3, 4, 5, 6].map((seed) => toAccountId(sha256(new Uint8Array([seed]))));
const response: SyncResponse = { type: "absent", head: toSequence(0) };

/**
 * Peers that answer when the test says so, and a clock that it moves. Heads take 100 ms usually.
 */
function createWorld(options: { readonly count?: number; readonly urgent?: boolean } = {}) {
  const { count = 4, urgent = false } = options;
  let now = 1_000;
  let readMs = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const asked: {
    readonly peer: PeerName;
    readonly answer: (it?: SyncResponse) => void;
    aborted: boolean;
  }[] = [];
  const strikes: PeerName[] = [];
  const distrusted: PeerName[] = [];
  const times: string[] = [];
  const exhaustions: number[] = [];
  const ends = { run: 0, errand: 0, free: 0 };
  const here = peers.slice(0, count);
  const clock = {
    now: () => {
      now += readMs;
      return now;
    },
    schedule: (delayMs: number, run: () => void) => {
      const timer = { at: now + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
  };
  const real = createPeerBook({
    now: clock.now,
    count: () => count,
    initialMs: 400,
    passOverMs: 100,
    passOverMaxMs: 3_000,
  });
  const book: typeof real = {
    ...real,
    strike: (peer) => {
      strikes.push(peer);
      real.strike(peer);
    },
    distrust: (peer) => {
      distrusted.push(peer);
      real.distrust(peer);
    },
    answered: (peer, kind, tookMs) => {
      times.push(`${kind} ${tookMs}`);
      real.answered(peer, kind, tookMs);
    },
  };
  let outcome: Outcome = "useless";
  let gives = false;
  let isStopped = false;
  const errand: Errand = {
    request: { type: "head", known: toSequence(0) },
    kind: "small",
    isUrgent: () => urgent,
    mayAsk: () => true,
    take: () => outcome,
    exhausted: (openCount) => {
      exhaustions.push(openCount);
      return gives;
    },
    ended: () => {
      ends.errand += 1;
    },
  };
  const run = new ErrandRun(errand, {
    transport: {
      peers: () => here,
      request: (peer, _, signal) =>
        new Promise((resolve, reject) => {
          const one = {
            peer,
            aborted: false,
            answer: (it?: SyncResponse) =>
              it === undefined ? reject(new Error("no")) : resolve(it),
          };
          signal.addEventListener("abort", () => {
            one.aborted = true;
          });
          asked.push(one);
        }),
    },
    clock,
    book,
    answerMs: 100_000,
    onBroken: (error) => {
      throw error;
    },
    isStopped: () => isStopped,
    track: () => {},
    onFree: () => {
      ends.free += 1;
    },
    onEnd: () => {
      ends.run += 1;
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next));
  };
  return {
    run,
    book,
    asked,
    strikes,
    distrusted,
    times,
    exhaustions,
    ends,
    stop: () => {
      isStopped = true;
    },
    willBe: (next: Outcome) => {
      outcome = next;
    },
    givesUp: () => {
      gives = true;
    },
    /** From now on the clock moves on by so much each time it is read. */
    readingTakes: (ms: number) => {
      readMs = ms;
    },
    /** Lets time pass, timer by timer. */
    pass: async (ms: number) => {
      const end = now + ms;
      for (;;) {
        const next = timers.toSorted((left, right) => left.at - right.at)[0];
        if (next === undefined || next.at > end) break;
        now = Math.max(now, next.at);
        timers = timers.filter((each) => each !== next);
        next.run();
        await settle();
      }
      now = end;
    },
    answer: async (index: number, it: SyncResponse | undefined = response) => {
      asked[index]?.answer(it);
      await settle();
    },
    fail: async (index: number) => {
      asked[index]?.answer();
      await settle();
    },
    settle,
  };
}

describe("an errand", () => {
  test("that nothing waits for asks one peer, and the next when it is late, which is a strike", async () => {
    const world = createWorld();
    world.run.poke();
    await world.settle();
    expect(world.asked).toHaveLength(1);
    await world.pass(399);
    expect([world.asked.length, world.strikes.length]).toEqual([1, 0]);
    await world.pass(1);
    expect([world.asked.length, world.strikes.length]).toEqual([2, 1]);
    world.run.poke();
    expect(world.asked).toHaveLength(2);
    expect(world.strikes).toEqual([world.asked[0]?.peer]);
    expect(new Set(world.asked.map(({ peer }) => peer)).size).toBe(2);
  });

  test("that something waits for asks two at once, then one after half of the usual time, ever more slowly", async () => {
    const world = createWorld({ count: 7, urgent: true });
    world.run.poke();
    const counts: number[] = [];
    await world.settle();
    for (let at = 0; at <= 330; at += 10) {
      counts.push(world.asked.length);
      await world.pass(10);
    }
    // 50 ms each; from the fifth peer on half as much again each time.
    const since = [1, 2, 3, 4, 5, 6, 7].map(
      (count) => 10 * counts.findIndex((each) => each >= count),
    );
    expect(since).toEqual([0, 0, 50, 100, 150, 230, 340].map((ms) => (ms === 340 ? -10 : ms)));
  });

  test("asks a proven peer alone, and waits half as much again for it", async () => {
    const world = createWorld({ urgent: true });
    for (const peer of peers.slice(0, 4)) world.book.answered(peer, "large", 100);
    world.run.poke();
    await world.settle();
    expect(world.asked).toHaveLength(1);
    await world.pass(149);
    expect(world.asked).toHaveLength(1);
    await world.pass(1);
    expect(world.asked).toHaveLength(2);
  });

  test("ends with the first right answer, and lets go of the others", async () => {
    for (const outcome of ["done", "short"] as const) {
      const world = createWorld({ urgent: true });
      world.run.poke();
      await world.settle();
      await world.pass(7);
      world.willBe(outcome);
      await world.answer(1);
      expect(world.run.isOver).toBe(true);
      expect(world.ends).toMatchObject({ run: 1, errand: 1 });
      expect(world.asked.map(({ aborted }) => aborted)).toEqual([true, false]);
      expect(world.times).toEqual(outcome === "done" ? ["small 7"] : []);
      expect(world.strikes).toEqual(outcome === "done" ? [] : [world.asked[1]?.peer]);
      world.run.poke();
      world.run.again();
      await world.pass(1_000);
      expect(world.asked).toHaveLength(2);
    }
  });

  test("validates answers: wrong ones are distrusted, less than a peer has is a strike, no news is none", async () => {
    for (const [outcome, strikes, distrusted, times] of [
      ["wrong", 0, 1, []],
      ["withheld", 1, 0, []],
      ["useless", 0, 0, ["small 5"]],
    ] as const) {
      const world = createWorld();
      world.run.poke();
      await world.settle();
      await world.pass(5);
      world.willBe(outcome);
      await world.answer(0);
      expect(world.strikes).toHaveLength(strikes);
      expect(world.distrusted).toHaveLength(distrusted);
      expect(world.times).toEqual(times);
      expect(world.run.isOver).toBe(false);
      expect(world.ends).toMatchObject({ run: 0, errand: 0, free: 1 });
    }
  });

  test("a request that breaks off is a strike, unless it never left this machine or was late already", async () => {
    for (const [ms, strikes] of [
      [0, 0],
      [1, 1],
      [400, 1],
    ] as const) {
      const world = createWorld();
      world.run.poke();
      await world.settle();
      await world.pass(ms);
      await world.fail(0);
      expect(world.strikes).toHaveLength(strikes);
    }
  });

  test("an answer that was late is no measure, and after the end only one that was late is a strike", async () => {
    const late = createWorld();
    late.run.poke();
    await late.settle();
    await late.pass(450);
    await late.answer(0);
    expect(late.times).toEqual([]);
    for (const [ms, strikes] of [
      [399, 0],
      [400, 1],
    ] as const) {
      const world = createWorld();
      world.run.poke();
      await world.settle();
      world.run.cancel();
      await world.pass(ms);
      await world.settle();
      expect(world.ends.run).toBe(1);
      expect(world.strikes.length).toBeLessThanOrEqual(strikes);
    }
  });

  test("tells when all were asked: once, and once more when the last late request has ended", async () => {
    const world = createWorld({ count: 2 });
    world.run.poke();
    await world.settle();
    await world.pass(100);
    await world.answer(0);
    world.run.poke();
    await world.settle();
    expect(world.exhaustions).toEqual([]);
    await world.pass(400);
    expect(world.exhaustions).toEqual([1]);
    world.run.poke();
    expect(world.exhaustions).toEqual([1]);
    await world.answer(1);
    world.run.poke();
    expect(world.exhaustions).toEqual([1, 0]);
    world.run.poke();
    expect(world.exhaustions).toEqual([1, 0]);
    // Soon after, trying again is of no use; later it is.
    world.run.retry();
    expect(world.asked).toHaveLength(2);
    await world.pass(2_000);
    world.run.retry();
    await world.settle();
    expect(world.asked).toHaveLength(3);
  });

  test("is tried again twice the usual time after all were asked, however often it was looked at", async () => {
    const world = createWorld({ count: 1 });
    world.run.poke();
    await world.settle();
    await world.fail(0);
    world.run.poke();
    expect(world.exhaustions).toEqual([0]);
    await world.pass(199);
    world.run.poke();
    world.run.retry();
    await world.settle();
    expect(world.asked).toHaveLength(1);
    await world.pass(1);
    world.run.retry();
    await world.settle();
    expect(world.asked).toHaveLength(2);
  });

  test("asks everybody in the end although time passes while it decides", async () => {
    for (let before = 0; before <= 8; before++) {
      const world = createWorld({ count: 4, urgent: true });
      world.run.poke();
      await world.settle();
      expect(world.asked).toHaveLength(2);
      // The next one is due 50 ms after the second.
      await world.pass(50 - before);
      world.readingTakes(1);
      world.run.poke();
      await world.settle();
      world.readingTakes(0);
      await world.pass(1_000);
      expect(world.asked).toHaveLength(4);
    }
  });

  test("is over when it is given up, and asks everybody anew when it is told to", async () => {
    const given = createWorld({ count: 1 });
    given.givesUp();
    given.run.poke();
    await given.settle();
    await given.pass(400);
    expect(given.run.isOver).toBe(true);
    const again = createWorld({ count: 1 });
    again.run.poke();
    await again.settle();
    await again.answer(0);
    again.run.poke();
    expect(again.exhaustions).toEqual([0]);
    again.run.again();
    await again.settle();
    expect(again.asked).toHaveLength(2);
    // Not the one that is asked already.
    again.run.again();
    await again.settle();
    expect(again.asked).toHaveLength(2);
  });

  test("leaves a peer alone that has as much open as it may have, and asks it later", async () => {
    for (const [urgent, most] of [
      [true, 5],
      [false, 2],
    ] as const) {
      const world = createWorld({ count: 1, urgent });
      const [peer] = peers;
      if (peer === undefined) throw new Error("a peer");
      world.book.open(peer, most);
      world.run.poke();
      await world.settle();
      expect([world.asked.length, world.exhaustions.length]).toEqual([0, 0]);
      world.book.open(peer, -1);
      world.run.poke();
      await world.settle();
      expect(world.asked).toHaveLength(1);
      expect(world.book.open(peer)).toBe(most);
      expect(toHex(world.asked[0]?.peer ?? peer)).toBe(toHex(peer));
      await world.answer(0);
      expect(world.book.open(peer)).toBe(most - 1);
    }
  });

  test("does nothing once the fetcher has stopped", async () => {
    const world = createWorld();
    world.stop();
    world.run.poke();
    world.run.again();
    await world.settle();
    expect(world.asked).toEqual([]);
    const late = createWorld();
    late.run.poke();
    await late.settle();
    late.stop();
    late.willBe("wrong");
    await late.answer(0);
    expect(late.distrusted).toEqual([]);
    expect(late.ends.free).toBe(0);
  });
});
