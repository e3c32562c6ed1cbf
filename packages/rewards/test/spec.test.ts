import * as spec from "@aethel/fees-page";
import { toAmount, toDifficulty, toResource, toValidatorIndex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allOf,
  blockReward,
  chargeOf,
  convictedShare,
  correlatedTotal,
  difficultyOfExecution,
  type EconomicParameters,
  emissionCap,
  emissionCapMost,
  judgedUnits,
  type Lane,
  laneShare,
  minimumBurn,
  nextBaseFee,
  scheduledSupply,
  shareOfBlock,
  shareReward,
  slash,
  takeHeldStake,
  useOf,
  weightOf,
} from "../src/index.ts";
import { certifiedRewards, difficulties, parameters } from "./arbitraries.ts";

const limits = fc.record({
  blockBytesMax: fc.integer({ min: 2_097_152, max: 8_000_000 }),
  blockUnitsMax: fc.integer({ min: 4_000_000, max: 20_000_000 }).map(toResource),
  blockResourceMax: fc.integer({ min: 1_000_000, max: 400_000_000 }).map(toResource),
  stateGrowthMax: fc.integer({ min: 2_097_152, max: 9_000_000 }),
});
const chains = fc.record({ economics: parameters, limits });
const ages = fc.oneof(fc.nat({ max: 500_000 }), fc.nat({ max: 2 ** 40 }));
const lanes: fc.Arbitrary<Lane> = fc.constantFrom("invoke", "judged");
const prices = fc.bigInt({ min: 0n, max: 2n ** 40n });

/** The parameters as the page's implementation takes them: bigints. */
function asSpec(chain: {
  readonly economics: EconomicParameters;
  readonly limits: typeof limits extends fc.Arbitrary<infer L> ? L : never;
}): spec.Parameters {
  const { solverTheoremsMint: _, ...numbers } = { ...chain.economics, ...chain.limits };
  const entries = Object.entries(numbers).map(([name, value]) => [name, BigInt(value)] as const);
  return Object.fromEntries(entries) as spec.Parameters;
}

describe("an implementation that was written from the page gets every number", () => {
  test("of the emission: caps and the schedule", () => {
    fc.assert(
      fc.property(chains, ages, fc.nat({ max: 200_000 }), (chain, fromMs, lasts) => {
        const untilMs = fromMs + lasts;
        const [p, from, until] = [asSpec(chain), BigInt(fromMs), BigInt(untilMs)];
        expect(emissionCap({ fromMs, untilMs }, chain.economics)).toBe(spec.cap(from, until, p));
        expect(emissionCapMost(fromMs, chain.economics)).toBe(spec.highestCap(from, p));
        expect(scheduledSupply(untilMs, chain.economics)).toBe(spec.schedule(until, p));
      }),
      { numRuns: 2_000 },
    );
  });

  test("of rewards: shares and bonus, with convicted signers among them", () => {
    fc.assert(
      fc.property(
        chains,
        certifiedRewards,
        ages,
        fc.nat({ max: 90_000 }),
        difficulties,
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (chain, { signers, totalPower }, fromMs, lasts, totalDifficulty, dice) => {
          const { economics } = chain;
          const minted = toAmount(scheduledSupply(fromMs, economics) / 2n);
          const span = { fromMs, untilMs: fromMs + lasts };
          const reward = blockReward({ span, totalDifficulty, minted }, economics);
          const marked = signers.map(({ index, power }, at) =>
            dice[at] === true
              ? { index: toValidatorIndex(index), power, isConvicted: true as const }
              : { index: toValidatorIndex(index), power },
          );
          const divided = shareReward({ reward, signers: marked, totalPower }, economics);
          const expected = spec.reward(
            {
              from: BigInt(fromMs),
              until: BigInt(span.untilMs),
              difficulty: BigInt(totalDifficulty),
              minted,
              total: totalPower,
              signers: signers.map(({ power }, at) => ({ power, convicted: dice[at] === true })),
            },
            asSpec(chain),
          );
          expect(reward).toBe(expected.reward);
          expect(divided.shares.map(({ amount }) => amount)).toEqual(expected.shares);
          expect(divided.bonus).toBe(expected.bonus);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("of fees: weight, charge, what is burned, the tip", () => {
    fc.assert(
      fc.property(
        chains,
        lanes,
        fc.record({
          bytes: fc.nat({ max: 2_000_000 }),
          units: fc.nat({ max: 9_000_000 }),
          judging: fc.nat({ max: 40_000_000 }),
        }),
        fc.oneof(fc.constant(0), fc.nat({ max: 100_000_000 })),
        fc.record({ fromMs: ages, lasts: fc.nat({ max: 90_000 }), baseFee: prices, tip: prices }),
        fc.record({ entries: fc.nat({ max: 40 }), kept: fc.nat({ max: 2_000_000 }) }),
        (chain, lane, room, difficulty, { fromMs, lasts, baseFee, tip }, { entries, kept }) => {
          const { economics } = chain;
          const p = asSpec(chain);
          const judging = lane === "judged" ? room.judging : 0;
          const taken = { ...room, judging };
          const resource =
            lane === "judged"
              ? judgedUnits(toResource(room.units + judging), economics)
              : toResource(room.units);
          const weight = weightOf(taken, laneShare(lane, chain.limits));
          const untilMs = fromMs + lasts;
          const cap = emissionCap({ fromMs, untilMs }, economics);
          const minting = { difficulty: toDifficulty(difficulty), cap };
          const charged = chargeOf(
            {
              work: { resource, bytes: room.bytes, ...minting },
              weight,
              baseFee: toAmount(baseFee),
              tip,
              growth: { entries, bytes: kept },
            },
            economics,
          );
          const given: spec.Taken = {
            lane,
            bytes: BigInt(room.bytes),
            execution: BigInt(room.units),
            judging: BigInt(judging),
          };
          expect(weight).toBe(spec.weight(given, p));
          expect(charged).toMatchObject(
            spec.charge(
              {
                taken: given,
                from: BigInt(fromMs),
                until: BigInt(untilMs),
                difficulty: BigInt(difficulty),
                baseFee,
                tip,
                entries: BigInt(entries),
                kept: BigInt(kept),
              },
              p,
            ),
          );
          // What the page promises: never under the base fee, nor under the least burn.
          expect(charged.burned >= minimumBurn(minting, economics)).toBe(true);
          expect(charged.rest >= 0n).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test("of slashes: the first part, shares of the power, what a sum of them demands, where it is taken", () => {
    const stakes = fc.bigInt({ min: 0n, max: 2n ** 50n });
    const powers = fc.bigInt({ min: 1n, max: 2n ** 60n });
    fc.assert(
      fc.property(
        chains,
        fc.constantFrom("double-vote", "hidden-lock", "double-proposal", "invalid-verification"),
        fc.record({ bonded: stakes, unbonding: fc.array(stakes, { maxLength: 4 }), owed: stakes }),
        fc.array(fc.record({ power: powers, total: powers }), { minLength: 1, maxLength: 5 }),
        ({ economics }, kind, { bonded, unbonding, owed }, shown) => {
          const isFalse = kind === "invalid-verification";
          const { slashVerificationBasisPoints, slashDoubleSignBasisPoints } = economics;
          const points = isFalse ? slashVerificationBasisPoints : slashDoubleSignBasisPoints;
          const held = { bonded: toAmount(bonded), unbonding: unbonding.map(toAmount) };
          const stake = allOf(held);
          const first = slash({ stake, kind }, economics).toTreasury;
          expect(first).toBe(spec.firstSlash(stake, BigInt(points)));

          const shares = shown.map(({ power, total: totalPower }) =>
            convictedShare({ power, totalPower }),
          );
          expect(shares).toEqual(shown.map(({ power, total }) => spec.shareOf(power, total)));
          const convicted = shares.reduce((sum, share) => sum + share, 0n);
          const demanded = correlatedTotal({ stake, convicted });
          const whole = demanded > first ? demanded : first;
          expect(whole).toBe(spec.raisedTo(first, stake, convicted));

          const after = takeHeldStake(held, toAmount(owed));
          expect([after.bonded, after.unbonding]).toEqual(spec.taken(bonded, unbonding, owed));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("of the use of a lane, of what a block had for its proofs", () => {
    const sums = fc.record({
      bytes: fc.nat({ max: 9_000_000 }),
      units: fc.nat({ max: 20_000_000 }),
      judging: fc.nat({ max: 400_000_000 }),
      growth: fc.nat({ max: 9_000_000 }),
    });
    fc.assert(
      fc.property(chains, lanes, sums, fc.nat({ max: 30_000_000 }), (chain, lane, sum, opened) => {
        const { blockBytesMax, blockUnitsMax, blockResourceMax, stateGrowthMax } = chain.limits;
        const units = Math.max(blockUnitsMax - opened, Math.floor(blockUnitsMax / 2));
        const block = { bytes: blockBytesMax, units, judging: blockResourceMax };
        const share = shareOfBlock(lane, { ...block, growth: stateGrowthMax });
        const given = {
          lane,
          bytes: BigInt(sum.bytes),
          execution: BigInt(sum.units),
          judging: BigInt(sum.judging),
          growth: BigInt(sum.growth),
          opened: BigInt(opened),
        };
        expect(useOf(sum, share)).toBe(spec.use(given, asSpec(chain)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("of the base fee from block to block, and of the difficulty of a run", () => {
    fc.assert(
      fc.property(
        chains,
        prices,
        fc.bigInt({ min: 0n, max: 3n * 10n ** 9n }),
        fc.nat(),
        (chain, baseFee, used, run) => {
          const floor = chain.economics.invokeBaseFeeMin;
          expect(nextBaseFee({ baseFee: toAmount(baseFee), used, floor })).toBe(
            spec.baseFeeAfter(baseFee, used, floor),
          );
          expect(BigInt(difficultyOfExecution(toResource(run), chain.economics))).toBe(
            spec.difficultyOfRun(BigInt(run), asSpec(chain)),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
