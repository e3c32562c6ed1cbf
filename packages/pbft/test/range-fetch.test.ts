import {
  ITEMS_MAX,
  SYNC_BLOCKS_MAX,
  type SyncResponse,
  sha256,
  toAccountId,
  toSequence,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { Errand, Running } from "../src/peers/errand.ts";
import { createPeerBook } from "../src/peers/peer-book.ts";
import { createRangeFetch, RANGE_WINDOW } from "../src/peers/range-fetch.ts";

const SPAN = SYNC_BLOCKS_MAX;
const MIB = 1_048_576;
const [peer, other] = [1, 2].map((seed) => toAccountId(sha256(new Uint8Array([seed]))));
if (peer === undefined || other === undefined) throw new Error("there are two");

/** Errands that only the test ends, over blocks that are numbers. */
function createWorld(options: { readonly claim?: number; readonly next?: number } = {}) {
  const { claim = 0 } = options;
  let next: number | undefined = options.next ?? 1;
  let bytes = 0;
  let given: number | undefined = 100;
  const held = new Set<number>();
  const pruned: number[] = [];
  const runs: { errand: Errand; isOver: boolean; pokes: number; retries: number }[] = [];
  const book = createPeerBook({
    now: () => 0,
    count: () => 2,
    initialMs: 400,
    passOverMs: 100,
    passOverMaxMs: 3_000,
  });
  if (claim > 0) book.height(peer as never, toSequence(claim));
  const fetch = createRangeFetch({
    book,
    transport: { peers: () => [peer as never, other as never] },
    errands: {
      run(errand): Running {
        const run = { errand, isOver: false, pokes: 0, retries: 0 };
        runs.push(run);
        return {
          poke: () => {
            run.pokes += 1;
          },
          again: () => {},
          retry: () => {
            run.retries += 1;
          },
          cancel: () => {
            run.isOver = true;
          },
        };
      },
      stop: async () => {},
    },
    results: {
      next: () => (next === undefined ? undefined : toSequence(next)),
      holds: (at: number) => {
        if (at > 100_000) throw new Error(`nobody has claimed block ${at}`);
        return held.has(at);
      },
      bytes: () => bytes,
      blocks: () => given,
      pruned: (head: number) => {
        pruned.push(head);
      },
    } as never,
  });
  const ranges = (): readonly string[] =>
    runs
      .filter(({ isOver }) => !isOver)
      .map(({ errand: { request } }) =>
        request.type === "blocks" ? `${request.from}+${request.count}` : request.type,
      );
  const answer = (index: number, response: SyncResponse): string | undefined => {
    const run = runs[index];
    const outcome = run?.errand.take(response, peer as never);
    if (run !== undefined && (outcome === "done" || outcome === "short")) {
      run.isOver = true;
      run.errand.ended?.();
    }
    return outcome;
  };
  return {
    fetch,
    book,
    runs,
    ranges,
    held,
    pruned,
    answer,
    blocks: (count: number, items = 0): SyncResponse => ({
      type: "blocks",
      blocks: Array.from({ length: count }, () => ({
        block: { items: Array.from({ length: items }), annex: [] } as never,
        certificate: {} as never,
      })),
    }),
    set: (to: { next?: number | undefined; bytes?: number; given?: number | undefined }) => {
      if ("next" in to) ({ next } = to);
      if (to.bytes !== undefined) ({ bytes } = to);
      if ("given" in to) ({ given } = to);
    },
  };
}

describe("ranges of final blocks", () => {
  test("nothing is asked before the start; then what is next, whatever is claimed", () => {
    const world = createWorld();
    world.fetch.moved();
    expect(world.ranges()).toEqual([]);
    world.fetch.start(peer);
    expect(world.ranges()).toEqual([`1+${SPAN}`]);
    expect(world.runs[0]?.errand).toMatchObject({ kind: "large", hint: peer });
    world.fetch.moved();
    expect(world.ranges()).toHaveLength(1);
    const none = createWorld();
    none.set({ next: undefined });
    none.fetch.start(peer);
    expect(none.ranges()).toEqual([]);
  });

  test("eight whole ranges at one time, only as far as somebody claims, the next one first", () => {
    const world = createWorld({ claim: 10_000 });
    world.fetch.start(undefined);
    expect(world.ranges()).toEqual(
      Array.from({ length: 8 }, (_, index) => `${index * SPAN + 1}+${SPAN}`),
    );
    expect(world.runs.map(({ errand }) => errand.isUrgent())).toEqual([
      true,
      ...Array.from({ length: 7 }, () => false),
    ]);
    // Of what is next everybody may have news; of the rest who claims it.
    expect(world.runs.slice(0, 2).map(({ errand }) => errand.mayAsk(other as never))).toEqual([
      true,
      false,
    ]);
    expect(world.runs[1]?.errand.mayAsk(peer as never)).toBe(true);
    world.book.distrust(peer as never);
    expect(world.runs[0]?.errand.mayAsk(peer as never)).toBe(false);

    const few = createWorld({ claim: SPAN + 10 });
    few.fetch.start(undefined);
    expect(few.ranges()).toEqual([`1+${SPAN}`, `${SPAN + 1}+10`]);
  });

  test("what is held is not asked for again, and what was passed by is let go", () => {
    const world = createWorld({ claim: 3 * SPAN });
    for (let at = 11; at <= SPAN; at++) world.held.add(at);
    world.fetch.start(undefined);
    expect(world.ranges()).toEqual([`1+10`, `${SPAN + 1}+${SPAN}`, `${2 * SPAN + 1}+${SPAN}`]);
    world.set({ next: SPAN + 1 });
    world.fetch.moved();
    expect(world.ranges()).toEqual([`${SPAN + 1}+${SPAN}`, `${2 * SPAN + 1}+${SPAN}`]);
  });

  test("32 MiB are held or on their way at most, and the next range is asked anyway", () => {
    const world = createWorld({ claim: 10_000 });
    world.set({ bytes: 30 * MIB });
    world.fetch.start(undefined);
    expect(world.ranges()).toHaveLength(3);
    const full = createWorld({ claim: 10_000 });
    full.set({ bytes: 40 * MIB });
    full.fetch.start(undefined);
    expect(full.ranges()).toEqual([`1+${SPAN}`]);
  });

  test("answers are validated by what the peer says that it has", () => {
    const cases: readonly (readonly [
      (w: ReturnType<typeof createWorld>) => SyncResponse,
      string,
    ])[] = [
      [() => ({ type: "absent", head: toSequence(0) }), "useless"],
      [() => ({ type: "absent", head: toSequence(5) }), "withheld"],
      [
        () => ({
          type: "head",
          sequence: toSequence(5),
          digest: new Uint8Array(32) as never,
          oldest: toSequence(1),
        }),
        "wrong",
      ],
      [(w) => w.blocks(0), "wrong"],
      [(w) => w.blocks(SPAN), "done"],
      [(w) => w.blocks(SPAN - 1), "short"],
    ];
    for (const [response, outcome] of cases) {
      const world = createWorld({ claim: SPAN });
      world.fetch.start(undefined);
      expect(world.answer(0, response(world))).toBe(outcome);
      expect(world.pruned).toEqual([]);
    }
    const forged = createWorld({ claim: SPAN });
    forged.set({ given: undefined });
    forged.fetch.start(undefined);
    expect(forged.answer(0, forged.blocks(SPAN))).toBe("wrong");
    // Large blocks: what one answer holds is all that fits, or all that the peer has.
    const large = createWorld({ claim: SPAN });
    large.set({ given: MIB });
    large.fetch.start(undefined);
    expect(large.answer(0, large.blocks(1))).toBe("done");
    // So are blocks of very many small items, which take as long to read as large ones.
    for (const [items, outcome] of [
      [ITEMS_MAX - 1, "short"],
      [ITEMS_MAX, "done"],
    ] as const) {
      const many = createWorld({ claim: SPAN });
      many.set({ given: 0 });
      many.fetch.start(undefined);
      expect(many.answer(0, many.blocks(1, items))).toBe(outcome);
    }
    const modest = createWorld();
    modest.fetch.start(undefined);
    expect(modest.answer(0, modest.blocks(3))).toBe("done");
    expect(modest.book.height(peer as never)).toBe(3);
  });

  test("after an answer what is next is asked for at once", () => {
    for (const [count, more] of [
      [SPAN, [`${SPAN + 1}+${SPAN}`]],
      [3, [`4+${SPAN}`]],
    ] as const) {
      const world = createWorld();
      world.fetch.start(undefined);
      for (let at = 1; at <= count; at++) world.held.add(at);
      world.set({ next: count + 1 });
      world.answer(0, world.blocks(count));
      world.fetch.moved();
      expect(world.ranges()).toEqual(more);
    }
  });

  test("when nobody gives what is next it ends until the next start; what only some claim is left alone", () => {
    const world = createWorld({ claim: 2 * SPAN });
    world.fetch.start(undefined);
    const [first, second] = world.runs;
    expect(first?.errand.exhausted(1)).toBe(false);
    expect(second?.errand.exhausted(0)).toBe(true);
    if (second !== undefined) second.isOver = true;
    world.fetch.moved();
    expect(world.ranges()).toEqual([`1+${SPAN}`]);
    expect(first?.errand.exhausted(0)).toBe(true);
    if (first !== undefined) first.isOver = true;
    world.fetch.moved();
    expect(world.ranges()).toEqual([]);
    world.fetch.start(undefined);
    // Late, and without an answer: a quarter at a time from now on.
    expect(world.ranges()[0]).toBe(`1+${Math.floor(SPAN / 4)}`);
    world.answer(2, world.blocks(Math.floor(SPAN / 4)));
    world.set({ next: Math.floor(SPAN / 4) + 1 });
    world.fetch.moved();
    const last = world.ranges().at(-1);
    expect(Number(last?.split("+")[1])).toBeLessThanOrEqual(Math.floor(SPAN / 2));
  });

  test("nothing is urgent, asked or looked at while there is no current sequence", () => {
    const world = createWorld();
    world.fetch.start(undefined);
    world.set({ next: undefined });
    const pokes = world.runs[0]?.pokes;
    world.fetch.moved();
    world.fetch.start(undefined);
    expect(world.runs).toHaveLength(1);
    expect(world.runs[0]?.pokes).toBe(pokes);
    expect(world.runs[0]?.errand.isUrgent()).toBe(false);
    expect(world.runs[0]?.errand.mayAsk(other as never)).toBe(false);
  });

  test("what nobody gave is asked for again once it is next, and what follows it too", () => {
    const world = createWorld({ claim: 3 * SPAN });
    world.fetch.start(undefined);
    const [first, second, third] = world.runs;
    if (first === undefined || second === undefined || third === undefined) throw new Error("3");
    for (const run of [second, third]) {
      expect(run.errand.exhausted(0)).toBe(true);
      run.isOver = true;
    }
    world.fetch.moved();
    expect(world.ranges()).toEqual([`1+${SPAN}`]);
    world.set({ next: SPAN + 1 });
    world.fetch.moved();
    expect(world.ranges()).toEqual([`${SPAN + 1}+${SPAN}`, `${2 * SPAN + 1}+${SPAN}`]);
  });

  test("a gap before what is held is asked for whole, and one that the window cuts waits", () => {
    for (const [held, last] of [
      [true, `${RANGE_WINDOW - SPAN + 1}+${SPAN - 1}`],
      [false, `${RANGE_WINDOW - SPAN + 1}+${SPAN}`],
    ] as const) {
      const world = createWorld({ claim: 10_000 });
      if (held) world.held.add(RANGE_WINDOW);
      world.fetch.start(undefined);
      expect(world.ranges().at(-1)).toBe(last);
    }
    const cut = createWorld({ claim: 10_000 });
    cut.held.add(1);
    cut.fetch.start(undefined);
    expect(cut.ranges().at(-1)).toBe(`${RANGE_WINDOW - 2 * SPAN + 2}+${SPAN}`);
  });

  test("what is next is asked for up to what is held, also where all that follows is", () => {
    const world = createWorld({ claim: 2 * SPAN });
    for (let at = 11; at <= 3 * SPAN; at++) world.held.add(at);
    world.fetch.start(undefined);
    expect(world.ranges()).toEqual(["1+10"]);
  });

  test("a start tries again where somebody had nothing yet", () => {
    const world = createWorld();
    world.fetch.start(undefined);
    world.fetch.start(undefined);
    expect(world.runs[0]?.retries).toBe(0);
    world.answer(0, { type: "absent", head: toSequence(0) });
    world.fetch.start(undefined);
    expect(world.runs[0]?.retries).toBe(1);
    expect(world.runs).toHaveLength(1);
  });
});
