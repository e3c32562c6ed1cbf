import { type ProofBody, toAmount, toResource } from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  baseFeesOf,
  beginBlock,
  type Judgement,
  type LedgerState,
  stateKey,
  supplyOf,
  TREASURY,
  ValidatorRecord,
} from "../../src/index.ts";
import { judgedAs } from "../fixtures/judgements.ts";
import { openingOn, votedBy } from "../fixtures/large-set.ts";
import {
  accountOf,
  BuildRefused,
  createWorld,
  type Executed,
  skip,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

const FLOOR = 8_000n;
const SHARE = 40_000_000;

/** A block's judging is all the judged lane's, so a proof of so many units fills so much of it. */
const world = createWorld({
  parameters: {
    judgedBaseFeeMin: toAmount(FLOOR),
    proofResourceMax: toResource(SHARE),
    blockResourceMax: toResource(SHARE),
  },
});
const { alice, bob } = world;

/** The units that the script's digits say. */
const judge = (body: ProofBody): Judgement | undefined => {
  if (body.type !== "theorem") return undefined;
  const units = Number(/\d+/.exec(new TextDecoder().decode(body.script))?.[0]);
  return { ...judgedAs("refuted"), resource: toResource(units) };
};

interface Offer {
  readonly feeLimit?: bigint;
  readonly tip?: bigint;
}

function work(state: LedgerState, units: number, offer: Offer = {}): Executed {
  const { nonce } = accountOf(state, alice.id);
  const envelope = { nonce, resourceLimit: units, feeLimit: 100_000_000n, ...offer };
  return step(world, state, { proofs: [theorem(world, alice, `; ${units}`, envelope)], judge });
}

const judgedFee = (state: LedgerState): bigint => baseFeesOf(state.tree).judged;

describe("the base fee of a lane follows the use of its share", () => {
  test("a full lane raises it by an eighth, half leaves it, empty blocks bring it back to the floor", () => {
    const full = work(world.state, SHARE).state;
    expect(judgedFee(full)).toBe(9_000n);
    expect(judgedFee(work(full, SHARE / 2).state)).toBe(9_000n);
    expect(judgedFee(work(full, SHARE).state)).toBe(10_125n);
    expect(judgedFee(skip(world, full, 1))).toBe(FLOOR);
    expect(judgedFee(skip(world, work(full, SHARE).state, 9))).toBe(FLOOR);
  });

  test("the other lane's base fee does not move with it", () => {
    const { state } = work(world.state, SHARE);
    const { nonce } = accountOf(state, bob.id);
    const calm = step(world, state, {
      proofs: [transfer(world, bob, alice.id, { nonce, amount: 1n })],
    });
    expect(baseFeesOf(calm.state.tree).invoke).toBe(world.genesis.parameters.invokeBaseFeeMin);
  });

  test("it is burned: where it decides, the charge is the base fee and nothing is left for others", () => {
    const [receipt] = work(world.state, SHARE).receipts;
    // The whole share weighs 10^9: a thousand times the base fee.
    expect(receipt?.fee).toBe(1_000n * FLOOR);
    expect(receipt?.burned).toBe(1_000n * FLOOR);
    expect(receipt?.tip).toBe(0n);
  });

  test("who does not cover the base fee of a block is not in it, and is when it has fallen", () => {
    const least = 1_000n * FLOOR;
    const crowded = work(work(world.state, SHARE).state, SHARE).state;

    expect(() => work(crowded, SHARE, { feeLimit: least })).toThrow(BuildRefused);
    expect(() => work(crowded, SHARE, { feeLimit: least })).toThrow("base-fee");
    expect(() => work(world.state, SHARE, { feeLimit: least - 1n })).toThrow("fee-limit");
    const later = skip(world, crowded, 3);
    expect(work(later, SHARE, { feeLimit: least }).results[0]?.outcome).toBe("refuted");
  });
});

describe("a tip", () => {
  const proposerOf = (state: LedgerState) => {
    const { proposer } = state.header;
    const bytes = state.tree.get(stateKey.validator(proposer));
    if (bytes === undefined) throw new Error("a proposer has a record");
    return { balance: accountOf(state, proposer).balance, record: ValidatorRecord.decode(bytes) };
  };

  test("goes to the proposer of the block, to the micro-token, beside all that is burned", () => {
    const plain = work(world.state, SHARE / 4);
    const tipped = work(world.state, SHARE / 4, { tip: 777n });

    // A quarter of the share weighs 250 million units.
    const tip = 250n * 777n;
    const [before, after] = [proposerOf(plain.state), proposerOf(tipped.state)];
    expect(tipped.receipts[0]).toMatchObject({ tip, burned: plain.receipts[0]?.burned });
    expect(tipped.receipts[0]?.fee).toBe((plain.receipts[0]?.fee ?? 0n) + tip);
    expect(after.balance - before.balance).toBe(tip);
    expect(after.record.tips - before.record.tips).toBe(tip);
    expect(after.record.rewards).toBe(before.record.rewards);
    expect(accountOf(tipped.state, TREASURY)).toEqual(accountOf(plain.state, TREASURY));
    expect(supplyOf(tipped.state.tree)).toEqual(supplyOf(plain.state.tree));
  });

  test("must be covered by the fee limit for the whole resource limit", () => {
    const least = 250n * (FLOOR + 777n);
    expect(work(world.state, SHARE / 4, { tip: 777n, feeLimit: least }).results).toHaveLength(1);
    expect(() => work(world.state, SHARE / 4, { tip: 777n, feeLimit: least - 1n })).toThrow(
      "fee-limit",
    );
    expect(() => work(world.state, SHARE / 4, { tip: 2n ** 64n - 1n })).toThrow("fee-limit");
  });

  test("of one's own block costs its proposer exactly what is burned and banked", () => {
    const validator = world.validators[0];
    if (validator === undefined) throw new Error("a world has validators");
    const funded = step(world, world.state, {
      proofs: [transfer(world, alice, validator.id, { nonce: 0, amount: 90_000_000n })],
    }).state;
    const at = funded.votingSet.validators.findIndex(
      ({ id }) => Buffer.compare(id, validator.id) === 0,
    );
    const cost = (tip: bigint): bigint => {
      const envelope = { nonce: 0, resourceLimit: SHARE / 4, feeLimit: 10_000_000n, tip };
      const own = theorem(world, validator, `; ${SHARE / 4}`, envelope);
      const { state } = step(world, funded, { proofs: [own], judge, proposer: at });
      return accountOf(funded, validator.id).balance - accountOf(state, validator.id).balance;
    };
    expect(cost(0n)).toBe(250n * FLOOR);
    expect(cost(5_000n)).toBe(cost(0n));
  });
});

describe("the share that a lane has of a block", () => {
  const small = createWorld({
    balances: Array.from({ length: 40 }, () => 1_000_000_000n),
    parameters: { blockUnitsMax: toResource(4_000_000), invokeBaseFeeMin: toAmount(FLOOR) },
  });
  const first = step(small, small.state).state;

  /** The base fee of calls after a block with transfers of all, each the first of its author. */
  function after(votes: number): bigint {
    const state = votedBy(votes, first);
    const tools = { ...small.tools, verifySigned: () => true };
    const begun = beginBlock(state, openingOn(state), tools);
    if (begun.type === "defect") throw new Error(begun.code);
    for (const who of small.people) {
      const shape = { nonce: 0, amount: 1n, resourceLimit: 2_000, feeLimit: 100_000_000n };
      const refusal = begun.run.add(transfer(small, who, small.bob.id, shape), undefined);
      expect(refusal?.message).toBeUndefined();
    }
    return baseFeesOf(begun.run.finish().tree).invoke;
  }

  test("is of what the certificate leaves: the same use weighs more where many have voted", () => {
    // Some 800,000 units: two fifths of a half of the block, and four fifths of a half of the rest.
    expect(after(4)).toBe(FLOOR);
    expect(after(1_200)).toBeGreaterThan(FLOOR);
  });
});
