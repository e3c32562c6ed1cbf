import { type ProofBody, toAmount, toResource, toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { buildBlock } from "../../src/application/build-block.ts";
import { baseFeesOf, createMempool, earliestTimestamp, type LedgerState } from "../../src/index.ts";
import { judgedAs } from "../fixtures/judgements.ts";
import { LIMITS } from "../fixtures/pools.ts";
import { accountOf, certify, createWorld, step, theorem } from "../fixtures/world.ts";

const SHARE = 40_000_000;
const FLOOR = 8_000n;
const world = createWorld({
  parameters: {
    judgedBaseFeeMin: toAmount(FLOOR),
    proofResourceMax: toResource(SHARE),
    blockResourceMax: toResource(SHARE),
  },
});
const { alice, bob } = world;
const judge = (body: ProofBody) =>
  body.type === "theorem" ? { ...judgedAs("refuted"), resource: toResource(SHARE) } : undefined;

/** A chain whose judged lane was full for some blocks. */
function crowded(blocks: number): LedgerState {
  let { state } = world;
  for (let at = 0; at < blocks; at++) {
    const { nonce } = accountOf(state, alice.id);
    const envelope = { nonce, resourceLimit: SHARE, feeLimit: 100_000_000n };
    state = step(world, state, {
      proofs: [theorem(world, alice, `; ${at}`, envelope)],
      judge,
    }).state;
  }
  return state;
}

describe("a chain that was dear and is idle", () => {
  test("makes empty blocks while something waits that only the base fee keeps out, then takes it", () => {
    let state = crowded(4);
    expect(baseFeesOf(state.tree).judged).toBeGreaterThan((FLOOR * 3n) / 2n);
    const pool = createMempool({
      state,
      ...world.tools,
      limits: { ...LIMITS, waitingBlocksMax: 99 },
    });
    const envelope = { nonce: 0, resourceLimit: SHARE, feeLimit: 1_000n * FLOOR };
    const proof = theorem(world, bob, "; late", envelope);
    expect(pool.add(proof).type).toBe("accepted");

    const sizes: number[] = [];
    for (let at = 0; at < 20 && !sizes.includes(1); at++) {
      const next = pool.takeToJudge();
      expect(pool.hasReady() || pool.hasPriced() || next !== undefined).toBe(true);
      if (next !== undefined) {
        pool.settle(next, { ...judgedAs("refuted"), resource: toResource(SHARE) });
      }
      const built = buildBlock(
        state,
        pool,
        {
          sequence: toSequence(state.header.sequence + 1),
          timestamp: earliestTimestamp(state),
          proposer: state.votingSet.validators[0]?.id ?? alice.id,
          parentCertificate: certify(world, state),
          evidence: [],
          reason: "work",
          leadership: state.header.leadership,
        },
        world.tools,
      );
      if (built === undefined) throw new Error("a block is due");
      state = built.executed.state;
      sizes.push(built.block.items.length);
      const { changes } = built.executed.transition;
      pool.update(state, { changes, includes: () => true });
    }
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.slice(0, -1).every((size) => size === 0)).toBe(true);
    expect(sizes.at(-1)).toBe(1);
    expect(pool.hasPriced()).toBe(false);
  });

  test("has nothing to do when nothing waits", () => {
    const state = crowded(2);
    const pool = createMempool({ state, ...world.tools, limits: LIMITS });
    expect(pool.hasPriced()).toBe(false);
  });
});
