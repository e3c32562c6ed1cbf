import type { Term } from "../../../src/term.ts";
import * as t from "../formulas/build.ts";
import { sortKey } from "../formulas/random-term.ts";
import { encodeCertificate, type Step, type Sum } from "../hostile/certificate.ts";
import { type Checker, type Opened, openClaim } from "../hostile/checker.ts";
import { addSums, scaleSum, sumOf } from "../hostile/sum-arithmetic.ts";
import type { Random } from "../oracle/random.ts";

/** A certificate in the making, by what fills it: changed at random, and kept if it costs more. */
export interface Plan {
  readonly ground: keyof typeof grounds;
  readonly filling: keyof typeof fillings;
  /** Each filling reads them as it likes. */
  readonly numbers: readonly [number, number, number, number];
}

/** The most bytes that a certificate may have. */
const BYTES = 65_536;

const integers = t.arrayOf("integer", "integer");

function symbols(count: number, sort: Parameters<typeof t.symbol>[1]): readonly Term[] {
  return Array.from({ length: count }, (_, at) => t.symbol(`${sortKey(sort)}.${at}`, sort));
}

function stores(count: number, name: string): Term {
  const [indexes, values] = [symbols(count, "integer"), symbols(count, "real")];
  let array = t.symbol(name, integers);
  for (const [at, index] of indexes.entries()) {
    array = t.store(array, index, t.floor(values[at] ?? t.rational(0)));
  }
  return array;
}

/** A chain of implications: to deny its first link is to visit all of it. */
function chain(count: number): readonly Term[] {
  const links = symbols(count, "boolean");
  return links.slice(1).map((link, at) => t.or(t.not(links[at] ?? link), link));
}

/** Obligations that give a certificate much to work on; none is contradictory. */
export const grounds = {
  polynomials: () => [
    ...symbols(40, "integer").map((one, at) =>
      t.or(t.equal(one, t.int(at)), t.symbol("free", "boolean")),
    ),
    ...symbols(40, "integer").map((one) => t.atMost(t.int(0), one)),
    ...symbols(40, "real").map((one) => t.less(t.rational(0), one)),
  ],
  chain: () => chain(4_000),
  "wide clauses": () => {
    const links = symbols(600, "boolean");
    return [
      ...chain(600),
      ...Array.from({ length: 200 }, (_, at) => t.or(...links.slice(at, at + 300))),
    ];
  },
  stores: () => [
    t.equal(stores(60, "left"), stores(60, "right")),
    t.equal(t.symbol("left", integers), t.symbol("other", integers)),
  ],
  "many stores": () => [t.not(t.equal(stores(600, "left"), stores(600, "right")))],
  functions: () => {
    const [first, second] = [symbols(900, "integer"), symbols(900, "integer").toReversed()];
    const wide = [first, second].map((operands) => t.apply("wide", "boolean", ...operands));
    const narrow = first.map((one) => t.atMost(t.apply("f", "integer", one), one));
    return [t.or(...wide), ...narrow];
  },
  vectors: () => {
    const [left, right] = [t.symbol("left", t.bits(24)), t.symbol("right", t.bits(24))];
    const product = t.bitwise("multiply", left, right);
    return [t.equal(t.bitwise("multiply", product, left), right)];
  },
  "wide vectors": () =>
    Array.from({ length: 6 }, (_, at) => {
      const [left, right] = [t.symbol(`l${at}`, t.bits(1_000)), t.symbol(`r${at}`, t.bits(1_000))];
      return t.unsignedLess(t.bitwise("add", left, right), t.bitwise("exclusive-or", left, right));
    }),
} as const satisfies Readonly<Record<string, () => readonly Term[]>>;

export function claimOf(ground: Plan["ground"]): t.Claim {
  return { assumptions: grounds[ground](), goal: t.no };
}

/** Nodes, atoms and counts of the claim's problem before the first step. */
interface Ground {
  readonly nodes: readonly number[];
  readonly arrays: readonly number[];
  readonly indexes: readonly number[];
  readonly wide: readonly number[];
  readonly atoms: readonly number[];
  /** Literals of `p >= 0` and `-p >= 0`, one after the other. */
  readonly equations: readonly number[];
  readonly unknowns: number;
  readonly variables: number;
}

type Filling = (ground: Ground, numbers: Plan["numbers"], at: number) => Step;

/** Steps that fill a certificate, one after the other. */
const fillings = {
  atoms: ({ unknowns }, numbers, at) => ({
    type: "atom",
    strict: at % 2 === 0,
    polynomial: bigSum(unknowns, numbers, at),
  }),
  lemmas: ({ atoms, unknowns }, numbers, at) => {
    const [terms, , factors] = numbers;
    const literals = Array.from({ length: 1 + (terms % 8) }, (_, place) =>
      pickAt(atoms, at + place * 7),
    );
    const hypotheses = Array.from({ length: 1 + (factors % 8) }, (_, place) =>
      Math.floor((place * literals.length) / 8),
    );
    const factor = at % 3 === 0 ? 3n : bigSum(unknowns, numbers, at);
    const summands = Array.from({ length: 1 + (terms % 40) }, () => ({ hypotheses, factor }));
    return { type: "lemma", literals, summands };
  },
  "long lemma": ({ atoms, unknowns }, numbers, at) => {
    const [, , factors, spread] = numbers;
    const literals = Array.from({ length: 60 }, (_, place) => pickAt(atoms, at + place * spread));
    const summands = Array.from({ length: 1_500 }, (_, place) => ({
      hypotheses: Array.from({ length: 1 + (factors % 8) }, (__, one) =>
        Math.min(59, ((place * spread) % 50) + one),
      ),
      factor: place % 5 === 0 ? bigSum(unknowns, numbers, place) : BigInt(1 + (place % 100)),
    }));
    return { type: "lemma", literals, summands };
  },
  "true lemmas": ({ equations, unknowns }, numbers, at) => {
    const [first, second] = [pickAt(equations, 2 * at), pickAt(equations, 2 * at + 1)];
    const factor = bigSum(unknowns, numbers, at);
    // Both are equations, so any multiples cancel; a literal and its negation add up to -1.
    return {
      type: "lemma",
      literals: [first, second, first, first ^ 1],
      summands: [
        ...Array.from({ length: 1 + (numbers[2] % 5) }, () => [
          { hypotheses: [0], factor },
          { hypotheses: [1], factor },
        ]).flat(),
        { hypotheses: [2], factor: 1n },
        { hypotheses: [3], factor: 1n },
      ],
    };
  },
  "shown clauses": ({ variables }, [start, spread, offset], at) => ({
    type: "clause",
    literals: [
      2 * (1 + ((start + at * offset) % (variables - 1))) + 1,
      2 * (1 + ((start + at * offset + spread * 17) % (variables - 1))),
    ],
  }),
  clauses: ({ variables }, [length, spread, , sign], at) => ({
    type: "clause",
    literals: Array.from(
      { length: 1 + (length % 30) },
      (_, place) => 2 + ((2 * (at * spread + place * 13) + (sign % 2)) % (2 * variables - 2)),
    ),
  }),
  tautologies: ({ variables }, [length, spread], at) => {
    const literal = 2 + ((2 * at * spread) % (2 * variables - 2));
    const rest = Array.from({ length: length % 60 }, (_, place) => 2 + 2 * (place % variables));
    return {
      type: "clause",
      literals: [...rest.filter((one) => one !== literal), literal, literal ^ 1],
    };
  },
  congruences: ({ nodes }, [, spread, offset], at) => ({
    type: "congruence",
    left: pickAt(nodes, at * spread),
    right: pickAt(nodes, at * spread + 1 + (offset % 9)),
  }),
  "wide congruences": ({ wide }, [, spread], at) => ({
    type: "congruence",
    left: pickAt(wide, at * spread),
    right: pickAt(wide, at + 1),
  }),
  reads: ({ arrays, indexes }, [, spread, offset], at) => ({
    type: "read",
    left: pickAt(arrays, at * spread),
    right: pickAt(arrays, at * spread + offset),
    index: pickAt(indexes, at),
  }),
  extensions: ({ arrays }, [, spread, offset], at) => ({
    type: "extensionality",
    left: pickAt(arrays, -1 - ((at * spread) % 40)),
    right: pickAt(arrays, -1 - ((at * offset + Math.floor(at / 7)) % 60)),
  }),
} as const satisfies Readonly<Record<string, Filling>>;

function pickAt(list: readonly number[], at: number): number {
  return list[((at % list.length) + list.length) % list.length] ?? 0;
}

/** A polynomial of many monomials, of high degree or with long coefficients. */
function bigSum(unknowns: number, [terms, size, degree, spread]: Plan["numbers"], at: number): Sum {
  const count = 1 + (terms % 900);
  const coefficient = (1n << BigInt(size % 1_000)) + BigInt(at);
  return addSums(
    Array.from({ length: count }, (_, place) => ({
      unknowns: Array.from(
        { length: 1 + (degree % 7) },
        (__, one) => (place * spread + one * (1 + (place % 11)) + at) % unknowns,
      ).sort((left, right) => left - right),
      coefficient: coefficient + BigInt(place),
    })),
  );
}

/** The certificate of a plan, as long as it may be. */
export function certificateOfPlan(checker: Checker, plan: Plan): Uint8Array {
  const ground = groundOf(checker, plan.ground);
  const filling: Filling = fillings[plan.filling];
  const steps: Step[] = [];
  let bytes = 1;
  for (let at = 0; at < 20_000; at++) {
    const step = filling(ground, plan.numbers, at);
    bytes += encodeCertificate([step]).length - 1;
    if (bytes > BYTES) break;
    steps.push(step);
  }
  return encodeCertificate(steps);
}

const known = new Map<string, Ground>();

function groundOf(checker: Checker, name: Plan["ground"]): Ground {
  const before = known.get(name);
  if (before !== undefined) return before;
  const { problem } = openClaim(checker, claimOf(name));
  const all = [...problem.nodes.keys()];
  const ofArray = all.filter(
    (id) => problem.sorts[problem.nodes[id]?.sort ?? -1]?.type === "array",
  );
  const ofInteger = all.filter(
    (id) => problem.sorts[problem.nodes[id]?.sort ?? -1]?.type === "integer",
  );
  const most = Math.max(...problem.nodes.map(({ operands }) => operands.length));
  const ground = {
    nodes: all,
    arrays: ofArray.length > 0 ? ofArray : all,
    indexes: ofInteger.length > 0 ? ofInteger : all,
    wide: all.filter((id) => problem.nodes[id]?.operands.length === most),
    atoms: [...problem.atoms.keys()].flatMap((variable) =>
      problem.atoms[variable] === undefined ? [] : [2 * variable, 2 * variable + 1],
    ),
    equations: equationsOf(checker, problem),
    unknowns: Math.max(1, problem.unknowns.length),
    variables: problem.variables,
  };
  known.set(name, ground);
  return ground;
}

function equationsOf(checker: Checker, problem: Opened["problem"]): readonly number[] {
  const byText = new Map<string, number>();
  const textOf = (sum: Sum): string =>
    sum.map(({ unknowns, coefficient }) => `${coefficient}*${unknowns.join()}`).join();
  const pairs: number[] = [];
  for (let literal = 2; literal < 2 * problem.variables && pairs.length < 100; literal++) {
    const atom = checker.atomOf(problem, literal);
    if (atom === undefined || atom.strict) continue;
    const sum = sumOf(atom.polynomial);
    const opposite = byText.get(textOf(scaleSum(sum, -1n)));
    if (opposite !== undefined) pairs.push(opposite, literal);
    byText.set(textOf(sum), literal);
  }
  return pairs.length > 0 ? pairs : [2, 3];
}

/** A plan like another, or a new one. */
export function nextPlan(random: Random, from?: Plan): Plan {
  const numbers = (): Plan["numbers"] => [
    random.below(1_000),
    random.below(1_000),
    random.below(64),
    1 + random.below(200),
  ];
  const names = Object.keys(grounds) as Plan["ground"][];
  const kinds = Object.keys(fillings) as Plan["filling"][];
  if (from === undefined || random.percent(25)) {
    return { ground: random.pick(names), filling: random.pick(kinds), numbers: numbers() };
  }
  if (random.percent(15)) return { ...from, ground: random.pick(names) };
  const place = random.below(4);
  const [fresh, old] = [numbers(), from.numbers];
  const near = (old[place] ?? 1) + random.pick([-8, -2, -1, 1, 2, 8, 40]);
  const value = random.percent(50) ? (fresh[place] ?? 1) : Math.max(1, near);
  const [a, b, c, d] = old.with(place, value);
  return { ...from, numbers: [a ?? 1, b ?? 1, c ?? 1, d ?? 1] };
}
