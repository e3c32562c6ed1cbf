import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sort, Term } from "../../src/term.ts";
import { draft, holds } from "./draft.ts";
import * as t from "./terms.ts";

const n = t.integer;
const [x, y, z] = ["x", "y", "z"].map((name) => t.symbol(name)) as [Term, Term, Term];
const [r, s] = ["r", "s"].map((name) => t.symbol(name, "real")) as [Term, Term];
const p = t.symbol("p", "boolean");
const uninterpreted: Sort = { type: "uninterpreted", name: "U" };

describe("atoms", () => {
  test("integers: coefficients are divided and the constant is rounded down", () => {
    // 2x >= 1 is x >= 1, and 2x <= 3 is x <= 1.
    expect(holds([t.less(n(0), t.multiply(n(2), x))], t.atMost(n(1), x))).toBe(true);
    expect(holds([t.atMost(t.multiply(n(2), x), n(3))], t.atMost(x, n(1)))).toBe(true);
    expect(holds([t.atMost(t.multiply(n(2), x), n(3))], t.atMost(x, n(0)))).toBe(false);
    expect(holds([t.atMost(t.multiply(n(2), x), n(-3))], t.atMost(x, n(-2)))).toBe(true);
    expect(holds([t.atMost(t.multiply(n(2), x), n(-3))], t.atMost(x, n(-3)))).toBe(false);
    expect(holds([t.equal(t.multiply(n(2), x), n(3))])).toBe(true);
    expect(holds([], t.not(t.equal(t.add(t.multiply(n(2), x), t.multiply(n(4), y)), n(3))))).toBe(
      true,
    );
    expect(holds([], t.not(t.equal(t.add(t.multiply(n(2), x), t.multiply(n(4), y)), n(2))))).toBe(
      false,
    );
  });

  test("reals are not rounded", () => {
    const double = t.multiply(t.rational(2), r);
    expect(holds([t.less(t.rational(0), double)], t.atMost(t.rational(1), r))).toBe(false);
    expect(holds([t.less(t.rational(0), double)], t.less(t.rational(0), r))).toBe(true);
    expect(holds([t.atMost(t.rational(0), r)], t.less(t.rational(0), r))).toBe(false);
    expect(holds([], t.not(t.equal(double, t.rational(3))))).toBe(false);
    expect(holds([t.less(double, t.rational(3))], t.less(r, t.rational(3, 2)))).toBe(true);
    expect(holds([t.less(double, t.rational(3))], t.less(r, t.rational(4, 3)))).toBe(false);
  });

  test("a real polynomial of integers alone is rounded, one of both is not", () => {
    const half = t.arithmetic("quotient", t.toReal(x), t.rational(2));
    // 0 < x/2 is 1 <= x.
    expect(holds([t.less(t.rational(0), half)], t.atMost(n(1), x))).toBe(true);
    expect(holds([t.less(t.rational(0), half)], t.atMost(n(2), x))).toBe(false);
    const mixed = t.add(t.toReal(x), r);
    expect(holds([t.less(t.rational(0), mixed)], t.atMost(t.rational(1), mixed))).toBe(false);
    expect(holds([t.less(t.rational(0), mixed)], t.less(t.rational(0), mixed))).toBe(true);
  });

  test("polynomials are compared as such", () => {
    const square = t.multiply(t.add(x, y), t.add(x, y));
    const expanded = t.add(t.multiply(x, x), t.multiply(n(2), x, y), t.multiply(y, y));
    expect(holds([], t.equal(square, expanded))).toBe(true);
    expect(holds([], t.equal(square, t.add(t.multiply(x, x), t.multiply(y, y))))).toBe(false);
    const third = t.rational(1, 3);
    expect(holds([], t.equal(t.add(third, t.rational(1, 6)), t.rational(1, 2)))).toBe(true);
    expect(holds([], t.equal(t.add(third, third), t.rational(1, 2)))).toBe(false);
    const scaled = t.multiply(t.add(r, third), t.rational(3, 5));
    expect(
      holds([], t.equal(scaled, t.add(t.multiply(r, t.rational(3, 5)), t.rational(1, 5)))),
    ).toBe(true);
  });

  test("every comparison with numbers means what it says", () => {
    const small = fc.integer({ min: -6, max: 6 });
    fc.assert(
      fc.property(small, small, small, fc.boolean(), (a, b, value, real) => {
        const unknown = real ? r : x;
        const number = (m: number): Term => (real ? t.rational(m) : n(m));
        const left = t.add(t.multiply(number(a), unknown), number(b));
        const given = [t.equal(unknown, number(value))];
        for (const compare of [t.less, t.atMost, t.equal]) {
          const test = { [t.less.name]: a * value + b < 1, [t.atMost.name]: a * value + b <= 1 };
          const isTrue = test[compare.name] ?? a * value + b === 1;
          const formula = compare(left, number(1));
          const claim = { assumptions: given, goal: isTrue ? formula : t.not(formula) };
          const proof = draft(claim);
          // Two bounds on the unknown, times |a|, against the formula.
          const bounds = [
            proof.atMost(unknown, number(value)),
            proof.atMost(number(value), unknown),
          ];
          const wrong = proof.literal(formula) ^ (isTrue ? 1 : 0);
          if (a !== 0 && compare !== t.equal && proof.problem.atoms[wrong >> 1] !== undefined) {
            const bound = a > 0 === isTrue ? 1 : 0;
            proof.lemma(
              [bounds[bound] ?? 0, wrong],
              [
                [[0], Math.abs(a)],
                [[1], 1],
              ],
            );
            proof.lemma(
              [bounds[1 - bound] ?? 0, wrong],
              [
                [[0], Math.abs(a)],
                [[1], 1],
              ],
            );
          }
          expect(holds(given, t.not(claim.goal))).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("the arithmetic lemma", () => {
  /** x < y, y < z, so x < z. */
  const chain = { assumptions: [t.less(x, y), t.less(y, z)], goal: t.less(x, z) };

  test("Farkas: a positive sum of hypotheses that is a negative number", () => {
    const proof = draft(chain);
    proof.lemma(
      [proof.less(x, y), proof.less(y, z), proof.atMost(z, x)],
      [
        [[0], 1],
        [[1], 1],
        [[2], 1],
      ],
    );
    expect(proof.certify().type).toBe("certified");
  });

  test("without one hypothesis, with another factor or twice the same, it is no contradiction", () => {
    const summands = [
      [
        [[0], 1],
        [[1], 1],
      ],
      [
        [[0], 1],
        [[1], 1],
        [[2], 2],
      ],
      [
        [[0], 1],
        [[0], 1],
        [[2], 1],
      ],
      [[[0], 1]],
    ] as const;
    for (const wrong of summands) {
      const proof = draft(chain);
      proof.lemma([proof.less(x, y), proof.less(y, z), proof.atMost(z, x)], wrong);
      expect(proof.certify()).toMatchObject({ type: "refused", step: 0 });
    }
  });

  test("a factor of 0 or less is refused", () => {
    const claim = { assumptions: [t.atMost(n(0), x)], goal: t.atMost(x, n(5)) };
    const proof = draft(claim);
    // x >= 6 and -1 times x >= 0 would be a contradiction.
    const minus = { ...proof.polynomial(n(-1)) };
    proof.lemma(
      [proof.atMost(n(6), x), proof.atMost(n(0), x)],
      [
        [[0], 1],
        [[1], minus],
      ],
    );
    expect(proof.certify()).toMatchObject({ type: "refused", step: 0 });
    const zero = draft(claim);
    zero.lemma([zero.atMost(n(6), x)], [[[0], 0]]);
    expect(zero.certify()).toMatchObject({ type: "refused", step: 0 });
  });

  test("strict hypotheses: 0 is a contradiction where all of a summand are strict", () => {
    const zero = t.rational(0);
    const strict = draft({ assumptions: [t.less(zero, r)], goal: t.not(t.atMost(r, zero)) });
    expect(strict.certify().type).toBe("certified");
    const product = draft({
      assumptions: [t.less(zero, r), t.less(zero, s)],
      goal: t.less(zero, t.multiply(r, s)),
    });
    product.lemma(
      [product.less(zero, r), product.less(zero, s), product.atMost(t.multiply(r, s), zero)],
      [
        [[0, 1], 1],
        [[2], 1],
      ],
    );
    expect(product.certify().type).toBe("certified");
    const wrong = draft({
      assumptions: [t.less(zero, r), t.atMost(zero, s)],
      goal: t.less(zero, t.multiply(r, s)),
    });
    wrong.lemma(
      [wrong.less(zero, r), wrong.atMost(zero, s), wrong.atMost(t.multiply(r, s), zero)],
      [
        [[0, 1], 1],
        [[2], 1],
      ],
    );
    expect(wrong.certify()).toMatchObject({ type: "refused", step: 0 });
  });

  test("products: monotonicity of multiplication", () => {
    const claim = {
      assumptions: [t.atMost(x, y), t.atMost(n(0), z)],
      goal: t.atMost(t.multiply(x, z), t.multiply(y, z)),
    };
    const proof = draft(claim);
    const wrong = proof.less(t.multiply(y, z), t.multiply(x, z));
    proof.lemma(
      [proof.atMost(x, y), proof.atMost(n(0), z), wrong],
      [
        [[0, 1], 1],
        [[2], 1],
      ],
    );
    expect(proof.certify().type).toBe("certified");
    const swapped = draft({ ...claim, assumptions: [t.atMost(x, y), t.atMost(z, n(0))] });
    const still = swapped.less(t.multiply(y, z), t.multiply(x, z));
    swapped.lemma(
      [swapped.atMost(x, y), swapped.atMost(z, n(0)), still],
      [
        [[0, 1], 1],
        [[2], 1],
      ],
    );
    expect(swapped.certify()).toMatchObject({ type: "refused", step: 0 });
  });

  test("an equation takes any polynomial as a factor, an inequality does not", () => {
    const goal = t.atMost(t.multiply(x, z), t.multiply(y, z));
    const equation = draft({ assumptions: [t.equal(x, y)], goal });
    const wrong = equation.less(t.multiply(y, z), t.multiply(x, z));
    const pair = [equation.atMost(x, y), equation.atMost(y, x)];
    const factor = equation.polynomial(z);
    equation.lemma(
      [...pair, wrong],
      [
        [[0], factor],
        [[2], 1],
      ],
    );
    expect(equation.certify().type).toBe("certified");
    for (const literals of [
      [pair[0] ?? 0, wrong],
      [pair[0] ?? 0, wrong, pair[1] ?? 0],
    ]) {
      const wrong = draft({ assumptions: [t.equal(x, y)], goal });
      wrong.atMost(x, y);
      wrong.lemma(literals, [
        [[0], factor],
        [[1], 1],
      ]);
      expect(wrong.certify()).toMatchObject({ type: "refused", step: 0 });
    }
  });

  test("a hypothesis that is no atom, or no literal at all, is refused", () => {
    for (const literal of [0, 1, 2, 1_000]) {
      const proof = draft({ assumptions: [p], goal: t.falsehood });
      proof.bytes.push(5, 1, literal & 127, 1, 2, 0, 1);
      expect(proof.certify()).toMatchObject({ type: "refused", step: 0 });
    }
  });

  test("a cut: a new atom between two bounds", () => {
    // 2x + 2y = 1 has no solution, and 1 <= 3x <= 2 has none either.
    const claim = {
      assumptions: [t.atMost(n(1), t.multiply(n(3), x)), t.atMost(t.multiply(n(3), x), n(2))],
      goal: t.falsehood,
    };
    expect(draft(claim).certify().type).toBe("certified");
    const parity = {
      assumptions: [t.equal(t.subtract(x, y), n(0)), t.equal(t.add(x, y), n(1))],
      goal: t.falsehood,
    };
    const proof = draft(parity);
    const [below, above] = [proof.atMost(x, n(0)), proof.atMost(n(1), x)];
    expect(below).toBe(above ^ 1);
    const difference = [proof.atMost(x, y), proof.atMost(y, x)];
    const sum = [proof.atMost(t.add(x, y), n(1)), proof.atMost(n(1), t.add(x, y))];
    proof.lemma(
      [below, difference[1] ?? 0, sum[1] ?? 0],
      [
        [[0], 2],
        [[1], 1],
        [[2], 1],
      ],
    );
    proof.lemma(
      [above, difference[0] ?? 0, sum[0] ?? 0],
      [
        [[0], 2],
        [[1], 1],
        [[2], 1],
      ],
    );
    expect(proof.certify().type).toBe("certified");
  });
});

describe("equality, functions and uninterpreted sorts", () => {
  const [a, b] = ["a", "b"].map((name) => t.symbol(name, uninterpreted)) as [Term, Term];
  const f = (operand: Term): Term => t.apply("f", uninterpreted, operand);

  test("congruence: equal operands, equal results", () => {
    const proof = draft({ assumptions: [t.equal(a, b)], goal: t.equal(f(a), f(b)) });
    proof.congruence(proof.node(f(a)), proof.node(f(b)));
    expect(proof.certify().type).toBe("certified");
  });

  test("congruence of a node with itself says nothing", () => {
    const proof = draft({ assumptions: [], goal: t.equal(f(a), f(b)) });
    proof.congruence(proof.node(f(a)), proof.node(f(a)));
    expect(proof.certify().type).toBe("refused");
  });

  test("congruence the other way round, or of two functions, is refused", () => {
    const inverse = draft({ assumptions: [t.equal(f(a), f(b))], goal: t.equal(a, b) });
    inverse.congruence(inverse.node(f(a)), inverse.node(f(b)));
    expect(inverse.certify().type).toBe("refused");
    const g = t.apply("g", uninterpreted, b);
    const two = draft({ assumptions: [t.equal(a, b)], goal: t.equal(f(a), g) });
    two.bytes.push(2, two.node(f(a)), two.node(g));
    expect(two.certify()).toMatchObject({ type: "refused", step: 0 });
  });

  test("operands of every sort take part", () => {
    const operands: readonly (readonly [Term, Term, readonly Term[]])[] = [
      [p, t.symbol("q", "boolean"), [p, t.symbol("q", "boolean")]],
      [
        t.symbol("v", t.bitsOf(3)),
        t.bits(5, 3),
        [t.equal(t.symbol("v", t.bitsOf(3)), t.bits(5, 3))],
      ],
      [r, s, [t.equal(r, s)]],
    ];
    for (const [left, right, given] of operands) {
      const g = (operand: Term): Term => t.apply("g", "boolean", operand);
      for (const assumptions of [given, given.slice(1)]) {
        const proof = draft({ assumptions, goal: t.equal(g(left), g(right)) });
        proof.congruence(proof.node(g(left)), proof.node(g(right)));
        expect(proof.certify().type).toBe(assumptions === given ? "certified" : "refused");
      }
    }
  });
});

describe("arrays", () => {
  const sort = t.arrayOf("integer", "integer");
  const [a, b] = ["a", "b"].map((name) => t.symbol(name, sort)) as [Term, Term];

  test("read over write, at once", () => {
    const stored = t.store(t.store(a, x, n(1)), y, n(2));
    expect(holds([], t.equal(t.select(stored, y), n(2)))).toBe(true);
    expect(holds([t.not(t.equal(x, y))], t.equal(t.select(stored, x), n(1)))).toBe(true);
    expect(holds([], t.equal(t.select(stored, x), n(1)))).toBe(false);
    expect(holds([t.equal(x, y)], t.equal(t.select(stored, x), n(1)))).toBe(false);
    expect(holds([], t.equal(t.select(t.store(a, n(1), x), n(2)), t.select(a, n(2))))).toBe(true);
    expect(holds([], t.equal(t.select(t.store(a, n(1), x), n(1)), t.select(a, n(1))))).toBe(false);
  });

  test("a constant array has its value everywhere, an if is read in both branches", () => {
    expect(holds([], t.equal(t.select(t.constantArray("integer", n(7)), x), n(7)))).toBe(true);
    const either = t.choose(p, t.constantArray("integer", n(7)), t.constantArray("integer", n(8)));
    expect(holds([], t.equal(t.select(either, x), t.choose(p, n(7), n(8))))).toBe(true);
    expect(holds([], t.equal(t.select(either, x), t.choose(p, n(8), n(7))))).toBe(false);
  });

  test("equal arrays have equal elements, where the certificate says", () => {
    const claim = { assumptions: [t.equal(t.store(a, x, y), b)], goal: t.equal(t.select(b, x), y) };
    expect(draft(claim).certify().type).toBe("refused");
    const proof = draft(claim);
    proof.read(proof.node(t.store(a, x, y)), proof.node(b), proof.node(x));
    expect(proof.certify().type).toBe("certified");
    const wrong = draft({ ...claim, goal: t.equal(t.select(b, y), y) });
    wrong.read(wrong.node(t.store(a, x, y)), wrong.node(b), wrong.node(x));
    expect(wrong.certify().type).toBe("refused");
  });

  test("extensionality: arrays that agree at the fresh index are equal", () => {
    const set = t.symbol("set", t.arrayOf("integer", "boolean"));
    const put = (array: Term, index: Term): Term => t.store(array, index, t.truth);
    const [one, other] = [put(put(set, x), y), put(put(set, y), x)];
    const proof = draft({ assumptions: [], goal: t.equal(one, other) });
    proof.extensionality(proof.node(one), proof.node(other));
    const { nodes, literals } = proof.problem;
    const fresh = nodes.findIndex(({ operator }) => operator === "fresh");
    const find = (operator: string, operand: Term): number =>
      literals[
        nodes.findIndex(
          (node) =>
            node.operator === operator &&
            node.operands.join() === `${proof.node(operand)},${fresh}`,
        )
      ] ?? -1;
    const [atX, atY, element] = [find("equal", x), find("equal", y), find("select", set)];
    for (const clause of [[atX, atY, element], [atX, atY], [atX]]) proof.clause(clause);
    expect(proof.certify()).toMatchObject({ type: "certified" });
    const wrong = draft({ assumptions: [], goal: t.equal(t.store(a, x, y), a) });
    wrong.extensionality(wrong.node(t.store(a, x, y)), wrong.node(a));
    expect(wrong.certify().type).toBe("refused");
  });

  test("extensionality of equal arrays says nothing", () => {
    const proof = draft({ assumptions: [t.equal(a, b)], goal: t.falsehood });
    proof.extensionality(proof.node(a), proof.node(b));
    const fresh = proof.problem.nodes.findIndex(({ operator }) => operator === "fresh");
    proof.read(proof.node(a), proof.node(b), fresh);
    expect(proof.certify()).toMatchObject({ type: "refused", step: 2 });
  });

  test("constant arrays of two sorts are two functions", () => {
    const [one, other] = [t.constantArray("integer", x), t.constantArray("real", x)];
    const claim = { assumptions: [t.equal(one, one), t.equal(other, other)], goal: t.falsehood };
    const proof = draft(claim);
    const nodes = proof.problem.nodes.flatMap(({ operator }, at) =>
      operator === "constant-array" ? [at] : [],
    );
    expect(nodes).toHaveLength(2);
    proof.bytes.push(2, ...nodes);
    expect(proof.certify()).toMatchObject({
      type: "refused",
      reason: "congruence of two signatures",
    });
  });

  test("arrays of two sorts, and what is no array, are refused", () => {
    const other = t.symbol("c", t.arrayOf("integer", "real"));
    const claim = {
      assumptions: [t.equal(a, b), t.equal(other, other), t.less(x, y)],
      goal: t.falsehood,
    };
    const first = draft(claim);
    for (const [left, right] of [
      [first.node(a), first.node(other)],
      [first.node(x), first.node(x)],
      [first.node(a), first.node(x)],
    ] as const) {
      const read = draft(claim);
      read.bytes.push(3, left, right, first.node(x));
      expect(read.certify()).toMatchObject({ type: "refused", step: 0 });
      const extensional = draft(claim);
      extensional.bytes.push(4, left, right);
      expect(extensional.certify()).toMatchObject({ type: "refused", step: 0 });
    }
    const index = draft(claim);
    index.bytes.push(3, first.node(a), first.node(b), first.node(a));
    expect(index.certify()).toMatchObject({ type: "refused", step: 0 });
  });
});
