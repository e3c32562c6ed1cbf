import { hashProof, Proof, toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { Judgement, LedgerEvent, Mempool } from "../../src/index.ts";
import { createIntake } from "../../src/mempool/intake.ts";
import { judgedAs, judgedBySolver, judgedUncertified } from "../fixtures/judgements.ts";
import { createPool, world } from "../fixtures/pools.ts";
import { theorem } from "../fixtures/world.ts";

const { alice, bob } = world;

/** Has all that waits judged, each as said; what was told meanwhile. */
async function judgeAll(mempool: Mempool, said: Judgement): Promise<readonly LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  const judge = { check: () => Promise.resolve(said) };
  const tell = (event: LedgerEvent): void => void events.push(event);
  createIntake({ mempool, judge, tell, judgingMax: 1 }).judgeMore();
  await new Promise((resolve) => setImmediate(resolve));
  return events;
}

describe("what is told of a judgement", () => {
  const { certificate: _, ...bare } = judgedAs("valid");

  test.each([
    ["certified, with its certificate", judgedAs("valid"), "certified"],
    ["certified, and no certificate", bare, "solver"],
    ["the solver's", judgedBySolver(), "solver"],
    ["refuted, whatever it rests on", { ...judgedAs("refuted"), trust: "certified" }, "none"],
    ["uncertified", judgedUncertified(), "none"],
  ] as const)("the trust that the chain will have in it: %s", async (_name, said, trust) => {
    const pool = createPool();
    pool.add(theorem(world, alice, "; a claim", { nonce: 0 }));

    const [first] = await judgeAll(pool, said);
    expect(first).toMatchObject({
      type: "judged",
      trust,
      code: "code" in said ? said.code : undefined,
    });
  });

  test("who is driven out by a certificate is dropped by name, and not who has it", async () => {
    const own = theorem(world, alice, "; a claim", { nonce: 0, tip: 2_000n });
    const cheap = theorem(world, bob, "; a claim", { nonce: 0, tip: 1_000n });
    const pool = createPool(world, { bytesMax: 2 * Proof.encode(own).length + 10 });
    for (const proof of [cheap, own]) pool.add(proof);

    const said = { ...judgedAs("valid"), certificate: new Uint8Array(100) };
    const events = await judgeAll(pool, said);
    const dropped = events.flatMap((event) =>
      event.type === "dropped" ? [`${toHex(event.proofHash)} ${event.refusal.code}`] : [],
    );
    expect(dropped).toEqual([`${toHex(hashProof(cheap))} pool-full`]);
    expect(events.at(-1)).toMatchObject({ type: "mempool", count: 1, bytes: pool.bytes });
  });
});
