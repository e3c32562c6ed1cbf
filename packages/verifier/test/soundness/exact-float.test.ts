import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { floatFormatLeast } from "../../src/theorem/signatures/refused-operators.ts";
import { type FloatFormat, floatLiteral, floatOfBits, sameFloat } from "./exact-float.ts";
import { floatOperations } from "./exact-float-operations.ts";
import { comparedOperators, floatClaim } from "./float-claims.ts";
import { createRandom } from "./random-source.ts";
import { createSolverClient, type SolverClient } from "./solver-client.ts";

let client: SolverClient;
beforeAll(() => {
  client = createSolverClient({ limit: 1_000_000 });
});
afterAll(async () => await client[Symbol.asyncDispose]());

const half: FloatFormat = { exponentBits: 5, significandBits: 11 };
const formats: readonly FloatFormat[] = [
  floatFormatLeast,
  { exponentBits: 3, significandBits: 5 },
  { exponentBits: 4, significandBits: 7 },
  half,
  { exponentBits: 8, significandBits: 24 },
];
const admitted = comparedOperators.filter((name) => name !== "fp.rem" && name !== "fp.fma");
const rounds = process.env["AETHEL_SLOW"] === "1" ? 5_000 : 250;

describe("exact arithmetic", () => {
  test("every bit pattern of half precision is written as it is", () => {
    for (let bits = 0; bits < 2 ** 16; bits += 7) {
      const text = floatLiteral(floatOfBits(BigInt(bits), half), half);
      const fields = /^\(fp #b(\d) #b(\d+) #b(\d+)\)$/.exec(text);
      if (fields === null) expect(text).toMatch(/NaN|oo/);
      else expect(Number.parseInt(fields.slice(1).join(""), 2)).toBe(bits);
    }
  });

  test("doubles agree with this machine's: sums, products, quotients and roots", () => {
    const double: FloatFormat = { exponentBits: 11, significandBits: 53 };
    const view = new DataView(new ArrayBuffer(8));
    const bitsOf = (value: number): bigint => {
      view.setFloat64(0, value);
      return view.getBigUint64(0);
    };
    const random = createRandom(1);
    const draw = (): number => (random.below(2 ** 31) - 2 ** 30) * 2 ** (random.below(80) - 40);
    const context = { mode: "RNE", format: double } as const;
    const native: Readonly<Record<string, (left: number, right: number) => number>> = {
      "fp.add": (left, right) => left + right,
      "fp.sub": (left, right) => left - right,
      "fp.mul": (left, right) => left * right,
      "fp.div": (left, right) => left / right,
      "fp.sqrt": (left) => Math.sqrt(left),
    };
    for (let count = 0; count < 500; count++) {
      const [left, right] = [draw(), draw() / 3];
      for (const [name, compute] of Object.entries(native)) {
        const operands = [left, right].map((value) => floatOfBits(bitsOf(value), double));
        const ours = floatOperations[name]?.(operands, context);
        const theirs = floatOfBits(bitsOf(compute(left, right)), double);
        expect(ours !== undefined && sameFloat(ours, theirs), `${name} ${left} ${right}`).toBe(
          true,
        );
      }
    }
  });
});

describe("Z3 against exact arithmetic", () => {
  test("no admitted operation on floats is proved to have another value", async () => {
    const verdicts = new Map<string, number>();
    for (let index = 0; index < rounds; index++) {
      const random = createRandom(2_026, index);
      const claim = floatClaim(random.pick(admitted), random.pick(formats), random);
      if (claim === undefined) continue;
      const { verdict } = await client.ask(claim.script, { by: "solver" });
      expect(verdict, claim.script).not.toBe("valid");
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }

    expect(verdicts.get("refuted") ?? 0).toBeGreaterThan(rounds * 0.8);
  });

  test("the refused ones are found wrong, so that the comparison can fail", async () => {
    const small: FloatFormat = { exponentBits: 3, significandBits: 3 };
    let wrong = 0;
    for (let index = 0; index < 30; index++) {
      const claim = floatClaim("fp.fma", small, createRandom(5, index));
      const { verdict } = await client.ask(claim?.script ?? "", { by: "solver" });
      if (verdict === "valid") wrong++;
    }

    expect(wrong).toBeGreaterThan(0);
  });
});
