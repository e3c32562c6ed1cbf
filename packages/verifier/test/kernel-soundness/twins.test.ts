import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AttackName, attacks, fallOf, seedsOf } from "./attacks/all-attacks.ts";
import { twins } from "./twins/all-twins.ts";
import { loadTwin } from "./twins/load-twin.ts";
import type { Twin } from "./twins/twin.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
/** In the normal run each so-many-th twin is attacked, and by the generator that finds it soonest. */
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
const wrong = twins.filter(({ finder }) => typeof finder === "string");
const harmless = twins.filter(({ finder }) => typeof finder !== "string");

function titleOf({ file, name }: Twin): string {
  return `${file}: ${name}`;
}

describe("twins of the kernel that are wrong in one place", () => {
  test("each is a change of a text that stands once in the kernel", () => {
    const missing = twins.filter(({ file, from }) => {
      const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
      return source.split(from).length !== 2;
    });

    expect(missing.map(titleOf)).toEqual([]);
    expect(new Set(twins.map(titleOf)).size).toBe(twins.length);
    expect(wrong.length).toBeGreaterThan(100);
  });

  test.for(wrong.filter((_, at) => at % STRIDE === 0).map((one) => [titleOf(one), one] as const))(
    "%s: is found",
    { timeout: 600_000 },
    async ([, twin]) => {
      const checker = await loadTwin([twin]);
      const first = names.filter((name) => name === twin.finder);

      const fall = first
        .map((name) => fallOf(checker, name, seedsOf(name, SEEDS[name])))
        .find((one) => one !== undefined);

      expect(fall).toBeDefined();
    },
  );
});

describe.runIf(isSlow)("twins that differ and are as sound", () => {
  test.for(harmless.map((one) => [titleOf(one), one] as const))(
    "%s: is not found",
    { timeout: 1_200_000 },
    async ([, twin]) => {
      const checker = await loadTwin([twin]);

      const falls = names.map((name) => fallOf(checker, name, seedsOf(name, 1_000)));

      expect(falls.filter((fall) => fall !== undefined)).toEqual([]);
    },
  );
});
