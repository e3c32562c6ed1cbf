import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certify, kernelLimits, type Limits } from "../../src/kernel/index.ts";
import type { Term } from "../../src/term.ts";
import { certifyBytes, draft, encodePolynomial, natural } from "./draft.ts";
import * as t from "./terms.ts";

const n = t.integer;
const [x, y, z] = ["x", "y", "z"].map((name) => t.symbol(name)) as [Term, Term, Term];
const chain = { assumptions: [t.less(x, y), t.less(y, z)], goal: t.less(x, z) };

function chainProof(): Uint8Array {
  const proof = draft(chain);
  proof.lemma(
    [proof.less(x, y), proof.less(y, z), proof.atMost(z, x)],
    [
      [[0], 1],
      [[1], 1],
      [[2], 1],
    ],
  );
  return Uint8Array.from(proof.bytes);
}

describe("bytes", () => {
  const trivial = { assumptions: [t.less(x, y)], goal: t.less(x, y) };

  test("a certificate without steps is right where the clauses contradict each other", () => {
    expect(certify(trivial, Uint8Array.from([1])).type).toBe("certified");
    expect(certify(chain, Uint8Array.from([1])).type).toBe("refused");
  });

  test("no byte, another version, bytes after the end, an unknown step are refused", () => {
    for (const bytes of [[], [0], [2], [129, 0], [1, 0], [1, 1], [1, 6, 1, 0]]) {
      expect(certify(trivial, Uint8Array.from(bytes)).type).toBe("refused");
    }
    expect(certifyBytes(chain, 0)).toMatchObject({ type: "refused", step: 0 });
    expect(certifyBytes(chain, 7)).toMatchObject({ type: "refused", step: 0 });
  });

  test("a certificate that ends early or has one byte more is refused", () => {
    const proof = chainProof();
    expect(certify(chain, proof).type).toBe("certified");
    for (let length = 0; length < proof.length; length++) {
      expect(certify(chain, proof.slice(0, length)).type).toBe("refused");
    }
    expect(certify(chain, Uint8Array.from([...proof, 0]))).toMatchObject({
      type: "refused",
      reason: "bytes after the contradiction",
    });
  });

  test("no other bytes say the same: every certificate is read in one way", () => {
    // Numbers with leading zeros, polynomials out of order, twice the same monomial, coefficient 0.
    const proof = chainProof();
    const padded = [...proof.slice(0, 3), (proof[3] ?? 0) | 128, 0, ...proof.slice(4)];
    expect(certify(chain, Uint8Array.from(padded)).type).toBe("refused");
    for (const polynomial of [
      [2, 1, 1, 2, 1, 0, 2],
      [2, 1, 0, 2, 1, 0, 2],
      [2, 1, 0, 2, 0, 2],
      [1, 1, 0, 0],
      [0],
      [1, 1, 3, 2],
      [1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    ]) {
      expect(certifyBytes(chain, 1, 0, ...polynomial)).toMatchObject({ type: "refused", step: 0 });
    }
    expect(certifyBytes(chain, 1, 2, 1, 1, 0, 2)).toMatchObject({ type: "refused", step: 0 });
    // The first atom step is right, so it is the end that is missing.
    expect(certifyBytes(chain, 1, 0, 2, 0, 2, 1, 0, 2)).toMatchObject({ step: 1 });
  });

  test("a positive number as a polynomial, and hypotheses that descend, are refused", () => {
    const one = encodePolynomial({ monomials: [""], coefficients: [1n], denominator: 1n });
    const proof = draft({ assumptions: [t.less(x, y)], goal: t.atMost(x, y) });
    const literals = [proof.less(x, y), proof.less(y, x)];
    const lemma = (...summands: readonly number[]): string => {
      const answer = certifyBytes(
        { assumptions: [t.less(x, y), t.less(y, x)], goal: t.falsehood },
        5,
        2,
        ...literals.flatMap(natural),
        ...summands,
      );
      return answer.type === "refused" ? answer.reason : answer.type;
    };
    expect(lemma(2, 2, 0, 1, 2, 1, 1)).toBe("certified");
    expect(lemma(2, 2, 0, 1, 3, 1, ...one)).toBe("a factor that is not written as it must be");
    expect(lemma(2, 2, 0, 0, 2, 1, 1)).toBe("a factor that is not written as it must be");
    expect(lemma(1, 4, 1, 0, 1)).toBe("hypotheses that descend");
    expect(lemma(1, 0, 1)).toBe("a summand without hypotheses");
    expect(lemma(2, 2, 0, 1, 2, 2, 1)).toBe("a number beyond its range");
  });

  test("any bytes get an answer, and none certifies what is false", () => {
    const claim = {
      assumptions: [t.less(x, y), t.equal(t.apply("f", "integer", x), z)],
      goal: t.less(y, x),
    };
    const start = fc.constantFrom<readonly number[]>([1], [1, 1, 0], [1, 2], [1, 5, 2], [1, 6, 1]);
    fc.assert(
      fc.property(
        start,
        fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 60 }),
        (head, tail) => {
          expect(certify(claim, Uint8Array.from([...head, ...tail])).type).not.toBe("certified");
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("clauses", () => {
  test("no clause has a constant, a literal twice, or a literal and its negation", () => {
    const [a, b] = ["a", "b"].map((name) => t.symbol(name, "boolean")) as [Term, Term];
    const formulas = [t.or(a, t.not(a), b), t.and(a, a, b), t.or(a, t.falsehood), t.equal(a, a)];
    const { clauses } = draft({ assumptions: formulas, goal: t.choose(a, t.truth, b) }).problem;
    for (const clause of clauses) {
      expect(new Set(clause.map((literal) => literal >> 1)).size).toBe(clause.length);
      expect(Math.min(...clause)).toBeGreaterThan(1);
    }
  });

  const [p, q] = ["p", "q"].map((name) => t.symbol(name, "boolean")) as [Term, Term];
  const all = [t.or(p, q), t.or(p, t.not(q)), t.or(t.not(p), q), t.or(t.not(p), t.not(q))];

  test("what propagation shows is a clause, and what it does not show is none", () => {
    const proof = draft({ assumptions: all, goal: t.falsehood });
    expect(proof.certify().type).toBe("refused");
    proof.clause([proof.literal(p)]);
    expect(proof.certify().type).toBe("certified");
    const wrong = draft({ assumptions: all.slice(1), goal: t.falsehood });
    wrong.clause([wrong.literal(p)]);
    expect(wrong.certify()).toMatchObject({ type: "refused", step: 0 });
  });

  test("what a clause assumed does not stay", () => {
    const claim = { assumptions: [t.or(p, q)], goal: t.falsehood };
    const proof = draft(claim);
    const [a, b] = [proof.literal(p), proof.literal(q)];
    proof.clause([a, b]);
    proof.clause([b, a]);
    proof.clause([a, a ^ 1]);
    expect(proof.certify()).toMatchObject({ type: "refused", step: 3 });
  });
});

describe("limits", () => {
  const limited = (limits: Partial<Limits>, claim = chain, bytes = chainProof()): unknown =>
    certify(claim, bytes, { ...kernelLimits, ...limits });

  test("each ends by its name", () => {
    expect(limited({ bytes: 5 })).toEqual({ type: "exhausted", limit: "bytes" });
    expect(limited({ terms: 2 })).toEqual({ type: "exhausted", limit: "terms" });
    expect(limited({ unknowns: 1 })).toEqual({ type: "exhausted", limit: "unknowns" });
    expect(limited({ variables: 1 })).toEqual({ type: "exhausted", limit: "variables" });
    expect(limited({ reading: 50 })).toEqual({ type: "exhausted", limit: "reading" });
    expect(limited({ work: 10 })).toEqual({ type: "exhausted", limit: "work", step: 0 });
    expect(limited({ lemmas: 0 })).toEqual({ type: "exhausted", limit: "lemmas", step: 0 });
    expect(limited({ steps: 0 })).toEqual({ type: "exhausted", limit: "steps", step: 1 });
  });

  test("degree, monomials, digits and width are those of the formula too", () => {
    const squares = (count: number): Term => {
      let power: Term = t.add(x, y, z);
      for (let at = 0; at < count; at++) power = t.multiply(power, power);
      return power;
    };
    const of = (term: Term): unknown =>
      limited({}, { assumptions: [t.equal(term, term)], goal: t.truth }, Uint8Array.from([1]));
    expect(of(squares(3))).toMatchObject({ type: "certified" });
    expect(of(squares(4))).toEqual({ type: "exhausted", limit: "degree" });
    const sum = t.add(...Array.from({ length: 1_100 }, (_, at) => t.symbol(`s${at}`)));
    expect(of(sum)).toEqual({ type: "exhausted", limit: "monomials" });
    expect(of(t.multiply(n(2n ** 600n), n(2n ** 600n)))).toEqual({
      type: "exhausted",
      limit: "digits",
    });
    expect(of(n(2n ** 1025n))).toEqual({ type: "exhausted", limit: "digits" });
    expect(of(t.symbol("v", t.bitsOf(4_097)))).toEqual({ type: "exhausted", limit: "width" });
  });

  test("limits beyond what keys can hold are refused", () => {
    for (const wide of [{ unknowns: 65_535 }, { variables: 2 ** 21 }, { degree: 10 }]) {
      expect(limited(wide)).toMatchObject({ type: "refused", reason: "limits that are too wide" });
    }
  });

  test("wide vectors cost as much as they are wide", () => {
    const wide = Array.from({ length: 2_000 }, (_, at) => t.bits(at, 4_096));
    const equal = t.and(...wide.map((value) => t.equal(value, value)));
    const claim = { assumptions: [equal], goal: t.truth };
    expect(limited({}, claim)).toEqual({ type: "exhausted", limit: "reading" });
  });

  test("a hypothesis multiplied thousands of times ends by the degree", () => {
    const proof = draft({ assumptions: [t.less(x, y)], goal: t.atMost(x, y) });
    const literal = proof.less(x, y);
    const bytes = [5, 1, literal, 1, ...natural(2 * 5_000), ...Array<number>(5_000).fill(0), 1];
    expect(certifyBytes({ assumptions: [t.less(x, y)], goal: t.falsehood }, ...bytes)).toEqual({
      type: "exhausted",
      limit: "degree",
      step: 0,
    });
  });
});
