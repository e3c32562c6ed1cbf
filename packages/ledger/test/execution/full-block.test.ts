import { describe, expect, test } from "vitest";
import type { PendingProof } from "../../src/index.ts";
import { createPool, judgeAll } from "../fixtures/pools.ts";
import { createWorld, person, theorem, transfer } from "../fixtures/world.ts";

const EACH = 150;
const world = createWorld({ balances: Array.from({ length: 2 * EACH }, () => 1_000_000_000n) });
const authors = Array.from({ length: 2 * EACH }, (_, at) => person(`person ${at}`));
const theorems = authors.slice(0, EACH).map((who) => theorem(world, who, "; valid", { nonce: 0 }));
const transfers = authors
  .slice(EACH)
  .map((who) => transfer(world, who, world.bob.id, { nonce: 0, amount: 1n }));

/** Collects the proofs that a leader is offered when it answers so. */
function offered(answer: (pending: PendingProof, at: number) => "taken" | "full"): {
  readonly theorem: number;
  readonly invoke: number;
} {
  const pool = createPool(world);
  for (const proof of [...theorems, ...transfers]) pool.add(proof);
  judgeAll(pool);
  const serving = pool.serve();
  const counts = { theorem: 0, invoke: 0 };
  for (let at = 0, next = serving.next(); next !== undefined; at++, next = serving.next()) {
    const { type } = next.proof.body;
    if (type !== "publish") counts[type] += 1;
    if (answer(next, at) === "taken") serving.taken();
    else serving.skipped("full");
  }
  return counts;
}

describe("a block that is full", () => {
  test("is not compared with everything that waits", () => {
    expect(offered(() => "full")).toEqual({ theorem: 64, invoke: 64 });
  });

  test("leaves a lane that has no room without taking the other one's from it", () => {
    const counts = offered(({ proof }) => (proof.body.type === "theorem" ? "full" : "taken"));
    expect(counts).toEqual({ theorem: 64, invoke: EACH });
  });

  test("goes on in a lane as long as something fits now and then", () => {
    const counts = offered((_, at) => (at % 50 === 0 ? "taken" : "full"));
    expect(counts.theorem + counts.invoke).toBe(2 * EACH);
  });
});
