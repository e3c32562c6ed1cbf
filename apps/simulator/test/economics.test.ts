import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { toAmount } from "@aethel/models";
import { DEFAULT_ECONOMICS, type EconomicParameters, scheduledSupply } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attackOutcomes, farmingGain } from "../src/economics/attacks.ts";
import { attackChart, farmingChart, supplyChart } from "../src/economics/charts.ts";
import { createEconomy, type Economy } from "../src/economics/economy.ts";
import { projectSupply } from "../src/economics/supply.ts";
import { validatorIncomes } from "../src/economics/validators.ts";
import { describeFailure } from "../src/output/failure.ts";
import { createProgram } from "../src/program.ts";

/** Any parameters that `findEconomicProblems` accepts, and chains of any size. */
const economies: fc.Arbitrary<Economy> = fc
  .record({
    validators: fc.integer({ min: 4, max: 60 }),
    stake: fc.integer({ min: 100_000, max: 500_000_000 }),
    proofs: fc.integer({ min: 1, max: 200 }),
    difficulty: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 30_000_000 })),
    baseReward: fc.oneof(fc.bigInt({ min: 0n, max: 40n }), fc.bigInt({ min: 0n, max: 10n ** 9n })),
    bonus: fc.oneof(fc.constant(1_000), fc.nat({ max: 1_000 })),
    burn: fc.integer({ min: 4_000, max: 10_000 }),
    cap: fc.bigInt({ min: 0n, max: 2n ** 40n }),
  })
  .map(({ validators, stake, proofs, difficulty, baseReward, bonus, burn, cap }) => {
    const parameters: EconomicParameters = {
      ...DEFAULT_ECONOMICS,
      baseReward: toAmount(baseReward),
      proposerBonusBasisPoints: bonus,
      burnBasisPoints: burn,
      emissionPerSecond: toAmount(cap),
    };
    const flags = { validators, stake, difficulty, proofs, interval: 1_000, genesis: stake };
    return createEconomy(flags, parameters);
  });
const CHARTED = [
  "censoring",
  "farming",
  "going offline",
  "lazy voting",
  "leaving votes out",
  "splitting stake",
];
const underAThird = fc.integer({ min: 1, max: 3_333 });
const flags = {
  validators: 100,
  stake: 10_000_000,
  difficulty: 5_000_000,
  proofs: 50,
  interval: 1_000,
};
const usual = createEconomy({ ...flags, genesis: 100_000_000 });

describe("what an attacker gains", () => {
  test("farming loses for every part of the stake under a third, at every difficulty", () => {
    const own = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 10 ** 9 }));
    fc.assert(
      fc.property(economies, underAThird, own, (economy, share, difficulty) => {
        expect(farmingGain(economy, share, difficulty)).toBeLessThan(0n);
      }),
      { numRuns: 2_000 },
    );
  });

  test("with half of the stake it would gain: the margin is real", () => {
    expect(farmingGain({ ...usual, difficulty: 0 as never }, 5_000, 1_000_000)).toBeGreaterThan(0n);
  });

  test("no strategy gains more than a micro-token of rounding for each share of each block", () => {
    fc.assert(
      fc.property(economies, underAThird, (economy, share) => {
        for (const { strategy, gainPerDay, slashed } of attackOutcomes(economy, share)) {
          const dust = strategy === "censoring" ? 3n * economy.blocksPerDay : 0n;
          expect(gainPerDay, strategy).toBeLessThanOrEqual(dust);
          expect(slashed).toBeGreaterThanOrEqual(0n);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("leaving votes out, being away and double signing cost something", () => {
    const outcomes = new Map(attackOutcomes(usual, 1_000).map((one) => [one.strategy, one]));
    expect(outcomes.get("leaving-votes-out")?.gainPerDay).toBeLessThan(0n);
    expect(outcomes.get("going-offline")?.gainPerDay).toBeLessThan(0n);
    // A tenth of ten million tokens; a fifth and a twentieth of it.
    expect(outcomes.get("double-signing")?.slashed).toBe(200_000n * 1_000_000n);
    expect(outcomes.get("lazy-voting")?.slashed).toBe(50_000n * 1_000_000n);
  });
});

describe("the charts", () => {
  test("farming is under zero for every part of the stake under a third, and above it with half", () => {
    fc.assert(
      fc.property(economies, (economy) => {
        fc.pre(economy.parameters.baseReward > 0n && economy.parameters.emissionPerSecond > 0n);
        const { lines, steps } = farmingChart(economy);
        const gains = lines[0]?.values ?? [];
        expect(gains).toHaveLength(steps.length);
        gains.forEach((gain, percent) => {
          if (3 * percent < 100) expect(gain).toBeLessThan(0);
        });
      }),
      { numRuns: 100 },
    );
    expect(farmingChart(usual).lines[0]?.values.at(-1)).toBeGreaterThan(0);
  });

  test("the supply begins at genesis and stays under what there can be", () => {
    fc.assert(
      fc.property(economies, fc.integer({ min: 1, max: 30 }), (economy, years) => {
        const { lines, steps } = supplyChart(economy, projectSupply(economy, years));
        const valuesOf = (name: string): readonly number[] =>
          lines.find((line) => line.name === name)?.values ?? [];
        const [most, supply] = [valuesOf("most there can be"), valuesOf("supply")];
        expect(steps).toHaveLength(years + 1);
        expect(supply[0]).toBe(Number(economy.genesis) / 1e12);
        supply.forEach((value, at) => {
          expect(value).toBeLessThanOrEqual(most[at] ?? Number.NaN);
        });
      }),
      { numRuns: 100 },
    );
  });

  test("the attack chart has each strategy of income, none of which gains a tenth of a token", () => {
    const { lines } = attackChart(usual);
    expect(lines.map(({ name }) => name).toSorted(compareText)).toEqual(CHARTED);
    for (const { name, values } of lines) {
      expect(values, name).toHaveLength(33);
      expect(Math.max(...values), name).toBeLessThan(0.0001);
    }
  });
});

describe("what validators earn", () => {
  test("more stake or more uptime never earns less, and being away earns nothing", () => {
    fc.assert(
      fc.property(economies, fc.integer({ min: 1, max: 3_000 }), (economy, share) => {
        const [less, more] = validatorIncomes(economy, [share, share + 300]);
        const own = less?.byUptime ?? [];
        expect(own.at(-1)).toBe(0n);
        own.forEach((income, at) => {
          expect(income).toBeGreaterThanOrEqual(own[at + 1] ?? 0n);
          expect(income).toBeLessThanOrEqual(more?.byUptime[at] ?? -1n);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe("the projected supply", () => {
  test("is genesis + minted - burned, and minted stays under the schedule", () => {
    fc.assert(
      fc.property(economies, fc.integer({ min: 1, max: 40 }), (economy, years) => {
        let before = { minted: 0n, scheduled: 0n };
        for (const { minted, burned, scheduled, supply, year } of projectSupply(economy, years)) {
          const ageMs = 86_400_000 * 365 * year;
          expect(scheduled).toBe(scheduledSupply(ageMs, economy.parameters));
          expect(minted).toBeLessThanOrEqual(scheduled);
          expect(minted).toBeGreaterThanOrEqual(before.minted);
          expect(supply).toBe(economy.genesis + minted - burned);
          before = { minted, scheduled };
        }
      }),
      { numRuns: 100 },
    );
  });

  test("at the assumed work the first year mints half of its schedule, 5 of 10 tokens a block", () => {
    const [first] = projectSupply(usual, 1);
    expect(first?.scheduled).toBe(315_360_000n * 1_000_000n);
    expect(first?.minted).toBe(157_680_000n * 1_000_000n);
  });
});

describe("aethel-sim economics", () => {
  test("prints tables and charts", async () => {
    const { code, text } = await simulate("economics --years 3 --shares 5,33");
    expect(code).toBe(0);
    for (const part of ["schedule at most", "95 %", "lazy-voting", "percent of the stake"]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/│ strategy +5 % +33 % │/);
    expect(text.match(/│ farming\b/g)).toHaveLength(1);
    expect(text.match(/│ lazy-voting\b/g)).toHaveLength(2);
  });

  test("fits a terminal of 80 columns", async () => {
    const { text } = await simulate("economics");
    const lines = text.split("\n").map((line) => line.trimEnd());
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test("says from which year on the supply shrinks, and when it never does", async () => {
    const full = await simulate("economics");
    const light = await simulate("economics --difficulty 1000000 --years 6");
    expect(full.text).toContain("From year 7 on more is burned than minted");
    expect(light.text).toContain("In every year more is minted than burned.");
  });

  test("prints numbers as JSON, and draws charts that stand alone", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "economics-"));
    try {
      const { text } = await simulate(`economics --json --years 2 --svg ${folder}`);
      const report = JSON.parse(text);
      expect(report.supply).toHaveLength(2);
      expect(BigInt(report.supply[1].minted)).toBeGreaterThan(0n);
      expect(report.attacks).toHaveLength(4 * 7);
      for (const name of ["supply.svg", "income.svg", "attacks.svg", "farming.svg"]) {
        const svg = readFileSync(path.join(folder, name), "utf8");
        expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
        expect(svg.trimEnd()).toMatch(/<\/svg>$/);
        // Each colour that is used has one for dark pages; names do not need colour at all.
        const [style = ""] = /<style>.*?<\/style>/s.exec(svg) ?? [];
        const colours = new Set(svg.replace(style, "").match(/"#[0-9a-f]{6}"/g));
        expect(colours.size).toBeGreaterThan(4);
        for (const colour of colours) expect(style).toContain(`[stroke=${colour}]{stroke:#`);
      }
      const attacks = readFileSync(path.join(folder, "attacks.svg"), "utf8");
      for (const name of CHARTED) expect(attacks).toContain(`>${name}<`);
      expect(existsSync(path.join(folder, "other.svg"))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("charts that cannot be written are an error that names the flag", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "economics-"));
    try {
      const file = path.join(folder, "file");
      writeFileSync(file, "");
      const failure = await simulate(`economics --years 1 --svg ${file}/a`).catch(describeFailure);
      expect("message" in failure && failure.message).toContain("--svg: ENOTDIR");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("what makes no economy is named", async () => {
    const failure = await simulate("economics --validators 3 --stake 10").catch(describeFailure);
    expect(failure).toMatchObject({ exitCode: 2 });
    expect("message" in failure && failure.message).toContain("--validators: at least 4");
    const shares = await simulate("economics --shares 95").catch(describeFailure);
    expect("message" in shares && shares.message).toContain("--shares");
  });
});

const compareText = (left: string, right: string): number => (left < right ? -1 : 1);

async function simulate(line: string): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  let code = -1;
  const program = createProgram({
    write: (text) => lines.push(text),
    finish: (exitCode) => {
      code = exitCode;
    },
  });
  await program.parseAsync(line.split(" "), { from: "user" });
  return { code, text: lines.join("\n") };
}
