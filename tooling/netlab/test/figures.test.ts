import fc from "fast-check";
import { expect, test } from "vitest";
import { percentilesOf } from "../src/report/figures.ts";
import { resultTable } from "../src/report/table.ts";
import { everywhere, split } from "../src/wires/conditions.ts";
import { filterRules } from "../src/wires/filter.ts";
import { hostOf } from "../src/wires/host.ts";

test("percentiles are values of which at least so many are not greater", () => {
  const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(times, (values) => {
      const { count = 0, p50 = -1, p99 = -1 } = percentilesOf(values) ?? {};
      expect(count).toBe(values.length);
      for (const [value, share] of [
        [p50, 0.5],
        [p99, 0.99],
      ] as const) {
        expect(values).toContain(value);
        expect(values.filter((each) => each <= value).length).toBeGreaterThanOrEqual(share * count);
        expect(values.filter((each) => each < value).length).toBeLessThan(share * count);
      }
    }),
  );
  expect(percentilesOf([])).toBeUndefined();
});

test("a split cuts exactly the links between its groups, and keeps the other conditions", () => {
  const { between } = split(everywhere({ delayMs: 7 }), [[1, 2], [3]]);
  const pairs = [1, 2, 3, 4].flatMap((from) => [1, 2, 3, 4].map((to) => [from, to] as const));
  const cut = pairs.filter(([from, to]) => between(from, to).cut === true);
  expect(cut).toEqual([
    [1, 3],
    [2, 3],
    [3, 1],
    [3, 2],
  ]);
  expect(pairs.every(([from, to]) => between(from, to).delayMs === 7)).toBe(true);
});

test("filter rules name the links that are cut or lossy, in their direction only", () => {
  const hosts = [hostOf(1), hostOf(2)];
  const rules = filterRules(hosts, {
    between: (from) => (from === 1 ? { lossShare: 0.05 } : { cut: true }),
  });
  const own = rules.split("\n").filter((line) => line.includes("drop"));
  expect(own.map((line) => line.trim())).toEqual([
    'iifname "link-1" ip daddr { 51.2.0.0/16, 51.102.0.0/16 } numgen random mod 1000000 < 50000 counter drop',
    'iifname "link-2" ip daddr { 51.1.0.0/16, 51.101.0.0/16 } counter drop',
  ]);
});

test("the table has a row for each case, and says what was not reached", () => {
  const shared = { name: "a", title: "b", validators: 4, observers: 3 };
  const table = resultTable([
    { ...shared, outcome: { type: "failed", reason: "no block" } },
    {
      ...shared,
      outcome: {
        type: "done",
        relayLateMsMax: 3.4,
        figures: {
          load: {
            finality: { count: 2, p50: 1_234, p99: 2_000 },
            sent: 3,
            unfinished: 1,
            bytesPerProof: 12_345.6,
          },
          durations: [
            { name: "healing", ms: 500 },
            { name: "joining", ms: undefined },
          ],
          faults: ["a fork"],
        },
      },
    },
  ]);
  expect(table.split("\n").slice(2)).toEqual([
    "| a: b | 4 + 3 |  |  |  |  |  | failed: no block |",
    "| a: b | 4 + 3 | 1.23 s, 2.00 s | 2 of 3 | 12,346 | healing: 0.50 s; joining: not within the bound | 3 ms | a fork |",
  ]);
});
