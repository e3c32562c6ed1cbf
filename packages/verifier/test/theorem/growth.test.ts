import { describe, expect, test } from "vitest";
import { complaint, refusal } from "./screening.ts";

const check = (declarations: string, ...assertions: readonly string[]): string =>
  `${declarations}${assertions.map((assertion) => `(assert ${assertion})`).join("")}(check-sat)`;
const steps = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const integers = (count: number, sort = "Int"): string =>
  steps(count)
    .map((at) => `(declare-const x${at} ${sort})`)
    .join("");
/** `let` within `let`: each value is made of the one before. */
const tower = (
  count: number,
  value: (inner: string) => string,
  end: (last: string) => string,
): string =>
  steps(count).reduceRight(
    (body, at) => `(let ((v${at} ${value(at === 0 ? "x0" : `v${at - 1}`)})) ${body})`,
    end(`v${count - 1}`),
  );
/** Equations: each constant is made of the one before. */
const chain = (count: number, value: (inner: string) => string): readonly string[] =>
  steps(count).map((at) => `(= x${at + 1} ${value(`x${at}`)})`);

const square = (inner: string): string => `(* ${inner} ${inner})`;
const modulo = (inner: string): string => `(mod (* ${inner} ${inner}) 1000003)`;
const distributed = (inner: string): string => `(* (+ ${inner} x1) (+ ${inner} x2))`;
const replaced = (inner: string): string => `(str.replace_all ${inner} "a" "aa")`;

describe("what grows beyond measure when it is simplified is refused", () => {
  test.each([
    [
      "squares in a tower of lets",
      check(
        integers(1),
        tower(9, square, (v) => `(= ${v} 3)`),
      ),
    ],
    [
      "squares of reals",
      check(
        integers(1, "Real"),
        tower(9, square, (v) => `(= ${v} 3.0)`),
      ),
    ],
    ["squares in a chain of equations", check(integers(10), ...chain(9, square), "(= x9 3)")],
    [
      "squares in a chain of equations that stand backwards",
      check(integers(10), "(= x9 3)", ...chain(9, square).toReversed()),
    ],
    [
      "squares in one conjunction",
      check(integers(10), `(and ${chain(9, square).join(" ")})`, "(= x9 3)"),
    ],
    [
      "squares by a defined function",
      check(
        `${integers(1)}(define-fun s ((n Int)) Int (* n n))`,
        `(= 3 ${"(s ".repeat(9)}x0${")".repeat(9)})`,
      ),
    ],
    [
      "squares below a modulus",
      check(
        integers(1),
        tower(9, modulo, (v) => `(= ${v} 3)`),
      ),
    ],
    [
      "products of sums in a tower",
      check(
        integers(3),
        tower(9, distributed, (v) => `(= ${v} 3)`),
      ),
    ],
    [
      "a product of two long sums",
      check(
        integers(152),
        `(= 7 (* (+ ${steps(152)
          .map((at) => `x${at}`)
          .join(" ")}) (+ ${steps(152)
          .map((at) => `x${at}`)
          .join(" ")})))`,
      ),
    ],
    [
      "a product of three sums",
      check(
        integers(38),
        `(= 7 (* ${steps(3)
          .map(
            () =>
              `(+ ${steps(38)
                .map((at) => `x${at}`)
                .join(" ")})`,
          )
          .join(" ")}))`,
      ),
    ],
    [
      "replacements that double a string",
      check("", `(= "x" ${steps(20).reduce((inner) => replaced(inner), '"aa"')})`),
    ],
    [
      "replacements in a tower of lets",
      check(
        '(define-const x0 String "aa")',
        tower(20, replaced, (v) => `(= ${v} "")`),
      ),
    ],
    [
      "joined strings that double",
      check(
        '(define-const x0 String "0123456789")',
        tower(
          20,
          (v) => `(str.++ ${v} ${v})`,
          (v) => `(= ${v} "")`,
        ),
      ),
    ],
    [
      "loops of loops",
      check("", `(str.in_re "" ((_ re.loop 1 60000) ((_ re.loop 1 60000) (str.to_re "ab"))))`),
    ],
    [
      "a power of a power",
      check("", `(str.in_re "" ((_ re.^ 60000) ((_ re.^ 60000) (str.to_re "ab"))))`),
    ],
    [
      "moduli in each other",
      check(
        integers(1),
        `(= 1 ${steps(80).reduce((inner) => `(mod (+ 1 ${inner}) ${"7".repeat(4000)})`, "x0")})`,
      ),
    ],
    [
      "many long numerals",
      check(integers(1), ...steps(40).map((at) => `(< x0 ${at + 1}${"3".repeat(4000)})`)),
    ],
    [
      "fractions with long denominators",
      check(
        integers(1, "Real"),
        `(< x0 (+ ${steps(60)
          .map((at) => `(/ 1.0 ${at + 1}${"3".repeat(3000)}.0)`)
          .join(" ")}))`,
      ),
    ],
    [
      "products of wide bit vectors",
      check("(declare-const a (_ BitVec 4096))", "(= a (bvmul a (bvmul a a)))"),
    ],
    [
      "a quotient of wide bit vectors",
      check("(declare-const a (_ BitVec 4096))", "(= a (bvudiv a (bvnot a)))"),
    ],
    [
      "many products of bit vectors",
      check(
        "(declare-const x0 (_ BitVec 256))",
        tower(
          200,
          (v) => `(bvmul ${v} (bvadd ${v} x0))`,
          (v) => `(= ${v} x0)`,
        ),
      ),
    ],
    [
      "wide shifts, over and over",
      check(
        "(declare-const x0 (_ BitVec 65536))",
        tower(
          20,
          (v) => `(bvshl ${v} (bvadd ${v} x0))`,
          (v) => `(= ${v} x0)`,
        ),
      ),
    ],
  ])("%s", (_, script) => {
    expect(refusal(script), complaint(script)).toBe("growth");
  });

  test.each([
    [
      "interest over ten years",
      check(integers(12), ...steps(10).map((at) => `(= x${at + 1} (* x${at} x11))`)),
    ],
    [
      "a constant that equals itself, squared",
      check(integers(2), "(= x0 (* x0 x0))", "(= x1 (* x0 x1))"),
    ],
    [
      "constants that define each other",
      check(integers(2), "(= x0 (* x1 x1))", "(= x1 (* x0 x0))"),
    ],
    ["a polynomial of degree sixteen", check(integers(1), `(= 0 (* ${"x0 ".repeat(16)}))`)],
    [
      "a product of two sums",
      check(
        integers(20),
        `(= 7 (* (+ ${steps(20)
          .map((at) => `x${at}`)
          .join(" ")}) (+ x0 x1)))`,
      ),
    ],
    [
      "a product of 64 bits",
      check("(declare-const a (_ BitVec 64))", "(= a (bvmul a (bvudiv a a)))"),
    ],
    ["a sum of ten thousand", check(integers(1), `(= 7 (+ ${"x0 ".repeat(10_000)}))`)],
  ])("%s is not", (_, script) => {
    expect(refusal(script), complaint(script)).toBe("accepted");
  });

  test("the place is that of the term", () => {
    const script = check(integers(10), "(= x9 3)", ...chain(9, square));
    const place = complaint(script);

    expect(place).toMatch(
      /^line 1, column [0-9]+: this product has degree 32 when it is written out; at most 16 is allowed$/,
    );
  });
});
