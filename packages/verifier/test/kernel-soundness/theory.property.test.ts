import { beforeAll, describe, expect, test } from "vitest";
import { checkContradiction } from "../../src/kernel/lemma.ts";
import { createMeter, kernelLimits } from "../../src/kernel/limits.ts";
import type { Atom } from "../../src/kernel/problem.ts";
import { createPropagation, implies, propagate, watch } from "../../src/kernel/propagation.ts";
import type { Sort, Term } from "../../src/term.ts";
import { kernelModules } from "./attacks/all-attacks.ts";
import * as t from "./formulas/build.ts";
import { randomTerm, type Shape } from "./formulas/random-term.ts";
import type { Sum } from "./hostile/certificate.ts";
import { type Checker, loadChecker, openFormulas } from "./hostile/checker.ts";
import {
  addSums,
  constantSum,
  kernelPolynomial,
  multiplySums,
  scaleSum,
} from "./hostile/sum-arithmetic.ts";
import { assignmentOf, truthOf, valueOfSum } from "./oracle/assignment.ts";
import { evaluate } from "./oracle/evaluate.ts";
import { createModel } from "./oracle/model.ts";
import { createRandom, type Random } from "./oracle/random.ts";
import { realNumber, signOfReal } from "./oracle/real-number.ts";
import type { Value } from "./oracle/value.ts";

const SCALE = process.env["AETHEL_SLOW"] === "1" ? 50 : 1;

let checker: Checker;
beforeAll(async () => {
  checker = await loadChecker(kernelModules);
});

/** All ways to give each of some symbols one of its values. */
function allOf(
  symbols: readonly (readonly [name: string, values: readonly Value[]])[],
): readonly ReadonlyMap<string, Value>[] {
  return symbols.reduce<readonly ReadonlyMap<string, Value>[]>(
    (maps, [name, values]) =>
      maps.flatMap((map) => values.map((value) => new Map(map).set(name, value))),
    [new Map()],
  );
}

/** Whether the kernel's clauses define a formula as the oracle does, for all values of its symbols. */
function expectSame(
  formula: Term,
  values: readonly ReadonlyMap<string, Value>[],
  seed: string,
): void {
  const { problem, names, formulas } = openFormulas(checker, [formula]);
  for (const [at, symbols] of values.entries()) {
    const model = createModel({ seed: `${seed} ${at % 3}`, symbols });
    const { broken, truths } = assignmentOf(problem, names, model);
    const [literal = 0] = formulas;
    const said = [broken, truthOf(truths, literal)];
    expect(said, `${seed}: ${[...symbols.keys()].join()}`).toEqual([
      undefined,
      evaluate(formula, model),
    ]);
  }
}

function shapeOf(random: Random, sorts: readonly Sort[]): Shape {
  return { random, depth: 3, pool: new Map(), sorts };
}

describe("the kernel's theories against brute force", () => {
  test("polynomials, division and choices of integers are what they are for all of -3 .. 3", () => {
    const numbers = [-3n, -2n, -1n, 0n, 1n, 2n, 3n];
    const all = allOf([
      ["integer.0", numbers],
      ["integer.1", numbers],
      ["integer.2", [-2n, 0n, 5n]],
      ["boolean.0", [false, true]],
    ]);
    for (let at = 0; at < 25 * SCALE; at++) {
      const random = createRandom(`integers ${at}`);
      const formula = randomTerm("boolean", shapeOf(random, ["integer", "boolean"]));
      expectSame(
        formula,
        all.filter((_, place) => place % 3 === at % 3),
        `integers ${at}`,
      );
    }
  });

  test("bit vectors of up to 3 bits are blasted right for all values", () => {
    const bits = (width: number): readonly Value[] =>
      Array.from({ length: 2 ** width }, (_, value) => ({
        type: "bits",
        width,
        value: BigInt(value),
      }));
    const all = allOf([
      ["bits3.0", bits(3)],
      ["bits3.1", bits(3)],
      ["bits2.0", bits(2)],
      ["bits1.0", bits(1)],
    ]);
    for (let at = 0; at < 25 * SCALE; at++) {
      const random = createRandom(`bits ${at}`);
      const formula = randomTerm("boolean", shapeOf(random, [1, 2, 3].map(t.bits)));
      expectSame(formula, all, `bits ${at}`);
    }
  });

  test("each operator on 4 bits is right for all pairs", () => {
    const [left, right] = [t.symbol("left", t.bits(4)), t.symbol("right", t.bits(4))];
    const values = Array.from({ length: 16 }, (_, value) => t.bitsOf(4, value));
    const operators = [
      "and",
      "or",
      "exclusive-or",
      "add",
      "multiply",
      "divide",
      "remainder",
      "shift-left",
      "shift-right",
      "shift-right-arithmetic",
    ] as const;
    for (const operator of operators) {
      const result = t.bitwise(operator, left, right);
      const formula = t.or(...values.slice(0, 8).map((value) => t.equal(result, value)));
      const all = values.map((value): Value => evaluate(value, createModel({ seed: "" })));
      expectSame(
        formula,
        allOf([
          ["left", all],
          ["right", all],
        ]),
        operator,
      );
    }
  });

  test("congruences of all pairs of nodes hold for all tables of a function on two elements", () => {
    for (let at = 0; at < 10 * SCALE; at++) {
      const random = createRandom(`congruence ${at}`);
      const shape = shapeOf(random, ["integer", "boolean", t.uninterpreted("Thing")]);
      const opened = openFormulas(
        checker,
        [1, 2, 3].map(() => randomTerm("boolean", shape)),
      );
      const { problem, names } = opened;
      let taken = 0;
      const nodes = [...problem.nodes.slice(0, 60).keys()];
      for (const left of nodes) {
        for (const right of nodes) {
          try {
            checker.addCongruence(problem, left, right);
            taken++;
          } catch {
            // Two functions: most pairs are.
          }
        }
      }
      expect(taken).toBeGreaterThan(2);
      for (let model = 0; model < 40; model++) {
        const seed = `congruence ${at} ${model}`;
        expect(assignmentOf(problem, names, createModel({ seed })).broken, seed).toBeUndefined();
      }
    }
  });
});

describe("the arithmetic lemma against brute force", () => {
  test("hypotheses that are said to contradict each other hold nowhere on a grid", () => {
    const counts = { taken: 0, refused: 0 };
    const grid = [-3n, -2n, -1n, 0n, 1n, 2n, 3n];
    const reals = [
      ...grid.map((one) => realNumber(one)),
      realNumber(1n, 0n, 2n),
      realNumber(0n, 1n),
    ];
    for (let at = 0; at < 8_000 * SCALE; at++) {
      const random = createRandom(`lemma ${at}`);
      const { hypotheses, summands } = someLemma(random);
      const { problem } = openFormulas(checker, []);
      const atoms: readonly Atom[] = hypotheses.map(({ sum, strict }) => ({
        polynomial: kernelPolynomial(sum),
        strict,
      }));
      try {
        checkContradiction(
          problem,
          atoms,
          summands.map(({ factor, indexes }) => ({
            hypotheses: indexes,
            factor: kernelPolynomial(factor),
          })),
        );
        counts.taken++;
      } catch {
        counts.refused++;
        continue;
      }
      const points = reals.flatMap((x) => reals.map((y) => [x, y] as const));
      const holding = points.find((point) =>
        hypotheses.every(({ sum, strict }) => {
          const sign = signOfReal(valueOfSum(sum, point));
          return strict ? sign > 0 : sign >= 0;
        }),
      );
      expect(holding, `lemma ${at}`).toBeUndefined();
    }
    expect(counts.taken).toBeGreaterThan(500);
    expect(counts.refused).toBeGreaterThan(500);
  });
});

interface SomeLemma {
  readonly hypotheses: readonly { readonly sum: Sum; readonly strict: boolean }[];
  readonly summands: readonly { readonly factor: Sum; readonly indexes: readonly number[] }[];
}

/** Hypotheses over two unknowns, the last of which makes the sum a small number, or nearly. */
function someLemma(random: Random): SomeLemma {
  const hypotheses = Array.from({ length: 1 + random.below(3) }, () => ({
    sum: someSum(random),
    strict: random.percent(30),
  })).flatMap((one) =>
    random.percent(30) ? [one, { sum: scaleSum(one.sum, -1n), strict: false }] : [one],
  );
  const summands = Array.from({ length: 1 + random.below(2) }, () => ({
    factor: random.percent(70) ? constantSum(BigInt(1 + random.below(3))) : someSum(random),
    indexes: Array.from({ length: 1 + random.below(2) }, () =>
      random.below(hypotheses.length),
    ).sort((left, right) => left - right),
  }));
  const total = addSums(
    ...summands.map(({ factor, indexes }) =>
      indexes.reduce((sum, index) => multiplySums(sum, hypotheses[index]?.sum ?? []), factor),
    ),
  );
  const rest = addSums(scaleSum(total, -1n), constantSum(BigInt(random.below(4) - 2)));
  return {
    hypotheses: [...hypotheses, { sum: rest, strict: random.percent(30) }],
    summands: [...summands, { factor: constantSum(1n), indexes: [hypotheses.length] }],
  };
}

function someSum(random: Random): Sum {
  const monomials = [[], [0], [1], [0, 1], [0, 0]];
  return addSums(
    ...Array.from({ length: 1 + random.below(3) }, () => [
      { unknowns: random.pick(monomials), coefficient: BigInt(random.below(7) - 3) },
    ]),
  );
}

describe("unit propagation against one without watches", () => {
  test("clauses contradict, and show a clause, exactly if the plain way says so", () => {
    const counts = { contradictions: 0, shown: 0, open: 0 };
    for (let at = 0; at < 3_000 * SCALE; at++) {
      const random = createRandom(`clauses ${at}`);
      const propagation = createPropagation(createMeter(kernelLimits));
      const clauses: (readonly number[])[] = [[0]];
      for (let step = 0; step < 25; step++) {
        const clause = someClause(random);
        if (random.percent(60)) {
          clauses.push(clause);
          watch(propagation, clause);
          const contradicts = plainly(clauses, []);
          expect(propagate(propagation), `clauses ${at}, ${step}`).toBe(contradicts);
          if (contradicts) counts.contradictions++;
          if (contradicts) break;
        } else {
          const shown = plainly(clauses, clause);
          expect(implies(propagation, clause), `clauses ${at}, ${step}`).toBe(shown);
          counts[shown ? "shown" : "open"]++;
        }
      }
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(300);
  });
});

/** Different variables, from 1 to 7. */
function someClause(random: Random): readonly number[] {
  const clause = Array.from({ length: 1 + random.below(4) }, () => 2 + random.below(14));
  return clause.filter(
    (literal, at) => clause.findIndex((other) => other >> 1 === literal >> 1) === at,
  );
}

/** Whether propagation ends in a contradiction when all of some literals are false. */
function plainly(clauses: readonly (readonly number[])[], denied: readonly number[]): boolean {
  const falses = new Set(denied);
  if (denied.some((literal) => falses.has(literal ^ 1))) return true;
  for (let changed = true; changed; ) {
    changed = false;
    for (const clause of clauses) {
      if (clause.some((literal) => falses.has(literal ^ 1))) continue;
      const open = clause.filter((literal) => !falses.has(literal));
      const [only] = open;
      if (only === undefined) return true;
      if (open.length > 1) continue;
      falses.add(only ^ 1);
      changed = true;
    }
  }
  return false;
}
