import { beforeAll, describe, expect, test } from "vitest";
import type { JudgePayload } from "../../src/judgement.ts";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import { type Allowance, allowanceOf } from "../../src/z3/fuel/gauge.ts";
import { FUEL_BASE, FUEL_PER_UNIT } from "../../src/z3/fuel/limits.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { scripts } from "../growth/claims.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Each burns more than what the solver does between two looks at its fuel. */
const payloads: readonly (readonly [string, JudgePayload])[] = [
  [
    "a theorem",
    {
      type: "theorem",
      script: bytes(
        "(declare-const x Int)(declare-const y Int)(assert (= (* x y) (+ (* x x) 7)))(assert (> x 2))(check-sat)",
      ),
    },
  ],
  [
    "a source",
    {
      type: "publish",
      source: bytes(`intent split(signer from: Account, a: Account, b: Account, n: Amount) {
        guard { n > 0; from.balance >= 2 * n; from != a; from != b; }
        effect { from.balance -= 2 * n; a.balance += n; b.balance += n; }
        verify { a != b => a.balance == old(a.balance) + n; }
      }`),
    },
  ],
];
const limit = 1_000_000;

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe.each(payloads)("fuel of %s", (_, payload) => {
  test("is its own, whatever the payload before it left", () => {
    const sure = judgePayload(z3, payload, limit);
    const burnt = z3.gauge.burnt();
    expect(sure).toMatchObject({ type: "judged", verdict: expect.stringMatching(/valid|refuted/) });

    z3.gauge.fill({ base: 0, perUnit: 0, unitsMax: 0 });
    expect(judgePayload(z3, payload, limit)).toEqual(sure);
    expect(z3.gauge.burnt()).toBe(burnt);
    expect(burnt).toBeGreaterThan(2 ** 20);
  });

  test("is that of its limit, filled once", () => {
    const filled: (Allowance | undefined)[] = [];
    const fill = (allowance?: Allowance): void => {
      filled.push(allowance);
      z3.gauge.fill(allowance);
    };
    judgePayload({ ...z3, gauge: { ...z3.gauge, fill } }, payload, limit);

    expect(filled).toEqual([allowanceOf(limit)]);
  });

  test("ends it where it runs out: unknown, as at any limit", () => {
    const fill = (): void => z3.gauge.fill({ base: 0, perUnit: 0, unitsMax: 0 });

    expect(judgePayload({ ...z3, gauge: { ...z3.gauge, fill } }, payload, limit)).toMatchObject({
      type: "judged",
      verdict: "unknown",
      resource: limit,
      reason: expect.stringContaining("resource limit"),
    });
  });
});

test("what Z3 hardly counts ends by the fuel of its limit, within one look at it", () => {
  const script = bytes(scripts["sorts of pairs of pairs"] ?? "");
  const units = 1_000;
  const judgement = judgePayload(z3, { type: "theorem", script }, units);

  expect(judgement).toMatchObject({
    verdict: "unknown",
    resource: units,
    reason: "resource limit",
  });
  expect(z3.gauge.burnt()).toBeGreaterThan(FUEL_BASE);
  expect(z3.gauge.burnt()).toBeLessThan(FUEL_BASE + FUEL_PER_UNIT * units + 2 ** 21);
});
