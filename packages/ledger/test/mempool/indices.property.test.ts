import { sha256, toAmount, toSequence } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sizedProof } from "../../src/admission/admission.ts";
import { createHeap } from "../../src/collections/heap.ts";
import { reckon } from "../../src/fees/whole-limit.ts";
import { type AuthorQueue, emptyQueue } from "../../src/pending/author-queue.ts";
import { createBaseFeeIndex } from "../../src/pending/base-fee-index.ts";
import { createExpiryIndex } from "../../src/pending/expiry-index.ts";
import { createJudgingLine } from "../../src/pending/judging-line.ts";
import { offerOf } from "../../src/pending/offer.ts";
import { createPatience } from "../../src/pending/patience.ts";
import { createPending, type PendingProof } from "../../src/pending/pending.ts";
import { createUnpaidJudgings, REMEMBERED_BLOCKS } from "../../src/pending/unpaid-judgings.ts";
import { createWorld, person, transfer, utf8 } from "../fixtures/world.ts";

/*
 * The indices of the mempool keep entries that are no longer true until they are more than a
 * thousand. So everything comes and goes here by hundreds, and is compared with a plain list.
 */
const world = createWorld();
const sample = sizedProof(transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 1n }));
const { parameters } = world.genesis;
const reckoned = reckon({ body: sample.proof.body, bytes: sample.bytes }, parameters);
const offer = offerOf(reckoned, parameters, { loads: [], newCosigners: 0 });
let made = 0;
const proof = ({ expiry = 0, baseFeeMax = 0 } = {}): PendingProof => {
  made += 1;
  const body = { ...sample.proof.body, expiry: toSequence(expiry) };
  const sized = { ...sample, proof: { ...sample.proof, body }, hash: sha256(utf8(String(made))) };
  return createPending(sized, { ...offer, baseFeeMax });
};
const hundreds = fc.nat({ max: 700 });
/** Every so manieth of a list, so that what is taken lies between what stays. */
const every = <T>(list: readonly T[], step: number): readonly T[] =>
  list.filter((_, at) => at % (step + 1) === step);

test("what has waited long is found, in the order in which it came to wait", () => {
  const moves = fc.array(
    fc.record({ comes: hundreds, leaves: fc.nat({ max: 3 }), back: fc.nat({ max: 4 }) }),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(moves, (list) => {
      let waiting: readonly PendingProof[] = [];
      let serial = 0;
      const patience = createPatience(() => waiting.length);
      const begin = (pending: PendingProof, now: number): void => {
        serial += 1;
        Object.assign(pending, { place: "waiting", waitingSince: now, waitingSerial: serial });
        patience.note(pending);
      };
      for (const [now, { comes, leaves, back }] of list.entries()) {
        const fresh = Array.from({ length: comes }, () => proof());
        for (const one of fresh) begin(one, now);
        waiting = [...waiting, ...fresh];
        const left = new Set(every(waiting, leaves));
        for (const [at, one] of [...left].entries()) {
          if (at % 2 === 0) one.isGone = true;
          else one.place = "runnable";
        }
        waiting = waiting.filter((one) => !left.has(one));
        const again = [...left].filter(({ isGone }) => !isGone).slice(0, 20);
        for (const one of again) begin(one, now);
        waiting = [...waiting, ...again];

        const found = patience.since(now - back);

        expect(found).toEqual(waiting.filter((one) => one.waitingSince <= now - back));
        waiting = waiting.filter((one) => one.waitingSince > now - back);
      }
    }),
    { numRuns: 30 },
  );
});

test("what expires is found once, whatever left before", () => {
  const moves = fc.array(
    fc.record({ comes: hundreds, lasts: fc.nat({ max: 5 }), leaves: fc.nat({ max: 3 }) }),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(moves, (list) => {
      let known: readonly PendingProof[] = [];
      const expiries = createExpiryIndex(() => known.length);
      for (const [now, { comes, lasts, leaves }] of list.entries()) {
        const fresh = Array.from({ length: comes }, (_, at) =>
          proof({ expiry: now + (at % (lasts + 1)) }),
        );
        for (const one of fresh) {
          known = [...known, one];
          expiries.note(one);
        }
        const left = new Set(every(known, leaves));
        for (const one of left) one.isGone = true;
        known = known.filter((one) => !left.has(one));

        const found = expiries.expiredAt(toSequence(now));

        const isOver = ({ proof: { body } }: PendingProof): boolean => body.expiry < now;
        expect(new Set(found)).toEqual(new Set(known.filter(isOver)));
        expect(found.length).toBe(known.filter(isOver).length);
        known = known.filter((one) => !isOver(one));
      }
    }),
    { numRuns: 30 },
  );
});

test("what a higher base fee leaves behind is found once, however often it ran and waited", () => {
  const moves = fc.array(
    fc.record({
      comes: hundreds,
      leaves: fc.nat({ max: 3 }),
      turns: fc.nat({ max: 3 }),
      baseFee: fc.nat({ max: 8 }),
    }),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(moves, (list) => {
      let runnable: readonly PendingProof[] = [];
      const index = createBaseFeeIndex(() => runnable.length);
      const run = (pending: PendingProof): void => {
        pending.place = "runnable";
        runnable = [...runnable, pending];
        index.note(pending);
      };
      for (const { comes, leaves, turns, baseFee } of list) {
        for (let at = 0; at < comes; at++) run(proof({ baseFeeMax: at % 10 }));
        for (let turn = 0; turn < turns; turn++) {
          const some = new Set(every(runnable, leaves));
          runnable = runnable.filter((one) => !some.has(one));
          for (const one of some) one.place = "waiting";
          for (const one of some) run(one);
        }
        const left = new Set(every(runnable, leaves));
        for (const one of left) one.isGone = true;
        runnable = runnable.filter((one) => !left.has(one));

        const found = index.under(baseFee);

        const isUnder = (one: PendingProof): boolean => one.offer.baseFeeMax < baseFee;
        expect(new Set(found)).toEqual(new Set(runnable.filter(isUnder)));
        expect(found.length).toBe(runnable.filter(isUnder).length);
        runnable = runnable.filter((one) => !isUnder(one));
      }
    }),
    { numRuns: 30 },
  );
});

test("thousands that leave the line for the Judge and come back are served in their order", () => {
  const moves = fc.array(
    fc.record({ joins: hundreds, leaves: fc.nat({ max: 2 }), takes: fc.nat({ max: 200 }) }),
    { minLength: 6, maxLength: 20 },
  );
  const { id } = world.alice;
  fc.assert(
    fc.property(moves, (list) => {
      const line = createJudgingLine();
      let standing: readonly AuthorQueue[] = [];
      for (const { joins, leaves, takes } of list) {
        for (let at = 0; at < joins; at++) {
          const queue = emptyQueue({ id, nonce: 0, balance: toAmount(0n) });
          line.join(queue);
          standing = [...standing, queue];
        }
        const left = new Set(every(standing, leaves));
        for (const one of left) line.leave(one);
        standing = standing.filter((one) => !left.has(one));
        const back = [...left].slice(0, 30);
        for (const one of back) line.join(one);
        standing = [...standing, ...back];
        for (let at = 0; at < takes; at++) {
          expect(line.take()).toBe(standing[0]);
          standing = standing.slice(1);
        }
      }
      for (const one of standing) expect(line.take()).toBe(one);
      expect(line.take()).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});

test("a heap that some were dropped from is in order", () => {
  const lists = fc.tuple(fc.array(fc.nat({ max: 99 })), fc.array(fc.nat({ max: 99 })), fc.nat(4));
  fc.assert(
    fc.property(lists, ([first, second, rest]) => {
      const heap = createHeap<number>((left, right) => left < right);
      for (const one of first) heap.push(one);
      heap.retain((one) => one % 5 !== rest);
      for (const one of second) heap.push(one);

      const kept = [...first.filter((one) => one % 5 !== rest), ...second];
      expect(heap.size).toBe(kept.length);
      for (const one of kept.toSorted((left, right) => left - right)) expect(heap.pop()).toBe(one);
      expect(heap.pop()).toBeUndefined();
    }),
  );
});

test("judgings are forgotten after 64 to 128 blocks, and paid oldest first", () => {
  const authors = ["one", "two"].map((seed) => person(seed).id);
  const moves = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("note" as const), who: fc.nat({ max: 1 }) }),
      fc.record({ kind: fc.constant("pay" as const), who: fc.nat({ max: 1 }) }),
      fc.record({ kind: fc.constant("blocks" as const), who: fc.nat({ max: 90 }) }),
    ),
    { minLength: 4, maxLength: 40 },
  );
  fc.assert(
    fc.property(moves, (list) => {
      const unpaid = createUnpaidJudgings();
      let block = 0;
      /** Block of each judging, oldest first, by author. */
      const blocks: number[][] = authors.map(() => []);
      const age = (at: number): number =>
        Math.floor(block / REMEMBERED_BLOCKS) - Math.floor(at / REMEMBERED_BLOCKS);
      for (const { kind, who } of list) {
        const author = authors[who];
        if (kind === "blocks") {
          for (let at = 0; at < who; at++) unpaid.tick();
          block += who;
        } else if (author !== undefined) {
          unpaid[kind](author);
          if (kind === "note") blocks[who]?.push(block);
          else blocks[who]?.splice(blocks[who].findIndex((at) => age(at) < 2) >>> 0, 1);
        }
        for (const [at, one] of authors.entries()) {
          expect(unpaid.of(one)).toBe(blocks[at]?.filter((noted) => age(noted) < 2).length);
        }
      }
    }),
    { numRuns: 200 },
  );
});
