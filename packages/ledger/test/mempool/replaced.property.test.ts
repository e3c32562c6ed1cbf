import { type Proof, toAmount, toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createLedger,
  type JudgePayload,
  type JudgePort,
  type LedgerEvent,
} from "../../src/index.ts";
import { judgedSource } from "../fixtures/judgements.ts";
import { createPool } from "../fixtures/pools.ts";
import { createWorld, transfer } from "../fixtures/world.ts";

const world = createWorld();
const { bob } = world;
const tipped = (tip: bigint, of = world): Proof =>
  transfer(of, of.alice, bob.id, { nonce: 0, amount: 1n, tip, feeLimit: 500_000_000n });

describe("replacing a proof", () => {
  test("the tip that a refusal names is the least that replaces", () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 1_000_000n }),
        fc.bigInt({ min: 0n, max: 1_000_000n }),
        fc.bigInt({ min: 0n, max: 50_000n }),
        (held, offered, floor) => {
          const of = createWorldOf(floor);
          const pool = createPool(of);
          expect(pool.add(tipped(held, of)).type).toBe("accepted");
          const added = pool.add(tipped(offered, of));
          if (added.type === "accepted" || added.code === "duplicate") return;
          const [, named = "0"] = /tip at least (\d+)$/.exec(added.message) ?? [];
          const least = BigInt(named);
          refused += 1;

          expect(least).toBeGreaterThan(offered);
          expect(pool.add(tipped(least - 1n, of)).type).toBe("refused");
          expect(pool.add(tipped(least, of)).type).toBe("accepted");
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 60, seed: 1 },
    );
    expect(refused).toBeGreaterThan(15);
  });

  test("is told: the one that left names the one that took its place", async () => {
    const judge: JudgePort = {
      check: (payload) => Promise.resolve(judgedSource(sourceOf(payload))),
    };
    const ledger = await createLedger({ genesis: world.genesis, judge });
    const events: LedgerEvent[] = [];
    ledger.subscribe((event) => events.push(event));
    const [first, second] = [tipped(5n), tipped(50n)].map((proof) => ledger.submit(proof));
    if (first?.type !== "accepted" || second?.type !== "accepted") throw new Error("not taken");

    const refusal = { code: "replaced", message: `replaced by ${toHex(second.hash)}` };
    expect(events.filter(({ type }) => type === "dropped")).toEqual([
      { type: "dropped", proofHash: first.hash, refusal },
    ]);
  });
});

const worlds = new Map<bigint, ReturnType<typeof createWorld>>();

/** A world whose calls have this floor. Few are made: to compile its intents takes a while. */
function createWorldOf(floor: bigint): ReturnType<typeof createWorld> {
  const rounded = floor - (floor % 10_000n);
  const known = worlds.get(rounded);
  if (known !== undefined) return known;
  const made = createWorld({ parameters: { invokeBaseFeeMin: toAmount(rounded + 1n) } });
  worlds.set(rounded, made);
  return made;
}

function sourceOf(payload: JudgePayload): Uint8Array {
  return payload.type === "publish" ? payload.source : payload.script;
}
