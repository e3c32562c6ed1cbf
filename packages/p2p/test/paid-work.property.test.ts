import {
  type Item,
  itemOf,
  type SyncRequest,
  type SyncResponse,
  ZERO_DIGEST,
} from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createFairBudget } from "../src/peers/fair-budget.ts";
import { createTokenBucket } from "../src/peers/token-bucket.ts";
import { doPaid } from "../src/sync/paid-work.ts";
import { createTime } from "./virtual-time.ts";

const RATE = 8_388_608;
const BURST = 2 * RATE;
const OBSERVERS = 3;

/** A request for items, and what its asker does. */
interface Ask {
  readonly from: number;
  readonly at: number;
  readonly places: number;
  /** Index into `ITEMS` of what each place holds. */
  readonly item: number;
  readonly workMs: number;
  /** Milliseconds after which the asker closes its stream. */
  readonly staysMs: number;
  /** Whether the work fails at its end. */
  readonly fails: boolean;
}

const ITEMS: readonly Item[] = [1, 300_000, 800_000].map((bytes) => itemOf(new Uint8Array(bytes)));

const asks: fc.Arbitrary<readonly Ask[]> = fc.array(
  fc.record({
    from: fc.nat({ max: OBSERVERS - 1 }),
    at: fc.nat({ max: 1_000 }),
    places: fc.integer({ min: 1, max: 10 }),
    item: fc.nat({ max: ITEMS.length - 1 }),
    workMs: fc.oneof(fc.constant(0), fc.nat({ max: 3_000 })),
    staysMs: fc.oneof(fc.constant(1_000_000), fc.constant(0), fc.nat({ max: 3_000 })),
    fails: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Bytes that the server reads and sends for a request, and items that it decodes. */
function workOf({ places, item }: Ask): number {
  return places * ((ITEMS[item]?.bytes.length ?? 0) + 128);
}

/** Serves requests of observers, each out of its own budget and the one of all. */
async function play(all: readonly Ask[]) {
  const { now, after, run } = createTime();
  const create = () => {
    const bucket = createTokenBucket({ ratePerSecond: RATE, burst: BURST, now });
    return createFairBudget({ bucket, burst: BURST, after });
  };
  const own = Array.from({ length: OBSERVERS }, create);
  const shared = create();
  const began: { readonly ask: Ask; readonly at: number }[] = [];
  let answered = 0;
  for (const ask of all) {
    const request: SyncRequest = {
      type: "items",
      digest: ZERO_DIGEST,
      places: Array.from({ length: ask.places }, (_, at) => at),
    };
    const work = () => {
      began.push({ ask, at: now() });
      const { promise, resolve, reject } = Promise.withResolvers<SyncResponse>();
      const item = ITEMS[ask.item] ?? itemOf(new Uint8Array(1));
      const items = request.places.map(() => item);
      after(ask.workMs, () =>
        ask.fails ? reject(new Error("disk")) : resolve({ type: "items", items }),
      );
      return promise;
    };
    after(ask.at, () => {
      const asker = new AbortController();
      after(ask.staysMs, () => asker.abort());
      const budgets = [own[ask.from] ?? shared, shared];
      const { signal } = asker;
      doPaid({ budgets, request, signal, work }).then(
        () => {
          answered += 1;
        },
        () => undefined,
      );
    });
  }
  await run();
  return { began, answered };
}

test("B23: whatever observers ask, however early they leave, work is paid for before it begins", async () => {
  await fc.assert(
    fc.asyncProperty(asks, async (all) => {
      const { began } = await play(all);
      let shared = 0;
      const own = Array.from({ length: OBSERVERS }, () => 0);
      for (const { ask, at } of began) {
        const earned = BURST + (RATE * at) / 1_000 + 1;
        shared += workOf(ask);
        own[ask.from] = (own[ask.from] ?? 0) + workOf(ask);
        expect(shared).toBeLessThanOrEqual(earned);
        expect(own[ask.from]).toBeLessThanOrEqual(earned);
      }
    }),
    { numRuns: 300 },
  );
});

test("who stays is served, whatever the others do", async () => {
  await fc.assert(
    fc.asyncProperty(asks, async (all) => {
      const stay = all.map((ask, at) =>
        at === 0 ? { ...ask, staysMs: 1_000_000, fails: false } : ask,
      );
      const { began, answered } = await play(stay);
      expect(began.some(({ ask }) => ask === stay[0])).toBe(true);
      expect(answered).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

const ask: Ask = {
  from: 0,
  at: 0,
  places: 8,
  item: 0,
  workMs: 0,
  staysMs: 1_000_000,
  fails: false,
};

test("no work begins for an asker who has gone while it waited", async () => {
  const first = { ...ask, item: 2, workMs: 500 };
  const gone = { ...ask, at: 2, staysMs: 100 };
  const { began, answered } = await play([first, { ...first, at: 1 }, gone]);
  expect(began.map((one) => one.ask)).toEqual([first, { ...first, at: 1 }]);
  expect(answered).toBe(2);
});

test("what answers have not cost is there at once, for any number of small ones", async () => {
  const all = Array.from({ length: 40 }, (_, at) => ({ ...ask, at, from: at % OBSERVERS }));
  const { began } = await play(all);
  expect(began.map(({ at }) => at)).toEqual(all.map(({ at }) => at));
});

test("who gives up waiting for the budget of all has its own back", async () => {
  const holder = { ...ask, workMs: 300 };
  const given = { ...ask, from: 1, staysMs: 20 };
  const last = { ...ask, from: 1, at: 400 };
  const holders = [holder, { ...holder, from: 2, at: 1 }];
  const { began } = await play([...holders, { ...given, at: 100 }, { ...given, at: 130 }, last]);
  expect(began.slice(2)).toEqual([{ ask: last, at: 400 }]);
});
