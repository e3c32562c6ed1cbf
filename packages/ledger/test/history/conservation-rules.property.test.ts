import {
  equalBytes,
  NATIVE_ASSET,
  type StateChange,
  sha256,
  toAmount,
  toAssetId,
  toDigest,
  toHex,
  toTimestamp,
} from "@aethel/models";
import { scheduledSupply } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assetTotals,
  type ConservationDefect,
  depositsIn,
  findConservationDefect,
  stateKey,
  totalHeld,
} from "../../src/index.ts";
import { Account, AssetRecord, Holding } from "../../src/state/records.ts";
import { KEY_KIND } from "../../src/state/state-key.ts";
import { utf8 } from "../fixtures/world.ts";
import {
  assetOf,
  type Books,
  ENRICHED,
  type Fact,
  facts,
  growthPrice,
  idOf,
  type Presence,
  soundBooks,
  transitionOf,
  world,
} from "./conservation-facts.ts";

const { parameters } = world.genesis;
const scales = fc.record({
  over: fc.bigInt({ min: 0n, max: 2n ** 40n }),
  earlier: fc.bigInt({ min: 0n, max: 2n ** 40n }),
  // After a minute the schedule is complete.
  stepMs: fc.integer({ min: 60_000, max: 2 ** 40 }),
});
const few = fc.bigInt({ min: 1n, max: 1_000n });

type Presences = { supply?: Presence; clock?: Presence };
const defectOf = (books: Books, how: Presences = {}): ConservationDefect | undefined =>
  findConservationDefect(transitionOf(books, how), parameters);

/** Each property over books that add up. */
function forAllBooks(
  check: (books: Books, d: bigint, some: readonly Fact[]) => void,
  numRuns = 100,
): void {
  fc.assert(
    fc.property(facts, scales, few, (some, scale, d) => {
      check(soundBooks(some, scale), d, some);
    }),
    { numRuns },
  );
}

/** The same books with another micro-token here or there. */
const withNumbers = (books: Books, some: Partial<Books>): Books => ({ ...books, ...some });

describe("P14: the books of a transition", () => {
  test("add up whatever changes, and the whole state's totals with them", () => {
    let seen = 0;
    forAllBooks((books, _, some) => {
      expect(defectOf(books)).toBeUndefined();
      const entriesOf = (side: "before" | "after"): { key: Uint8Array; value: Uint8Array }[] =>
        books.changes.flatMap((change) => {
          const value = change[side];
          return value === undefined ? [] : [{ key: change.key, value }];
        });
      const grown = totalHeld(entriesOf("after")) - totalHeld(entriesOf("before"));
      expect(grown).toBe(some.reduce((all, { held }) => all + held, 0n));
      const before = assetTotals(entriesOf("before"));
      for (const [asset, { held, supply }] of assetTotals(entriesOf("after"))) {
        const earlier = before.get(asset) ?? { held: 0n, supply: 0n };
        expect(held - earlier.held).toBe(supply - earlier.supply);
        seen += 1;
      }
    }, 300);
    expect(seen).toBeGreaterThan(100);
  });

  test("do not when more or less is held than was minted less what was burned", () => {
    forAllBooks((books, d) => {
      const { minted, burned, supplyAfter } = books;
      const net = minted - burned;
      for (const more of [d, -d]) {
        // Even where everything else is told accordingly.
        const after = { ...books.after, minted: books.after.minted + more };
        const told = { minted: minted + more, supplyAfter: supplyAfter + more, after };
        const defect = { rule: "holdings", expected: net + more, actual: net };
        if (after.minted >= 0n) expect(defectOf(withNumbers(books, told))).toEqual(defect);
      }
    });
  });

  test("do not when the supply before and after differ by something else", () => {
    forAllBooks((books, d) => {
      const { supplyBefore, supplyAfter } = books;
      for (const more of [d, -d]) {
        expect(defectOf(withNumbers(books, { supplyAfter: supplyAfter + more }))).toEqual({
          rule: "supply-record",
          expected: supplyAfter,
          actual: supplyAfter + more,
        });
        expect(defectOf(withNumbers(books, { supplyBefore: supplyBefore + more }))).toEqual({
          rule: "supply-record",
          expected: supplyAfter + more,
          actual: supplyAfter,
        });
        const both = { supplyBefore: supplyBefore + more, supplyAfter: supplyAfter + more };
        expect(defectOf(withNumbers(books, both))).toEqual({
          rule: "supply-record",
          expected: supplyBefore + more,
          actual: supplyBefore,
        });
      }
    });
  });

  test("do not when the supply record says something else was minted, burned or founded", () => {
    forAllBooks((books, d) => {
      const { after, minted, burned } = books;
      const spoilt: readonly (readonly [Partial<Books["after"]>, ConservationDefect])[] = [
        [
          { minted: after.minted + d },
          { rule: "supply-record", expected: minted, actual: minted + d },
        ],
        [
          { burned: after.burned + d },
          { rule: "supply-record", expected: burned, actual: burned + d },
        ],
        [
          { genesis: after.genesis + d },
          { rule: "history", expected: after.genesis, actual: after.genesis + d },
        ],
        [
          { minted: after.minted + d, burned: after.burned + d },
          { rule: "supply-record", expected: minted, actual: minted + d },
        ],
      ];
      for (const [change, defect] of spoilt) {
        expect(defectOf(withNumbers(books, { after: { ...after, ...change } }))).toEqual(defect);
      }
      const { before } = books;
      // The same steps on another past: what the header says the supply was is wrong.
      const moved = {
        before: { ...before, minted: before.minted + d },
        after: { ...after, minted: after.minted + d },
      };
      expect(defectOf(withNumbers(books, moved))).toMatchObject({ rule: "supply-record" });
    });
  });

  test("need the supply record, unless nothing was minted or burned; it neither comes nor goes", () => {
    const seen = { quiet: 0, busy: 0 };
    fc.assert(
      fc.property(facts, scales, fc.boolean(), few, (all, scale, isQuiet, d) => {
        // Texts and keys that change or go: nothing new, nothing held more.
        const isFree = ({ change, entries, bytes }: Fact): boolean =>
          (change.key[0] ?? 0) >= KEY_KIND.intent &&
          change.key[0] !== KEY_KIND.cell &&
          change.key[0] !== KEY_KIND.vault &&
          change.key.length > 1 &&
          entries + bytes === 0;
        const some = isQuiet ? all.filter(isFree) : all;
        const books = soundBooks(some, isQuiet ? { ...scale, over: 0n } : scale);
        const { minted, burned } = books;
        for (const supply of ["no-before", "no-after"] as const) {
          const defect = { rule: "history", expected: 1n, actual: 0n };
          expect(defectOf(books, { supply })).toEqual(defect);
        }
        const silent = defectOf(books, { supply: "absent" });
        const defect = { rule: "supply-record", expected: 0n, actual: minted - burned };
        if (minted === 0n && burned === 0n) expect(silent).toBeUndefined();
        else expect(silent).toEqual(defect);
        seen[minted === 0n && burned === 0n ? "quiet" : "busy"] += 1;
        // What was minted without burning anything is not nothing, nor as much as was burned.
        const paid = soundBooks([ENRICHED], { ...scale, over: 0n });
        const untold = { rule: "supply-record", expected: 0n, actual: paid.minted };
        expect(defectOf(paid, { supply: "absent" })).toEqual(untold);
        const turned = { minted: minted + d, burned: burned + d };
        expect(defectOf(withNumbers(books, turned), { supply: "absent" })).toEqual(defect);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 200, seed: 1 },
    );
    expect(Math.min(seen.quiet, seen.busy)).toBeGreaterThan(20);
  });

  test("P20: end where the schedule does, to the micro-token", () => {
    const slow = { ...parameters, emissionPerSecond: 7_000n as never, halvingMs: 2 ** 41 };
    fc.assert(
      fc.property(scales, fc.bigInt({ min: -2n, max: 2n }), ({ stepMs, earlier }, off) => {
        const { clock } = soundBooks([], { over: 0n, earlier, stepMs });
        const scheduled = scheduledSupply(clock.after.now - clock.after.genesis, slow);
        const minted = scheduled + off;
        fc.pre(minted >= 2n);
        const books = soundBooks([], { over: 2n, earlier: minted - 2n, stepMs });
        const found = findConservationDefect(
          transitionOf({
            ...books,
            minted: 2n,
            supplyAfter: books.supplyBefore,
            after: { ...books.after, minted },
          }),
          slow,
        );
        const defect = { rule: "schedule", expected: scheduled, actual: minted };
        expect(found).toEqual(off > 0n ? defect : undefined);
      }),
      { numRuns: 100 },
    );
  });

  test("ask for the price of what is new, to the micro-token, however the supply is told", () => {
    let seen = 0;
    fc.assert(
      fc.property(facts, scales, few, (all, scale, d) => {
        const some = [...all, ENRICHED];
        const price = growthPrice(some);
        const books = soundBooks(some, { ...scale, over: -d });
        if (price < d) return;
        seen += 1;
        expect(defectOf(books)).toEqual({ rule: "growth", expected: price, actual: price - d });
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(seen).toBeGreaterThan(40);
    // With nothing told of the supply the price is due as well.
    const key = Uint8Array.of(0x20, ...idOf("text"));
    const change = { key, before: undefined, after: new Uint8Array(100) };
    const books = soundBooks([], { over: 0n, earlier: 5n, stepMs: 7 });
    const expected = growthPrice([{ change, held: 0n, entries: 0, bytes: 133 }]);
    const unpaid = withNumbers(books, { changes: [change] });
    const defect = { rule: "growth", expected, actual: 0n };
    expect(defectOf(unpaid, { supply: "absent" })).toEqual(defect);
  });
});

describe("what a contract holds of the native asset", () => {
  test("counts as held, and what it holds of a declared one does not", () => {
    const contract = toDigest(sha256(utf8("contract")));
    const value = Holding.encode({ amount: toAmount(7n) });
    const heldIn = (asset: Uint8Array): bigint =>
      totalHeld([{ key: stateKey.vault(contract, toAssetId(asset)), value }]);

    expect(heldIn(NATIVE_ASSET)).toBe(7n);
    expect(heldIn(assetOf(0))).toBe(0n);
  });
});

describe("the clock of a transition", () => {
  test("goes on from the parent's, by a millisecond at least, from one genesis", () => {
    const defect = { rule: "clock", expected: 1n, actual: 0n };
    forAllBooks((books, d) => {
      const { before, after } = books.clock;
      const ms = Number(d);
      const at = (time: number): typeof after.now => toTimestamp(time);
      const told = (some: Partial<typeof after>): ConservationDefect | undefined =>
        defectOf(withNumbers(books, { clock: { before, after: { ...after, ...some } } }));
      expect(told({ now: at(before.now + 1) })?.rule).not.toBe("clock");
      expect(told({ now: before.now })).toEqual(defect);
      expect(told({ now: at(before.now - ms) })).toEqual(defect);
      expect(told({ parent: at(before.now - ms) })).toEqual(defect);
      expect(told({ parent: at(before.now + ms) })).toEqual(defect);
      expect(told({ genesis: at(after.genesis - ms) })).toEqual(defect);
      expect(told({ genesis: at(after.genesis + ms) })).toEqual(defect);
      for (const clock of ["no-before", "no-after", "absent"] as const) {
        expect(defectOf(books, { clock })).toEqual(defect);
      }
    });
  });
});

describe("the deposits of cells", () => {
  const { depositPrice } = parameters;
  const isPool = ({ key }: StateChange): boolean => equalBytes(key, stateKey.deposits);
  const isCell = ({ key }: StateChange): boolean => key[0] === KEY_KIND.cell;
  const cellBytes = (changes: readonly StateChange[]): number =>
    changes.reduce((sum, { key, before, after }) => {
      const size = (value: Uint8Array | undefined): number =>
        value === undefined ? 0 : key.length + value.length;
      return sum + size(after) - size(before);
    }, 0);

  test("change by the price of the bytes of cells that come, less those that go", () => {
    let seen = 0;
    forAllBooks((books, d) => {
      const expected = depositPrice * BigInt(cellBytes(books.changes.filter(isCell)));
      const pool = (value: Uint8Array | undefined): bigint =>
        value === undefined ? 0n : Holding.decode(value).amount;
      for (const more of [d, -d]) {
        const own = books.changes.find(isPool);
        const after = pool(own?.after) + more;
        if (own === undefined || after < 0n) continue;
        const spoilt = Holding.encode({ amount: toAmount(after) });
        const changes = books.changes.map((one) => (isPool(one) ? { ...one, after: spoilt } : one));
        const defect = { rule: "deposits", expected, actual: expected + more };
        expect(defectOf(withNumbers(books, { changes }))).toEqual(defect);
      }
      for (const [at, one] of books.changes.entries()) {
        if (!isCell(one)) continue;
        seen += 1;
        // A cell that comes or goes without its deposit; one that only changes has none.
        const without = books.changes.filter((_, place) => place !== at);
        const due = depositPrice * BigInt(cellBytes(without.filter(isCell)));
        const found = defectOf(withNumbers(books, { changes: without }));
        if (due === expected) expect(found?.rule).not.toBe("deposits");
        else expect(found).toEqual({ rule: "deposits", expected: due, actual: expected });
      }
    }, 200);
    expect(seen).toBeGreaterThan(100);
  });

  test("are the price of all cells of a state", () => {
    forAllBooks((books) => {
      const entries = books.changes.flatMap(({ key, after }) =>
        after === undefined ? [] : [{ key, value: after }],
      );
      const created = entries.map(({ key, value }) => ({ key, before: undefined, after: value }));
      const expected = depositPrice * BigInt(cellBytes(created.filter(isCell)));
      const pool = entries.find(({ key }) => equalBytes(key, stateKey.deposits))?.value;
      const held = pool === undefined ? 0n : Holding.decode(pool).amount;
      expect(depositsIn(entries, parameters)).toEqual({ held, expected });
    });
  });
});

describe("declared assets in a transition", () => {
  const hex = toHex(assetOf(0));
  const isAsset = ({ key }: StateChange): boolean =>
    equalBytes(key, stateKey.asset(assetOf(0) as never));
  const spoil = (books: Books, change: (one: StateChange) => StateChange): Books => ({
    ...books,
    changes: books.changes.map((one) => (isAsset(one) ? change(one) : one)),
  });
  const withRecord = (books: Books, some: (of: AssetRecord) => Partial<AssetRecord>): Books =>
    spoil(books, (one) => {
      const record = AssetRecord.decode(one.after ?? new Uint8Array());
      return { ...one, after: AssetRecord.encode({ ...record, ...some(record) }) };
    });

  test("are held as much more as their supply grows, each for itself", () => {
    let seen = 0;
    forAllBooks((books, d) => {
      const record = books.changes.find(isAsset);
      if (record?.after === undefined) return;
      seen += 1;
      const of = (bytes: Uint8Array | undefined): bigint =>
        bytes === undefined ? 0n : AssetRecord.decode(bytes).supply;
      const grown = of(record.after) - of(record.before);
      for (const more of [d, -d]) {
        if (of(record.after) + more < 0n) continue;
        const spoilt = withRecord(books, ({ supply }) => ({ supply: (supply + more) as never }));
        const told = { expected: grown + more, actual: grown };
        expect(defectOf(spoilt)).toEqual({ rule: "asset-holdings", asset: hex, ...told });
      }
      // Nothing of it is native: a holding more is no micro-token held.
      const change = {
        key: stateKey.holding(idOf("holder 9"), assetOf(0) as never),
        before: undefined,
        after: Holding.encode({ amount: d as never }),
      };
      // Nor is what a contract itself holds more.
      const contract = toDigest(sha256(utf8("contract 9")));
      const inVault = { ...change, key: stateKey.vault(contract, toAssetId(assetOf(0))) };
      for (const one of [change, inVault]) {
        const given = { ...books, changes: [...books.changes, one] };
        const told = { expected: grown, actual: grown + d };
        expect(defectOf(given)).toEqual({ rule: "asset-holdings", asset: hex, ...told });
      }
    }, 200);
    expect(seen).toBeGreaterThan(50);
  });

  test("keep their name and their issuer, and never go", () => {
    let seen = 0;
    const defect = { rule: "asset-record", asset: hex, expected: 1n, actual: 0n };
    forAllBooks((books) => {
      const record = books.changes.find(isAsset);
      if (record === undefined) return;
      const isOld = record.before !== undefined;
      seen += isOld ? 1 : 0;
      const renamed = withRecord(books, () => ({ name: utf8("other") }));
      const taken = withRecord(books, () => ({ issuer: idOf("thief") }));
      if (!isOld) {
        // What it is called at first is its own affair; its bytes are paid for.
        expect(defectOf(taken)).toBeUndefined();
        return;
      }
      expect(defectOf(renamed)).toEqual(defect);
      expect(defectOf(taken)).toEqual(defect);
      expect(defectOf(spoil(books, (one) => ({ ...one, after: undefined })))).toEqual(defect);
    }, 200);
    expect(seen).toBeGreaterThan(30);
  });
});

describe("a balance", () => {
  test("is read from any bytes as the codec reads it, or refused as by the codec", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      // Plain ones are rare among all: the upper bytes of a nonce are small.
      fc
        .tuple(
          fc.uint8Array({ minLength: 14, maxLength: 14 }),
          fc.nat({ max: 0x30 }),
          fc.constantFrom(0, 0, 0, 1),
        )
        .map(([start, low, high]) => Uint8Array.of(...start, low, high)),
      fc.uint8Array({ minLength: 14, maxLength: 18 }),
    );
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(bytes, (value) => {
        const key = stateKey.account(idOf("person 0"));
        const read = (of: () => bigint): bigint | "refused" => {
          try {
            return of();
          } catch {
            return "refused";
          }
        };
        const expected = read(() => Account.decode(value).balance);
        seen[expected === "refused" ? "refused" : "read"] += 1;
        expect(read(() => totalHeld([{ key, value }]))).toBe(expected);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_000, seed: 1 },
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(50);
  });
});
