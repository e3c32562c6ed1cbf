import { toAmount, toValidatorIndex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CertifiedReward,
  DEFAULT_ECONOMICS,
  type DividedReward,
  RewardsError,
  type RewardsFault,
  shareReward,
} from "../src/index.ts";
import { certifiedRewards, parameters, powers, signersOf, sum } from "./arbitraries.ts";

const flat = { ...DEFAULT_ECONOMICS, proposerBonusBasisPoints: 1_000 };

describe("shares of a reward", () => {
  test("P3: shares, bonus and what stays unminted add up to the reward, to the micro-token", () => {
    fc.assert(
      fc.property(certifiedRewards, parameters, (certified, economics) => {
        const { shares, bonus, minted, unminted } = shareReward(certified, economics);
        const paid = sum(shares.map(({ amount }) => amount)) + bonus;
        expect(paid).toBe(minted);
        expect(paid + unminted).toBe(certified.reward);
        expect(unminted >= 0n).toBe(true);
        expect(shares.map(({ index }) => index)).toEqual(
          certified.signers.map(({ index }) => index),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test("P3: leaving any vote out raises nobody's share, nor the bonus", () => {
    fc.assert(
      fc.property(certifiedRewards, parameters, fc.nat(), (certified, economics, dropped) => {
        const at = dropped % certified.signers.length;
        const signers = certified.signers.filter((_, position) => position !== at);
        const power = sum(signers.map((signer) => signer.power));
        fc.pre(3n * power > 2n * certified.totalPower);
        const all = shareReward(certified, economics);
        const fewer = shareReward({ ...certified, signers }, economics);
        expect(fewer.bonus <= all.bonus).toBe(true);
        expect(fewer.minted <= all.minted).toBe(true);
        expect(incomes(fewer)).toEqual(incomes(all).filter((_, position) => position !== at));
      }),
      { numRuns: 1_000 },
    );
  });

  test("P3: votes of the convicted pay nobody, neither them nor the proposer, and take from nobody", () => {
    fc.assert(
      fc.property(certifiedRewards, parameters, fc.nat(), (certified, economics, drawn) => {
        const at = drawn % certified.signers.length;
        const signers = certified.signers.map((signer, position) =>
          position === at ? { ...signer, isConvicted: true as const } : signer,
        );
        const all = shareReward(certified, economics);
        const divided = shareReward({ ...certified, signers }, economics);
        expect(incomes(divided)[at]).toBe(0n);
        expect(without(incomes(divided), at)).toEqual(without(incomes(all), at));
        expect(divided.minted + divided.unminted).toBe(certified.reward);
        const rest = without(certified.signers, at);
        const isQuorum = 3n * sum(rest.map(({ power }) => power)) > 2n * certified.totalPower;
        // Without its vote nobody gets more, and with it nobody either.
        const bonus = isQuorum
          ? shareReward({ ...certified, signers: rest }, economics).bonus
          : toAmount(0n);
        expect(divided.bonus).toBe(bonus);
      }),
      { numRuns: 500 },
    );
  });

  test("P3: who is not in the certificate gets nothing, and equal powers get equal shares", () => {
    const signers = signersOf([25n, 25n, 25n, 25n]).slice(0, 3);
    const divided = shareReward({ reward: toAmount(1_000n), signers, totalPower: 100n }, flat);

    expect(divided).toEqual({
      shares: [0, 1, 2].map((index) => ({ index, amount: 225n })),
      bonus: 26n,
      minted: 701n,
      unminted: 299n,
    });
  });

  test("a full certificate mints all but remainders, and the whole bonus fund goes to its proposer", () => {
    fc.assert(
      fc.property(
        powers,
        fc.bigInt({ min: 0n, max: 2n ** 60n }),
        parameters,
        (set, reward, economics) => {
          const certified = {
            reward: toAmount(reward),
            signers: signersOf(set),
            totalPower: sum(set),
          };
          const { bonus, unminted } = shareReward(certified, economics);
          expect(bonus).toBe((reward * BigInt(economics.proposerBonusBasisPoints)) / 10_000n);
          expect(unminted < BigInt(set.length)).toBe(true);
        },
      ),
    );
  });

  test("one validator alone gets the whole reward", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 60n }), parameters, (power, economics) => {
        const certified = {
          reward: toAmount(12_345n),
          signers: signersOf([power]),
          totalPower: power,
        };
        expect(shareReward(certified, economics).minted).toBe(12_345n);
      }),
    );
  });

  test("P27: a stake split over many identities earns no more than in one", () => {
    fc.assert(
      fc.property(
        certifiedRewards,
        parameters,
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.nat(),
        (certified, economics, cuts, chosen) => {
          const at = chosen % certified.signers.length;
          const whole = certified.signers[at]?.power ?? 0n;
          const parts = split(whole, cuts);
          const before = certified.signers.slice(0, at);
          const after = certified.signers.slice(at + 1);
          const signers = [
            ...before.map(({ power }) => power),
            ...parts,
            ...after.map(({ power }) => power),
          ].map((power, index) => ({ index: toValidatorIndex(index), power }));
          const one = shareReward(certified, economics);
          const many = shareReward({ ...certified, signers }, economics);
          const splitIncome = sum(incomes(many).slice(at, at + parts.length));
          expect(splitIncome <= (incomes(one)[at] ?? 0n)).toBe(true);
          expect(many.bonus).toBe(one.bonus);
          expect(incomes(many).slice(at + parts.length)).toEqual(incomes(one).slice(at + 1));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("B10: a list that is no certificate is refused, with the reason", () => {
    const [a, b, c, d] = signersOf([25n, 25n, 25n, 25n]);
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error();
    const reward = toAmount(1_000n);
    const refused = (certified: Omit<CertifiedReward, "reward">): RewardsFault["code"] =>
      faultOf(() => shareReward({ reward, ...certified }, flat)).code;

    expect(refused({ signers: [a, b], totalPower: 100n })).toBe("QUORUM");
    expect(refused({ signers: [], totalPower: 100n })).toBe("QUORUM");
    expect(refused({ signers: [], totalPower: 0n })).toBe("QUORUM");
    expect(refused({ signers: [a, b, b], totalPower: 100n })).toBe("SIGNERS");
    expect(refused({ signers: [b, a, c], totalPower: 100n })).toBe("SIGNERS");
    expect(refused({ signers: [a, b, c, d], totalPower: 99n })).toBe("SIGNERS");
    expect(refused({ signers: [{ ...a, power: 0n }, b, c, d], totalPower: 75n })).toBe("SIGNERS");
    expect(refused({ signers: [{ ...a, power: -1n }, b, c, d], totalPower: 74n })).toBe("SIGNERS");
  });

  test("exactly two thirds is not a quorum", () => {
    const signers = signersOf([1n, 1n]);
    const reward = toAmount(9n);

    expect(faultOf(() => shareReward({ reward, signers, totalPower: 3n }, flat))).toEqual({
      code: "QUORUM",
      included: 2n,
      total: 3n,
    });
  });
});

function incomes({ shares }: DividedReward): readonly bigint[] {
  return shares.map(({ amount }) => amount);
}

/** Cuts `whole` into positive parts that add up to it. */
function split(whole: bigint, cuts: readonly number[]): readonly bigint[] {
  const parts: bigint[] = [];
  let left = whole;
  for (const cut of cuts) {
    if (left < 2n) break;
    const part = 1n + (BigInt(cut) % (left - 1n));
    parts.push(part);
    left -= part;
  }
  return [...parts, left];
}

function faultOf(action: () => unknown): RewardsFault {
  try {
    action();
  } catch (error) {
    if (error instanceof RewardsError) return error.fault;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function without<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, position) => position !== at);
}
