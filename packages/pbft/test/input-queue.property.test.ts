import {
  type AccountId,
  type ConsensusMessage,
  outlineOf,
  sha256,
  toAccountId,
  toHex,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createInputQueue, type InputQueue } from "../src/inbox/input-queue.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";

const signature = toSignature(new Uint8Array(64));
const digest = GENESIS;
const where = { sequence: toSequence(1), view: toView(0), digest };
const vote: ConsensusMessage = {
  type: "prepare",
  ...where,
  voter: toValidatorIndex(0),
  signature,
};
const request: ConsensusMessage = {
  type: "view-change",
  body: {
    validators: digest,
    sequence: toSequence(1),
    newView: toView(1),
    parent: digest,
    prepared: undefined,
  },
  voter: toValidatorIndex(0),
  signature,
  parentCertificate: undefined,
  prepareCertificate: undefined,
};
const counter = new Counter(GENESIS, createMembership([1]).set);
const made = counter.propose({
  ...where,
  timestamp: 1 as never,
  proposer: toAccountId(GENESIS),
  parentCertificate: undefined,
  evidence: [],
  reason: "heartbeat",
});
if (made === undefined) throw new Error("a heartbeat has a block");
const block = made;
const proposal: ConsensusMessage = {
  type: "pre-prepare",
  proposal: { ...where, leader: toValidatorIndex(0), signature },
  outline: outlineOf(block),
};

const peer = (at: number): AccountId => toAccountId(sha256(new Uint8Array([at & 255, at >> 8])));
const names = Array.from({ length: 1_200 }, (_, at) => toHex(peer(at)));

/** Peers below `validators` are in the set. */
function queueOf(validators: number): InputQueue {
  const members = new Set(names.slice(0, validators));
  return createInputQueue((name) => members.has(name));
}

/** Pushes until the peer has no room left; how many went in. */
function fill(queue: InputQueue, from: AccountId, message: ConsensusMessage, max = 5_000): number {
  let pushed = 0;
  while (pushed < max && queue.push({ message, from })) pushed += 1;
  return pushed;
}

describe("messages that wait", () => {
  test("of one peer at most 1,024 wait, of these 8 with certificates and 2 with a block", () => {
    expect(fill(queueOf(4), peer(0), vote)).toBe(1_024);
    expect(fill(queueOf(4), peer(0), request)).toBe(8);
    expect(fill(queueOf(4), peer(0), proposal)).toBe(2);
    const mixed = queueOf(4);
    const counts = [request, proposal, vote].map((message) => fill(mixed, peer(0), message));
    expect(counts).toEqual([8, 2, 1_014]);
    for (let at = 0; at < 12; at++) mixed.shift();
    expect(fill(mixed, peer(0), request)).toBe(8);
  });

  test.each([
    [4, 1],
    [64, 21],
    [1_000, 333],
  ])(
    "however full f flooders of n = %i keep it, each honest message is taken within one round",
    (n, f) => {
      const queue = queueOf(n);
      for (let at = 0; at < f; at++) fill(queue, peer(at), vote);
      for (let at = f; at < n; at++)
        expect(queue.push({ message: vote, from: peer(at) })).toBe(true);
      const honest = new Set(names.slice(f, n));
      let taken = 0;
      while (honest.size > 0) {
        const from = queue.shift()?.from;
        if (from === undefined || taken > 2 * n) throw new Error("an honest message is lost");
        honest.delete(toHex(from));
        taken += 1;
        // The flooders go on all the while.
        fill(queue, peer(taken % f), vote);
      }
      expect(taken).toBeLessThanOrEqual(n);
    },
  );

  test("memory is bounded for any number of peers: what n validators may have in all", () => {
    for (const n of [4, 64, 1_000]) {
      const queue = queueOf(n);
      let total = 0;
      for (let at = 0; at < n; at++) total += fill(queue, peer(at), vote);
      expect(queue.size()).toBe(total);
      // The first ones took their share before they had to share.
      expect(total).toBeLessThan(16_384 * 8);
    }
  });

  test("strangers have 4,096 places for all of them, and one turn in eight while others wait", () => {
    const queue = queueOf(2);
    let strange = 0;
    for (let at = 2; at < 1_200; at++) strange += fill(queue, peer(at), vote);
    fill(queue, peer(0), vote);
    const firsts = Array.from({ length: 800 }, () => toHex(queue.shift()?.from ?? peer(1)));

    expect(strange).toBe(4_096);
    expect(firsts.filter((name) => name !== names[0])).toHaveLength(100);
  });

  test("what a peer sends is taken in its order, nothing is lost or doubled, sizes are true", () => {
    const actions = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.record({ from: fc.nat({ max: 5 }) }) },
        { weight: 2, arbitrary: fc.constant("shift" as const) },
        { weight: 1, arbitrary: fc.constant("many" as const) },
      ),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(actions, (steps) => {
        const queue = queueOf(4);
        const model = new Map<number, number[]>();
        let serial = 0;
        const push = (from: number): void => {
          serial += 1;
          const message = { ...vote, view: toView(serial) };
          if (queue.push({ message, from: peer(from) })) {
            model.set(from, [...(model.get(from) ?? []), serial]);
          }
        };
        for (const step of steps) {
          if (step === "many") for (let at = 0; at < 40; at++) push(0);
          else if (step !== "shift") push(step.from);
          else {
            const delivery = queue.shift();
            const waiting = [...model.values()].some((of) => of.length > 0);
            expect(delivery !== undefined).toBe(waiting);
            if (delivery?.from === undefined || delivery.message.type !== "prepare") continue;
            const from = names.indexOf(toHex(delivery.from));
            expect(delivery.message.view).toBe(model.get(from)?.shift());
          }
          const total = [...model.values()].reduce((sum, of) => sum + of.length, 0);
          expect(queue.size()).toBe(total);
        }
        queue.clear();
        expect([queue.size(), queue.shift()]).toEqual([0, undefined]);
      }),
      { numRuns: 100 },
    );
  });
});
