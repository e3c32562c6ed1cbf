import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, certify } from "../../src/kernel/index.ts";
import { defaultLimits, findCertificate, type Search } from "../../src/prover/index.ts";
import type { Sort, Term } from "../../src/term.ts";

const thing: Sort = { type: "uninterpreted", name: "Thing" };
const bits: Sort = { type: "bits", width: 2 };
const few = { ...defaultLimits, stepsMax: 300_000 };

/** Terms of one sort, over two symbols, a function, reads and stores of the sort itself. */
function termsOf(sort: Sort): fc.Arbitrary<Term> {
  const array: Sort = { type: "array", index: sort, element: sort };
  const name = typeof sort === "string" ? sort : sort.type;
  const symbol = fc
    .constantFrom("a", "b")
    .map((letter): Term => ({ type: "symbol", name: `${name}.${letter}`, sort }));
  return fc.letrec<{ term: Term; array: Term }>((tie) => ({
    term: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      symbol,
      tie("term").map((one): Term => ({ type: "apply", name: `${name}.f`, operands: [one], sort })),
      fc.tuple(tie("array"), tie("term")).map(([from, index]): Term => {
        return { type: "select", array: from, index };
      }),
    ),
    array: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("m", "n").map((letter): Term => {
        return { type: "symbol", name: `${name}.${letter}`, sort: array };
      }),
      fc.tuple(tie("array"), tie("term"), tie("term")).map(([to, index, value]): Term => {
        return { type: "store", array: to, index, value };
      }),
    ),
  })).term;
}

const literal = fc
  .constantFrom<Sort>("integer", "boolean", thing, bits)
  .chain((sort) => fc.tuple(termsOf(sort), termsOf(sort), fc.boolean()))
  .map(([left, right, isEqual]): Term => {
    const equal: Term = { type: "equal", left, right };
    return isEqual ? equal : { type: "not", operand: equal };
  });
const formula = fc.array(fc.array(literal, { minLength: 1, maxLength: 2 }), { maxLength: 6 });

function claimOf(clauses: readonly (readonly Term[])[]): Claim {
  return {
    assumptions: clauses.map((operands): Term => ({ type: "or", operands })),
    goal: { type: "boolean", value: false },
  };
}

/** Whether a search found nothing, or what the kernel accepts. */
function isHonest(claim: Claim, found: Search): boolean {
  return found.type === "none" || certify(claim, found.certificate).type === "certified";
}

describe("Functions, arrays and equalities", () => {
  it("lead to certificates that the kernel accepts", () => {
    fc.assert(
      fc.property(formula, (clauses) => {
        const claim = claimOf(clauses);
        const found = findCertificate(claim, few);

        expect(isHonest(claim, found)).toBe(true);
        expect(found).not.toMatchObject({ reason: "no certificate of the refutation" });
      }),
      { numRuns: 1_500 },
    );
  });

  it("are refuted by the same formula and its negation", () => {
    fc.assert(
      fc.property(formula, (clauses) => {
        const claim = claimOf(clauses);
        const goal: Term = { type: "and", operands: claim.assumptions };
        const itself: Claim = { assumptions: claim.assumptions, goal };

        const found = findCertificate(clauses.length > 0 ? itself : claimOf([[]]), few);

        expect(found.type).toBe("found");
      }),
      { numRuns: 300 },
    );
  });

  it("give the same answer whichever way equations are written", () => {
    fc.assert(
      fc.property(formula, (clauses) => {
        const turned = clauses.map((one) => one.map(turn));

        const answers = [clauses, turned].map((one) => findCertificate(claimOf(one), few).type);

        expect(answers[0]).toBe(answers[1]);
      }),
      { numRuns: 800 },
    );
  });
});

function turn(term: Term): Term {
  if (term.type === "not") return { type: "not", operand: turn(term.operand) };
  if (term.type !== "equal") return term;
  return { type: "equal", left: term.right, right: term.left };
}
