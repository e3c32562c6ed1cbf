import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  floatFormatLeast,
  refusedOperators,
} from "../../src/theorem/signatures/refused-operators.ts";
import { falselyProved } from "./falsely-proved.ts";
import { claimOf } from "./historic/index.ts";
import { createSolverClient, type SolverClient } from "./solver-client.ts";

let client: SolverClient;
beforeAll(() => {
  client = createSolverClient({ limit: 3_000_000, patienceMilliseconds: 60_000 });
});
afterAll(async () => await client[Symbol.asyncDispose]());

describe("operators that the solver decides wrongly are refused by name (B38)", () => {
  test("each row says why, where it was reported, and how and when it was searched", () => {
    for (const row of refusedOperators) {
      expect(row.reason.length).toBeGreaterThan(20);
      expect(row.reports.length).toBeGreaterThan(0);
      expect(row.searched).toMatch(/^\d{4}-\d\d-\d\d: .{40,}/);
      expect([...falselyProved.keys()]).toContain(row.operator);
    }
  });

  test("plain Z3 still proves something false with each; when it does not, a row may go", async () => {
    for (const [operator, reports] of falselyProved) {
      expect(reports.length, operator).toBeGreaterThan(0);
      for (const report of reports) {
        const script = claimOf(report);
        expect(report.truth, operator).toBe("sat");
        expect((await client.ask(script, { by: "solver" })).verdict, script).toBe("valid");
        const { verdict, detail } = await client.ask(script);
        expect(verdict, script).toBe("rejected");
        expect(detail, script).toMatch(/refused|bits here|sort|unknown|declared/i);
      }
    }
  });

  test("formats of floats that Z3 folds wrongly are refused, the least admitted one is not", async () => {
    const { exponentBits, significandBits } = floatFormatLeast;
    const zero = (format: string): string => `(assert (fp.isNaN (_ +zero ${format})))(check-sat)`;
    const wrong = `(assert (= (fp.roundToIntegral RNE (fp #b0 #b00 #b10)) (_ +zero 2 3)))(check-sat)`;

    expect((await client.ask(wrong, { by: "solver" })).verdict).toBe("valid");
    expect((await client.ask(wrong)).verdict).toBe("rejected");
    const below = [
      `${exponentBits - 1} ${significandBits}`,
      `${exponentBits} ${significandBits - 1}`,
    ];
    for (const format of below) {
      expect((await client.ask(zero(format))).verdict, format).toBe("rejected");
      const named = `(declare-const f (_ FloatingPoint ${format}))(assert (fp.isNaN f))(check-sat)`;
      expect((await client.ask(named)).verdict, format).toBe("rejected");
    }
    expect((await client.ask(zero(`${exponentBits} ${significandBits}`))).verdict).toBe("valid");
  });
});
