import {
  type ChainParameters,
  type ProofBody,
  toAmount,
  toDifficulty,
  toDigest,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exactFeeLimit, leastFeeLimit } from "../../src/fees/price.ts";
import type { Offered } from "../../src/fees/units.ts";
import { priceWholeLimit, reckon } from "../../src/fees/whole-limit.ts";
import { exactOffer, offerOf } from "../../src/pending/offer.ts";
import { createWorld, person } from "../fixtures/world.ts";

const world = createWorld();
const [alice, bob] = [person("alice").id, person("bob").id];

/** Up to a bound, and about as often small, large, or next to a power of two. */
const upTo = (max: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.nat({ max: Math.floor(Math.log2(max)) }), fc.integer({ min: -2, max: 2 }), fc.nat())
    .map(([power, step, noise]) => {
      const value = 2 ** power + (noise % 3 === 0 ? noise % 2 ** power : step);
      return Math.max(0, Math.min(max, value));
    });
const amountTo = (max: number): fc.Arbitrary<ReturnType<typeof toAmount>> =>
  upTo(max).map((value) => toAmount(BigInt(value)));

/** Any that `findEconomicProblems` lets pass, and blocks of any size. */
const parameters: fc.Arbitrary<ChainParameters> = fc
  .record({
    baseReward: amountTo(2_048_000_000),
    emissionPerSecond: amountTo(Number.MAX_SAFE_INTEGER),
    halvingMs: upTo(2 ** 40).map((value) => value + 1),
    resourcePrice: amountTo(1_000_000_000),
    bytePrice: amountTo(1_000_000),
    judgingUnits: upTo(2 ** 45).map((value) => toResource(value + 5_000)),
    creationFee: amountTo(1_000_000_000),
    invokeBaseFeeMin: amountTo(1_000_000_000),
    judgedBaseFeeMin: amountTo(1_000_000_000),
    invokeDifficulty: upTo(10 ** 14).map(toDifficulty),
    burnBasisPoints: fc.integer({ min: 4_000, max: 10_000 }),
    blockBytesMax: upTo(2 ** 32),
    blockUnitsMax: upTo(2 ** 40).map(toResource),
    blockResourceMax: upTo(2 ** 40).map(toResource),
  })
  .map((some) => ({ ...world.genesis.parameters, ...some }));

const chains = fc.oneof(fc.constant(world.genesis.parameters), parameters);

const envelope = fc.record({
  author: fc.constant(alice),
  nonce: fc.nat({ max: 2 }).map(toNonce),
  resourceLimit: fc.oneof(upTo(20_000_000), upTo(Number.MAX_SAFE_INTEGER)).map(toResource),
  feeLimit: fc.oneof(amountTo(2 ** 34), amountTo(Number.MAX_SAFE_INTEGER)),
  expiry: fc.constant(toSequence(9)),
  tip: fc.option(fc.oneof(amountTo(100_000), amountTo(Number.MAX_SAFE_INTEGER)), {
    nil: undefined,
  }),
});
const cosigners = fc.array(fc.nat({ max: 1 }), { maxLength: 2 });
const offered: fc.Arbitrary<Offered> = fc
  .tuple(fc.boolean(), envelope, cosigners, upTo(4_194_304))
  .map(([isCall, shared, nonces, bytes]) => {
    const body: ProofBody = isCall
      ? {
          ...shared,
          type: "invoke",
          calls: [{ intent: new Uint8Array(32) as never, arguments: [] }],
          cosigners: nonces.map((nonce) => ({ account: bob, nonce: toNonce(nonce) })),
        }
      : { ...shared, type: "theorem", script: new Uint8Array(nonces.length) };
    return { body, bytes };
  });

/** Result of an action, or the message of its error. */
function outcomeOf<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    return String(error);
  }
}

const RUNS = { numRuns: process.env["AETHEL_SLOW"] === "1" ? 100_000 : 3_000 };

test("the least fee limit in plain numbers is that of the formulas, to the micro-token", () => {
  const baseFees = fc.record({ invoke: amountTo(2 ** 40), judged: amountTo(2 ** 40) });
  fc.assert(
    fc.property(chains, offered, baseFees, (chain, of, fees) => {
      const exact = outcomeOf(() => exactFeeLimit(of, chain, fees));

      expect(outcomeOf(() => leastFeeLimit(of, chain, fees))).toEqual(exact);
    }),
    RUNS,
  );
});

test("an offer in plain numbers is that of the formulas, also at the edge of what is covered", () => {
  const load = fc.record({
    program: fc.constant(toDigest(new Uint8Array(32))),
    units: upTo(2 ** 24),
  });
  const loads = fc.array(load, { maxLength: 3 });
  const besides = fc.record({ loads, newCosigners: fc.nat({ max: 3 }) });
  const edge = fc.integer({ min: -2, max: 2 }).map(BigInt);
  fc.assert(
    fc.property(chains, offered, besides, fc.option(edge), (chain, of, beside, step) => {
      const free = { invoke: toAmount(0n), judged: toAmount(0n) };
      const least = outcomeOf(() => exactFeeLimit(of, chain, free));
      const isEdge = step !== null && typeof least === "bigint" && least > 2n;
      const feeLimit = isEdge && least < 2n ** 60n ? toAmount(least + step) : of.body.feeLimit;
      const one: Offered = { ...of, body: { ...of.body, feeLimit } };

      expect(outcomeOf(() => offerOf(reckon(one, chain), chain, beside))).toEqual(
        outcomeOf(() => exactOffer(one, chain, beside)),
      );
    }),
    RUNS,
  );
});

test("the default chain needs no bigints for what a block has room for", () => {
  const room = fc.record({
    lane: fc.constantFrom("invoke" as const, "judged" as const),
    bytes: fc.nat({ max: 4_194_304 }),
    units: fc.nat({ max: 6_000_000 }),
    judging: fc.nat({ max: 20_000_000 }),
  });
  fc.assert(
    fc.property(room, fc.nat({ max: 20_000_000 }), (taken, limit) => {
      expect(priceWholeLimit(taken, limit, world.genesis.parameters)).toBeDefined();
    }),
  );
});
