import { sha256, toAccountId, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPeerBook } from "../src/peers/peer-book.ts";

const peers = [0, 1, 2, 3, 4].map((seed) => toAccountId(sha256(new Uint8Array([seed]))));
const peerOf = (index: number) => peers[index] ?? toAccountId(new Uint8Array(32));

/** Events of peers, in an order; a list of the same is kept by hand. */
const events = fc.array(
  fc.record({
    who: fc.nat({ max: 4 }),
    after: fc.constantFrom(0, 0, 10, 100, 1_000),
    what: fc.constantFrom("strike", "distrust", "good", "good", "slow", "open", "close"),
  }),
  { maxLength: 60 },
);

describe("whom a replica asks first", () => {
  test("P9: who was right, then who was hinted at and is least busy; who was late goes last for a while", () => {
    const questions = fc.record({
      hint: fc.option(fc.nat({ max: 4 }), { nil: undefined, freq: 2 }),
      isUrgent: fc.boolean(),
    });
    fc.assert(
      fc.property(events, questions, (all, { hint, isUrgent }) => {
        let now = 1_000;
        const book = createPeerBook({
          now: () => now,
          count: () => 5,
          initialMs: 400,
          passOverMs: 100,
          passOverMaxMs: 3_000,
        });
        const pages = peers.map(() => ({ strikes: 0, until: 0, distrust: 0, good: 0, open: 0 }));
        const strike = (page: (typeof pages)[number], weight: number): void => {
          page.strikes = Math.min(12, page.strikes + weight);
          page.until = now + Math.min(3_000, 100 * 2 ** (page.strikes - 1));
          page.good = 0;
        };
        for (const { who, after, what } of all) {
          now += after;
          const [peer, page] = [peerOf(who), pages[who]];
          if (page === undefined) throw new Error("a page");
          if (what === "strike") {
            book.strike(peer);
            strike(page, 1);
          } else if (what === "distrust") {
            book.distrust(peer);
            strike(page, 4);
            page.distrust = page.until;
          } else if (what === "good") {
            book.answered(peer, "large", 1);
            page.good += 1;
            if (page.good === 8 && page.strikes > 0) {
              page.good = 0;
              page.strikes = Math.floor(page.strikes / 2);
            }
            page.good = Math.min(8, page.good);
          } else if (what === "slow") {
            book.answered(peer, "large", 100_000);
            strike(page, 1);
          } else {
            page.open = Math.max(0, page.open + (what === "open" ? 1 : -1));
            expect(book.open(peer, what === "open" ? 1 : -1)).toBe(page.open);
          }
          expect(book.isDistrusted(peer)).toBe(now < page.distrust);
          expect(book.isProven(peer)).toBe(page.strikes === 0 && page.good > 0);
        }
        const order = book.order(peers, {
          hint: hint === undefined ? undefined : peerOf(hint),
          isUrgent,
        });
        const keyOf = (index: number): string => {
          const page = pages[index];
          if (page === undefined) throw new Error("a page");
          const retry = isUrgent ? 2 : 0;
          const rank = now < page.until ? 3 : page.strikes > 0 ? retry : 1;
          return `${rank} ${index === hint ? 0 : 1} ${String(page.open).padStart(3, "0")}`;
        };
        const keys = order.map((peer) => keyOf(peers.indexOf(peer)));
        expect(keys).toEqual(keys.toSorted());
        expect(new Set(order).size).toBe(5);
      }),
      { numRuns: 300 },
    );
  });

  test("P9: eight right answers take back half of the strikes, once; who has none stays proven", () => {
    const book = createPeerBook({
      now: () => 1_000,
      count: () => 5,
      initialMs: 400,
      passOverMs: 100,
      passOverMaxMs: 3_000,
    });
    const [peer] = peers;
    if (peer === undefined) throw new Error("a peer");
    const provenAfter = (answers: number): readonly boolean[] =>
      Array.from({ length: answers }, () => {
        book.answered(peer, "large", 1);
        return book.isProven(peer);
      });
    expect(provenAfter(20)).toEqual(Array.from({ length: 20 }, () => true));
    // Four strikes: two after eight answers, one after sixteen, none after twenty-four.
    book.distrust(peer);
    expect(provenAfter(25)).toEqual(Array.from({ length: 25 }, (_, at) => at === 24));
  });

  test("who is alike is asked in another order each time", () => {
    const book = createPeerBook({
      now: () => 0,
      count: () => 5,
      initialMs: 400,
      passOverMs: 100,
      passOverMaxMs: 3_000,
    });
    const firsts = Array.from({ length: 60 }, () => book.order(peers, { isUrgent: false })[0]);

    expect(new Set(firsts).size).toBe(5);
  });

  test("P9: usual is what a third of the peers neither raise nor lower, guesses for who is not heard", () => {
    const times = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 900 })), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 9 }), (all, count) => {
        const book = createPeerBook({
          now: () => 0,
          count: () => count,
          initialMs: 400,
          passOverMs: 100,
          passOverMaxMs: 3_000,
        });
        const heard = new Map<number, number[]>();
        for (const [who, ms] of all) {
          book.answered(peerOf(who), "small", ms);
          heard.set(who, [...(heard.get(who) ?? []), ms].slice(-8));
        }
        const medians = [...heard.values()].map((list) => {
          const sorted = list.toSorted((left, right) => left - right);
          return sorted[Math.floor(sorted.length / 2)] ?? 0;
        });
        const third = Math.floor(count / 3);
        const guesses = Array.from({ length: Math.max(0, third + 1 - medians.length) }, () => 100);
        const small = [...medians, ...guesses].toSorted((left, right) => left - right)[third] ?? 0;
        expect(book.usualMs("small")).toBe(Math.max(1, Math.min(800, small)));
        // Of blocks nothing is known: twice as much.
        expect(book.usualMs("large")).toBe(Math.max(1, Math.min(800, 2 * small)));
      }),
      { numRuns: 200 },
    );
  });

  test("a claim only ever raises what a peer is believed to have", () => {
    const book = createPeerBook({
      now: () => 0,
      count: () => 5,
      initialMs: 400,
      passOverMs: 100,
      passOverMaxMs: 3_000,
    });
    expect(book.height(peerOf(0))).toBeUndefined();
    for (const [claim, height] of [
      [5, 5],
      [3, 5],
      [6, 6],
    ] as const) {
      expect(book.height(peerOf(0), toSequence(claim))).toBe(height);
      expect(book.height(peerOf(0))).toBe(height);
    }
    expect(book.height(peerOf(1))).toBeUndefined();
  });
});
