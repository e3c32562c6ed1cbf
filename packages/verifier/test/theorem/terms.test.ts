import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { RESOURCE_LIMIT_DEFAULT } from "../../src/index.ts";
import { toObligation } from "../../src/theorem/translation/to-obligation.ts";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { bitMeanings } from "./bit-meanings.ts";
import { screen } from "./screening.ts";

let instance: SolverInstance;
beforeAll(async () => {
  instance = await createSolverInstance();
});

/** Verdict and trust of a script. */
function judged(script: string): string {
  const payload = { type: "theorem", script: new TextEncoder().encode(script) } as const;
  const judgement = judgePayload(instance, payload, RESOURCE_LIMIT_DEFAULT);
  if (judgement.type === "rejected") return judgement.diagnostics[0]?.message ?? "rejected";
  return [judgement.verdict, ...(judgement.trust === undefined ? [] : [judgement.trust])].join(" ");
}

const claim = (facts: readonly string[]): string =>
  `(assert (not (and ${facts.join(" ")})))(check-sat)`;
const literal = (value: number, width: number): string =>
  `#b${value.toString(2).padStart(width, "0")}`;
const shown = (value: number | boolean, width: number): string =>
  typeof value === "boolean" ? String(value) : literal(value, width);

describe("Z3 and the kernel agree with the standard on bit vectors", () => {
  const widths = [1, 3];

  test.each([...bitMeanings])("%s", (name, meaning) => {
    for (const width of widths) {
      const values = Array.from({ length: 2 ** width }, (_, value) => value);
      const facts = values.flatMap((left) =>
        values.map((right) => {
          const result = shown(meaning(left, right, width), width);
          return `(= (${name} ${literal(left, width)} ${literal(right, width)}) ${result})`;
        }),
      );

      expect(judged(claim(facts)), `width ${width}`).toBe("valid certified");
    }
  });

  test("operators of one operand and with indices", () => {
    const facts = [
      "(= (bvnot #b0110) #b1001)",
      "(= (bvneg #b0110) #b1010)",
      "(= (bvneg #b1000) #b1000)",
      "(bvnego #b1000)",
      "(not (bvnego #b1001))",
      "(= (bvcomp #b01 #b01) #b1)",
      "(= (bvcomp #b01 #b11) #b0)",
      "(= (concat #b01 #b1 #b000) #b011000)",
      "(= ((_ extract 3 1) #b10110) #b011)",
      "(= ((_ zero_extend 2) #b10) #b0010)",
      "(= ((_ zero_extend 0) #b10) #b10)",
      "(= ((_ sign_extend 3) #b10) #b11110)",
      "(= ((_ sign_extend 3) #b01) #b00001)",
      "(= ((_ rotate_left 1) #b10010) #b00101)",
      "(= ((_ rotate_left 7) #b10010) #b01010)",
      "(= ((_ rotate_right 1) #b10010) #b01001)",
      "(= ((_ rotate_right 5) #b10010) #b10010)",
      "(= ((_ repeat 3) #b10) #b101010)",
      "(= ((_ repeat 1) #b10) #b10)",
      "(= (bvadd #b01 #b01 #b01) #b11)",
      "(= (bvand #b11 #b10 #b01) #b00)",
    ];

    for (const fact of facts) {
      expect(judged(claim([fact])), fact).toBe("valid certified");
    }
  });

  test("signed operators at every width that a random pair has", () => {
    const signed = ["bvsdiv", "bvsrem", "bvsmod", "bvsmulo", "bvsaddo", "bvssubo", "bvashr"];
    fc.assert(
      fc.property(
        fc.constantFrom(...signed),
        fc.integer({ min: 2, max: 9 }),
        fc.nat({ max: 511 }),
        fc.nat({ max: 511 }),
        (name, width, a, b) => {
          const [left, right] = [a % 2 ** width, b % 2 ** width];
          const result = shown(bitMeanings.get(name)?.(left, right, width) ?? 0, width);
          const fact = `(= (${name} ${literal(left, width)} ${literal(right, width)}) ${result})`;
          expect(judged(claim([fact]))).toBe("valid certified");
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("Z3 and the kernel agree with the standard on numbers", () => {
  test.each([
    "(= (div 7 2) 3)",
    "(= (div (- 7) 2) (- 4))",
    "(= (div 7 (- 2)) (- 3))",
    "(= (div (- 7) (- 2)) 4)",
    "(= (mod (- 7) 2) 1)",
    "(= (mod 7 (- 2)) 1)",
    "(= (abs (- 5)) 5 (abs 5))",
    "((_ divisible 3) 9)",
    "(not ((_ divisible 3) 10))",
    "(= (to_int 2.5) 2)",
    "(= (to_int (- 2.5)) (- 3))",
    "(is_int 2.0)",
    "(not (is_int 2.5))",
    "(= (to_real 2) 2.0)",
    "(= (- 7 2 1) 4)",
    "(= (/ 7.0 2.0 2.0) 1.75)",
    "(=> true false false true)",
    "(not (=> true true false))",
    "(xor true true true)",
    "(distinct 1 2 3)",
    "(not (distinct 1 2 1))",
    "(< 1 2 3)",
    "(not (< 1 3 2))",
    "(>= 3 2 2)",
  ])("%s", (fact) => expect(judged(claim([fact]))).toBe("valid certified"));

  test.each([
    "(= (select (store a 1 2.0) 1) 2.0)",
    "(=> (not (= i 1)) (= (select (store a 1 2.0) i) (select a i)))",
    "(= (select ((as const (Array Int Real)) 2.0) i) 2.0)",
    "(=> (= u v) (= (f u i) (f v i)))",
    "(=> (= i 2) (= (ite (< i 3) u v) u))",
  ])("%s", (fact) => {
    const declarations = `(declare-sort U 0)(declare-const u U)(declare-const v U)(declare-const i Int)
      (declare-fun f (U Int) Bool)(declare-const a (Array Int Real))`;

    expect(judged(declarations + claim([fact]))).toBe("valid certified");
  });

  test.each(["(= (div 7 2) 4)", "(= (bvsdiv #b100 #b111) #b011)", "(= (- 7 2 1) 6)"])(
    "%s is false, and refuted",
    (fact) => expect(judged(claim([fact]))).toBe("refuted"),
  );
});

describe("the fragment", () => {
  const inside = (script: string): boolean => {
    const screening = screen(`${script}(check-sat)`);
    if (screening.type === "refused") throw new Error(screening.fault.message);
    return toObligation(screening.typed) !== undefined;
  };

  test.each([
    ["quantifiers", "(assert (forall ((x Int)) (= x x)))"],
    ["strings", '(assert (= "a" "b"))'],
    ["floats", "(assert (fp.isNaN (_ NaN 5 11)))"],
    ["datatypes", "(declare-datatype D ((c)))(declare-const d D)(assert (= d c))"],
    ["conversions between integers and bits", "(assert (= 1 (ubv_to_int #b1)))"],
    ["arrays of strings", "(declare-const a (Array Int String))(assert (= a a))"],
  ])("has no %s", (_, script) => expect(inside(script)).toBe(false));

  test("has sorts with parameters as sorts of their own", () => {
    const script =
      "(declare-sort P 1)(declare-const a (P Int))(declare-const b (P Bool))(assert (= a a))(assert (= b b))";

    expect(inside(script)).toBe(true);
    expect(judged(`${script}(assert (not (= a a)))(check-sat)`)).toBe("valid certified");
  });

  test("shares what the script shares: a tower of lets is as long as it is written", () => {
    const lets = Array.from({ length: 60 }, (_, at) => `(let ((v${at + 1} (xor v${at} v${at}))) `);
    const script = `(declare-const v0 Bool)(assert ${lets.join("")}v60${")".repeat(60)})(check-sat)`;

    expect(judged(script)).toBe("valid certified");
  });
});
