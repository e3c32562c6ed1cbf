import { equalBytes, ledgerHeader, toAmount, toHex } from "@aethel/models";
import { blockReward, shareReward } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, stateKey, supplyOf, TREASURY, ValidatorRecord } from "../src/index.ts";
import {
  accountOf,
  createWorld,
  doubleVote,
  skip,
  step,
  theorem,
  transfer,
} from "./fixtures/world.ts";

/** Blocks with some difficulty (0: none), each certified by all validators but one. */
const histories = fc.array(
  fc.record({
    difficulty: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 })),
    absent: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 9 },
);

const world = createWorld({ parameters: { emissionPerSecond: toAmount(600_000n) } });

/** All voters but one, if those are a quorum. */
function votersWithout(state: LedgerState, absent: number | undefined): readonly number[] {
  const { validators, totalPower } = state.previousSet;
  const some = validators.flatMap((_, at) => (at === absent ? [] : [at]));
  const power = some.reduce((sum, at) => sum + (validators[at]?.power ?? 0n), 0n);
  return power * 3n > totalPower * 2n ? some : validators.map((_, at) => at);
}

const rewardsOf = (state: LedgerState, id: Parameters<typeof stateKey.validator>[0]): bigint => {
  const bytes = state.tree.get(stateKey.validator(id));
  return bytes === undefined ? 0n : ValidatorRecord.decode(bytes).rewards;
};

describe("rewards over histories", () => {
  test("P35 P3: what the ledger tracks for each validator is what an independent account pays it", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const paid = new Map<string, bigint>();
        let [state, minted, nonce] = [world.state, 0n, 0];
        for (const { difficulty, absent } of history) {
          const voters = votersWithout(state, absent);
          const { header, previousSet, parameters, clock } = state;
          const claim = theorem(world, world.alice, `; valid ${difficulty} ${nonce}`, {
            nonce,
            feeLimit: 1_000_000n,
          });
          const done = step(world, state, { voters, proofs: difficulty === 0 ? [] : [claim] });
          nonce += difficulty === 0 ? 0 : 1;
          if (header.sequence > 0 && ledgerHeader(header).totalDifficulty > 0) {
            const { totalDifficulty } = ledgerHeader(header);
            const untilMs = header.timestamp - clock.genesis;
            const span = { fromMs: untilMs - parameters.minBlockIntervalMs, untilMs };
            const earned = { span, totalDifficulty, minted: toAmount(minted) };
            const reward = blockReward(earned, parameters);
            const signers = voters.map((at) => ({
              index: at as never,
              power: previousSet.validators[at]?.power ?? 0n,
            }));
            const { totalPower } = previousSet;
            const divided = shareReward({ reward, signers, totalPower }, parameters);
            const { proposer } = done.state.header;
            for (const { index, amount } of divided.shares) {
              const id = previousSet.validators[index]?.id;
              if (id !== undefined) add(paid, toHex(id), amount);
            }
            add(paid, toHex(proposer), divided.bonus);
            minted += divided.minted;
            expect(divided.minted + divided.unminted).toBe(reward);
          }
          state = done.state;
          for (const { id } of world.validators) {
            expect(rewardsOf(state, id)).toBe(paid.get(toHex(id)) ?? 0n);
            // Nobody of them spends anything here: all that they have, they earned.
            expect(accountOf(state, id).balance).toBe(rewardsOf(state, id));
          }
          expect(supplyOf(state.tree).minted).toBe(minted);
        }
      }),
      { numRuns: 120 },
    );
  });

  test("P27: a stake in several identities has the same power, and earns no more, block for block", () => {
    const parts = fc.array(fc.bigInt({ min: 1_000_000n, max: 12_000_000n }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 90_000 }), (stakes, difficulty) => {
        const whole = stakes.reduce((sum, stake) => sum + stake, 0n);
        const others = [50_000_000n, 30_000_000n, 20_000_000n];
        const incomes = [[whole], stakes].map((own) => {
          const of = createWorld({ stakes: [...own, ...others] });
          const claim = theorem(of, of.alice, `; valid ${difficulty}`, {
            nonce: 0,
            feeLimit: 1_000_000n,
          });
          const worked = step(of, of.state, { proofs: [claim] });
          const { state } = step(of, worked.state);
          const members = of.validators.slice(0, own.length);
          const power = members.reduce(
            (sum, { id }) =>
              sum + (state.votingSet.validators.find((one) => equalBytes(one.id, id))?.power ?? 0n),
            0n,
          );
          expect(power).toBe(whole);
          // The bonus is its proposer's, whoever that is: shares are what splitting could change.
          const isProposer = (id: Uint8Array): boolean => equalBytes(id, state.header.proposer);
          return members.reduce(
            (sum, { id }) => sum + (isProposer(id) ? 0n : rewardsOf(state, id)),
            members.some(({ id }) => isProposer(id)) ? -1n : 0n,
          );
        });
        const [one = 0n, many = 0n] = incomes;
        if (one >= 0n && many >= 0n) expect(many).toBeLessThanOrEqual(one);
      }),
      { numRuns: 100 },
    );
  });

  test("P16: whoever is convicted of signing twice loses exactly a fifth of the stake, nobody else anything", () => {
    const stakes = fc.array(fc.bigInt({ min: 1_000_000n, max: 2n ** 40n }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(stakes, fc.nat({ max: 4 }), (all, at) => {
        const of = createWorld({ stakes: all });
        const head = skip(of, of.state, 1);
        const accused = of.validators[at % all.length];
        if (accused === undefined) throw new Error("nobody");
        const about = { signer: accused.signer, accused, sequence: 1 };
        const { state } = step(of, head, { evidence: [doubleVote(of, about)] });
        of.validators.forEach((one, index) => {
          const stake = all[index] ?? 0n;
          const expected = one === accused ? stake - stake / 5n : stake;
          const bytes = state.tree.get(stateKey.validator(one.id));
          expect(bytes && ValidatorRecord.decode(bytes).stake).toBe(expected);
        });
        const lost = (all[at % all.length] ?? 0n) / 5n;
        expect(accountOf(state, TREASURY).balance).toBe(lost);
      }),
      { numRuns: 100 },
    );
  });

  test("P5: work that failed changes nothing but its author's nonce and money, the treasury and what is burned", () => {
    const kinds = fc.constantFrom("; refuted", "; unknown", "guard", "recorded");
    fc.assert(
      fc.property(kinds, fc.integer({ min: 20_000, max: 400_000 }), (kind, fee) => {
        const options = { nonce: 1, feeLimit: BigInt(fee) };
        const { alice, bob } = world;
        const known = theorem(world, alice, "; valid 5", { nonce: 0 });
        const before = step(world, world.state, { proofs: [known] });
        const proof =
          kind === "guard"
            ? transfer(world, alice, bob.id, { ...options, amount: 10n ** 15n })
            : theorem(world, alice, kind === "recorded" ? "; valid 5" : kind, options);
        // The parent's reward is paid in the same block: beside it, only the failed work.
        const quiet = step(world, before.state);
        const failed = step(world, before.state, { proofs: [proof] });
        expect(failed.results[0]?.outcome).not.toBe("applied");
        const allowed = [
          stateKey.account(alice.id),
          stateKey.account(TREASURY),
          stateKey.supply,
        ].map(toHex);
        const usual = new Map(quiet.transition.changes.map((one) => [toHex(one.key), one.after]));
        for (const { key, after } of failed.transition.changes) {
          if (allowed.includes(toHex(key))) continue;
          expect(usual.get(toHex(key))).toEqual(after);
        }
        const [receipt] = failed.receipts;
        const paid =
          accountOf(quiet.state, alice.id).balance - accountOf(failed.state, alice.id).balance;
        expect(paid).toBe(receipt?.fee);
        expect(accountOf(failed.state, alice.id).nonce).toBe(2);
        expect(ledgerHeader(failed.state.header).totalDifficulty).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("P17: under the minimum nobody is in the set, so their vote has no index to be counted at", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999n }), (rest) => {
        const of = createWorld({
          stakes: [40_000_000n, 30_000_000n, 20_000_000n, 1_000_000n + rest],
        });
        const state = skip(of, of.state, 1);
        expect(state.votingSet.validators).toHaveLength(4);
        expect(() =>
          createWorld({ stakes: [40_000_000n, 30_000_000n, 20_000_000n, rest] }),
        ).toThrow("GENESIS");
      }),
      { numRuns: 100 },
    );
  });
});

function add(paid: Map<string, bigint>, who: string, amount: bigint): void {
  paid.set(who, (paid.get(who) ?? 0n) + amount);
}
