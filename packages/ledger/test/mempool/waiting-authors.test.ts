import { sha256, toAmount } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sizedProof } from "../../src/admission/admission.ts";
import { reckon } from "../../src/fees/whole-limit.ts";
import { type AuthorQueue, emptyQueue } from "../../src/pending/author-queue.ts";
import { createJudgingLine } from "../../src/pending/judging-line.ts";
import { offerOf } from "../../src/pending/offer.ts";
import { createPending, invokeFirst, type PendingProof } from "../../src/pending/pending.ts";
import { createReadyHeads } from "../../src/pending/ready-heads.ts";
import { createWorld, transfer, utf8 } from "../fixtures/world.ts";

const AUTHORS = 12;
const world = createWorld();
const sample = sizedProof(transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 1n }));
const queues = (): readonly AuthorQueue[] =>
  Array.from({ length: AUTHORS }, () =>
    emptyQueue({ id: world.alice.id, nonce: 0, balance: toAmount(0n) }),
  );
const beside = { loads: [], newCosigners: 0 };
const { parameters } = world.genesis;
const reckoned = reckon({ body: sample.proof.body, bytes: sample.bytes }, parameters);
const offer = offerOf(reckoned, parameters, beside);
/** The same transfer at a price, under a hash of its own. */
const priced = (price: number, at: number): PendingProof => ({
  ...createPending({ ...sample, hash: sha256(utf8(String(at))) }, offer),
  ratio: price,
});

test("whoever comes, goes or pays otherwise, a lane is a heap that knows where everybody stands", () => {
  const moves = fc.array(
    fc.record({ who: fc.nat({ max: AUTHORS - 1 }), price: fc.nat({ max: 9 }) }),
    { minLength: 20, maxLength: 120, size: "max" },
  );
  fc.assert(
    fc.property(moves, (list) => {
      const all = queues();
      const heads = createReadyHeads();
      for (const [at, { who, price }] of list.entries()) {
        const queue = all[who];
        if (queue === undefined) continue;
        heads.offer(queue, price < 4 ? undefined : priced(price, at));
        const lane = heads.lane("invoke");
        expect(heads.size).toBe(all.filter((one) => one.offered !== undefined).length);
        for (const [place, one] of lane.entries()) {
          const above = lane[(place - 1) >> 1]?.offered;
          expect(one.laneAt).toBe(place);
          if (one.offered === undefined) throw new Error("who stands in a lane offers something");
          if (above !== undefined) expect(invokeFirst(one.offered, above)).toBe(false);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("the line for the Judge is first come, first served, for those that stay in it", () => {
  const moves = fc.array(
    fc.record({
      who: fc.nat({ max: AUTHORS - 1 }),
      kind: fc.constantFrom("join", "join", "leave", "take"),
    }),
    { maxLength: 200, size: "max" },
  );
  fc.assert(
    fc.property(moves, (list) => {
      const all = queues();
      const line = createJudgingLine();
      let naive: readonly AuthorQueue[] = [];
      for (const { who, kind } of list) {
        const queue = all[who];
        if (queue === undefined) continue;
        if (kind === "take") {
          expect(line.take()).toBe(naive[0]);
          naive = naive.slice(1);
        } else if (kind === "leave") {
          line.leave(queue);
          naive = naive.filter((one) => one !== queue);
        } else {
          line.join(queue);
          naive = naive.includes(queue) ? naive : [...naive, queue];
        }
      }
    }),
    { numRuns: 100 },
  );
});
