import { Proof } from "@aethel/models";
import { proofs } from "@aethel/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitGossip, costOfGossiped } from "../src/runtime/gossiped-proof.ts";
import { createTurns, QUEUED_COST_MAX, TURN_COST } from "../src/runtime/turns.ts";

const regossip = { add() {}, remove() {}, connected() {}, tick() {} };

/** Queue whose turns the test begins. */
function queue() {
  const due: (() => void)[] = [];
  const turns = createTurns((action) => due.push(action));
  return { turns, isDue: () => due.length > 0, turn: () => due.shift()?.() };
}

const [proof] = fc.sample(proofs(), { seed: 1, numRuns: 1 });
const item = (): Uint8Array => (proof === undefined ? new Uint8Array() : Proof.encode(proof));

describe("work in turns", () => {
  test("a turn does no more than its cost, or a single action; all are done, in order", () => {
    const costs = fc.array(fc.integer({ min: 1, max: 3 * TURN_COST }), { maxLength: 40 });
    fc.assert(
      fc.property(costs, (prices) => {
        const { turns, isDue, turn } = queue();
        const done: number[] = [];
        for (const [at, price] of prices.entries()) void turns.run(price, () => done.push(at));
        expect(done).toEqual([]);
        while (isDue()) {
          const before = done.length;
          turn();
          const now = done.slice(before).map((at) => prices[at] ?? 0);
          expect(now.length).toBeGreaterThan(0);
          const spent = now.reduce((all, one) => all + one, 0);
          expect(now.length === 1 || spent <= TURN_COST).toBe(true);
        }
        expect(done).toEqual(prices.map((_, at) => at));
      }),
    );
  });

  test("what does not fit is dropped undone, and there is room again after the turns", async () => {
    const { turns, isDue, turn } = queue();
    const first = turns.run(QUEUED_COST_MAX, () => "done");
    expect(await turns.run(1, () => "done")).toBeUndefined();
    while (isDue()) turn();
    expect(await first).toBe("done");
    const last = turns.run(1, () => "done");
    turns.stop();
    expect(await last).toBeUndefined();
    expect(await turns.run(1, () => "done")).toBeUndefined();
  });

  test("an action that throws rejects, and the next one is done", async () => {
    const { turns, isDue, turn } = queue();
    const bad = turns.run(1, () => {
      throw new Error("no");
    });
    const good = turns.run(1, () => "done");
    while (isDue()) turn();
    await expect(bad).rejects.toThrow("no");
    expect(await good).toBe("done");
  });
});

describe("a gossiped proof", () => {
  test("costs what the ledger would verify, at least 1, and nothing where it is no proof", () => {
    for (const [submitCost, cost] of [
      [0, 1],
      [1, 1],
      [187, 187],
    ] as const) {
      expect(costOfGossiped({ submitCost: () => submitCost }, item())).toBe(cost);
    }
    expect(costOfGossiped({ submitCost: () => 5 }, new Uint8Array(3))).toBeUndefined();
  });

  test("is verified in its turn; when too many wait it is dropped, and a peer may bring it again", async () => {
    const { turns, isDue, turn } = queue();
    let submitted = 0;
    const submit = () => {
      submitted += 1;
      return { type: "refused", code: "signature", message: "no" } as const;
    };
    const ledger = { submit, submitCost: () => QUEUED_COST_MAX };
    const first = admitGossip({ ledger, regossip, turns }, item());
    expect(await admitGossip({ ledger, regossip, turns }, item())).toBe("later");
    expect(submitted).toBe(0);
    while (isDue()) turn();
    expect(await first).toBe("reject");
    expect(submitted).toBe(1);
  });

  test("that the state refuses waits for no turn and is no fault", async () => {
    const { turns } = queue();
    const submit = () => ({ type: "refused", code: "balance", message: "no" }) as const;
    const ledger = { submit, submitCost: () => 0 };
    expect(await admitGossip({ ledger, regossip, turns }, item())).toBe("ignore");
  });
});
