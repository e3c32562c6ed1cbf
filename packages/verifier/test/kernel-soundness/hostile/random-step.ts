import type { Random } from "../oracle/random.ts";
import type { Step, Sum } from "./certificate.ts";
import type { Opened } from "./checker.ts";
import { addSums, constantSum } from "./sum-arithmetic.ts";

/**
 * A step that no honest prover makes: of nodes that mostly fit together, so that the kernel does
 * not refuse it at once, of one node twice, and of ids that do not exist.
 */
export function randomStep(view: Opened, random: Random): Step {
  const { problem } = view;
  const roll = random.below(100);
  const any = (): number => wild(random, problem.nodes.length);
  if (roll < 15) {
    return { type: "atom", strict: random.percent(50), polynomial: randomPolynomial(view, random) };
  }
  if (roll < 50) {
    const [left, right] = pair(view, random, random.percent(70) ? congruent : ofOneSize) ?? [
      any(),
      any(),
    ];
    return { type: "congruence", left, right };
  }
  if (roll < 65) {
    const [left, right] = pair(view, random, ofArrays) ?? [any(), any()];
    return { type: "read", left, right, index: indexFor(view, left, random) ?? any() };
  }
  if (roll < 80) {
    const [left, right] = pair(view, random, ofArrays) ?? [any(), any()];
    return { type: "extensionality", left, right };
  }
  const literals = Array.from({ length: 1 + random.below(3) }, () =>
    wild(random, 2 * problem.variables),
  );
  if (roll < 92) return { type: "clause", literals };
  const hypotheses = Array.from({ length: 1 + random.below(2) }, () =>
    wild(random, literals.length),
  );
  const factor = random.percent(50) ? BigInt(random.below(5)) : randomPolynomial(view, random);
  return { type: "lemma", literals, summands: [{ hypotheses, factor }] };
}

function wild(random: Random, count: number): number {
  if (random.percent(5)) return random.pick([count, count + 1, 127, 128, 65_535, 2 ** 21, 2 ** 31]);
  return count === 0 ? 0 : random.below(count);
}

type Fits = (view: Opened, left: number, right: number) => boolean;

/** As many operands, whichever the operators. */
const ofOneSize: Fits = ({ problem }, left, right) =>
  problem.nodes[left]?.operands.length === problem.nodes[right]?.operands.length &&
  problem.nodes[left]?.sort === problem.nodes[right]?.sort &&
  (problem.nodes[left]?.operands.length ?? 0) > 0;

/** The same operator, and sorts of operands that may or may not fit. */
const congruent: Fits = ({ problem }, left, right) =>
  problem.nodes[left]?.operator === problem.nodes[right]?.operator &&
  (problem.nodes[left]?.operands.length ?? 0) > 0;

const ofArrays: Fits = ({ problem }, left, right) => {
  const sort = problem.nodes[left]?.sort ?? -1;
  return problem.sorts[sort]?.type === "array" && problem.nodes[right]?.sort === sort;
};

/** Two nodes, now and then one twice, or two that do not fit. */
function pair(view: Opened, random: Random, fits: Fits): readonly [number, number] | undefined {
  const count = view.problem.nodes.length;
  for (let tries = 0; tries < 60; tries++) {
    const left = random.below(count);
    const right = random.percent(15) ? left : random.below(count);
    if (fits(view, left, right) || random.percent(1)) return [left, right];
  }
  return undefined;
}

function indexFor({ problem }: Opened, array: number, random: Random): number | undefined {
  const sort = problem.sorts[problem.nodes[array]?.sort ?? -1];
  const fitting = [...problem.nodes.keys()].filter(
    (id) => sort?.type === "array" && problem.nodes[id]?.sort === sort.index,
  );
  return fitting.length === 0 || random.percent(5) ? undefined : random.pick(fitting);
}

/** Polynomial of up to three monomials, sometimes unordered, or with unknowns that do not exist. */
function randomPolynomial({ problem }: Opened, random: Random): Sum {
  const sum = Array.from({ length: 1 + random.below(3) }, () => ({
    unknowns: Array.from({ length: random.below(3) }, () =>
      wild(random, problem.unknowns.length),
    ).sort((left, right) => left - right),
    coefficient: BigInt(random.pick([-3, -2, -1, 1, 2, 3, 1_000])),
  }));
  return random.percent(10) ? sum : addSums(sum, constantSum(BigInt(random.below(5) - 2)));
}
