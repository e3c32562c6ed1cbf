import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AttackName, attacks, fallOf, seedsOf } from "./attacks/all-attacks.ts";
import { mutants } from "./mutants/all-mutants.ts";
import { loadMutant } from "./mutants/load-mutant.ts";
import type { Mutant } from "./mutants/mutant.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
/** Step by which mutants are attacked in the normal run, each by the generator that finds it soonest. */
const STRIDE = isSlow ? 1 : 6;

const SEEDS: Readonly<Record<AttackName, number>> = {
  formulas: 2_000,
  laws: 2_000,
  lemmas: 6_000,
  certificates: 15_000,
  terms: 6_000,
  pinned: 0,
};

const names = Object.keys(attacks) as AttackName[];
const wrong = mutants.filter(({ finder }) => typeof finder === "string");
const equivalents = mutants.filter(({ finder }) => typeof finder !== "string");

function titleOf({ file, name }: Mutant): string {
  return `${file}: ${name}`;
}

describe("unsound mutants of the kernel", () => {
  test("each is a change of a text that stands once in the kernel", () => {
    const missing = mutants.filter(({ file, from }) => {
      const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
      return source.split(from).length !== 2;
    });

    expect(missing.map(titleOf)).toEqual([]);
    expect(new Set(mutants.map(titleOf)).size).toBe(mutants.length);
    expect(wrong.length).toBeGreaterThan(100);
  });

  test.for(wrong.filter((_, at) => at % STRIDE === 0).map((one) => [titleOf(one), one] as const))(
    "%s: is found",
    { timeout: 600_000 },
    async ([, mutant]) => {
      const checker = await loadMutant([mutant]);
      const first = names.filter((name) => name === mutant.finder);

      const fall = first
        .map((name) => fallOf(checker, name, seedsOf(name, SEEDS[name])))
        .find((one) => one !== undefined);

      expect(fall).toBeDefined();
    },
  );
});

describe.runIf(isSlow)("equivalent mutants of the kernel", () => {
  test.for(equivalents.map((one) => [titleOf(one), one] as const))(
    "%s: is not found",
    { timeout: 1_200_000 },
    async ([, mutant]) => {
      const checker = await loadMutant([mutant]);

      const falls = names.map((name) => fallOf(checker, name, seedsOf(name, 1_000)));

      expect(falls.filter((fall) => fall !== undefined)).toEqual([]);
    },
  );
});
