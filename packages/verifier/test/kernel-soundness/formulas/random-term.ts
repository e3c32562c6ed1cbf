import type { BitOperator, Sort, Term } from "../../../src/term.ts";
import type { Random } from "../oracle/random.ts";
import * as t from "./build.ts";

/** Options of random terms. */
export interface Shape {
  readonly random: Random;
  /** Depth of what is made; the number of terms grows with its power. */
  readonly depth: number;
  /** Terms of the same formula, to be used again: proofs live on what is shared. */
  readonly pool: Map<string, Term[]>;
  /** Sorts of the formula's symbols. */
  readonly sorts: readonly Sort[];
}

const thing = t.uninterpreted("Thing");
const other = t.uninterpreted("Other");

/** Every sort that random terms have: small and finite ones beside infinite ones. */
export const allSorts: readonly Sort[] = [
  "integer",
  "boolean",
  "real",
  t.bits(1),
  t.bits(2),
  t.bits(3),
  t.bits(8),
  thing,
  other,
  t.arrayOf("integer", "integer"),
  t.arrayOf(thing, "integer"),
  t.arrayOf("boolean", "integer"),
  t.arrayOf(t.bits(1), thing),
  t.arrayOf("integer", "boolean"),
  t.arrayOf("real", "real"),
  t.arrayOf(t.bits(2), t.bits(2)),
  t.arrayOf("integer", t.arrayOf("integer", "integer")),
  t.arrayOf(t.arrayOf("boolean", "boolean"), "integer"),
];

interface Signature {
  readonly name: string;
  readonly from: readonly Sort[];
  readonly to: Sort;
}

/** Functions, one signature each, arrays and booleans among their operands. */
const signatures: readonly Signature[] = [
  { name: "f", from: ["integer"], to: "integer" },
  { name: "g", from: ["integer", "integer"], to: "integer" },
  { name: "p", from: ["integer"], to: "boolean" },
  { name: "b", from: ["boolean"], to: "boolean" },
  { name: "n", from: ["boolean", thing], to: "integer" },
  { name: "h", from: [thing], to: thing },
  { name: "k", from: [thing, other], to: "boolean" },
  { name: "o", from: ["integer"], to: other },
  { name: "r", from: ["real"], to: "real" },
  { name: "w", from: [t.bits(2)], to: t.bits(2) },
  { name: "v", from: [t.bits(8)], to: "integer" },
  { name: "s", from: [t.arrayOf("integer", "integer")], to: "integer" },
  { name: "a", from: ["integer"], to: t.arrayOf("integer", "integer") },
];

/** A random term of a sort. */
export function randomTerm(sort: Sort, shape: Shape): Term {
  const { random, pool, depth } = shape;
  const key = sortKey(sort);
  const made = pool.get(key) ?? [];
  if (made.length > 0 && random.percent(25)) return random.pick(made);
  const term = depth <= 0 ? leaf(sort, random) : branch(sort, { ...shape, depth: depth - 1 });
  made.push(term);
  pool.set(key, made);
  return term;
}

export function sortKey(sort: Sort): string {
  if (typeof sort === "string") return sort;
  if (sort.type === "bits") return `bits${sort.width}`;
  if (sort.type === "uninterpreted") return sort.name;
  return `array(${sortKey(sort.index)},${sortKey(sort.element)})`;
}

/** One of three symbols of a sort, or a literal. */
export function leaf(sort: Sort, random: Random): Term {
  if (random.percent(30)) {
    if (sort === "integer") return t.int(random.below(9) - 4);
    if (sort === "real") return t.rational(random.below(9) - 4, 1 + random.below(3));
    if (sort === "boolean") return random.percent(50) ? t.yes : t.no;
    if (sort.type === "bits") return t.bitsOf(sort.width, random.below(2 ** 16));
  }
  return t.symbol(`${sortKey(sort)}.${random.below(3)}`, sort);
}

function branch(sort: Sort, shape: Shape): Term {
  const { random } = shape;
  const of = (one: Sort): Term => randomTerm(one, shape);
  const roll = random.below(100);
  if (roll < 12) return t.ifElse(of("boolean"), of(sort), of(sort));
  if (roll < 24) {
    const arrays = shape.sorts.filter(
      (one) =>
        typeof one === "object" && one.type === "array" && sortKey(one.element) === sortKey(sort),
    );
    if (arrays.length > 0) {
      const array = random.pick(arrays);
      if (typeof array === "object" && array.type === "array") {
        return t.select(of(array), of(array.index));
      }
    }
  }
  if (roll < 36) {
    const fitting = signatures.filter(({ to }) => sortKey(to) === sortKey(sort));
    if (fitting.length > 0) {
      const { name, from, to } = random.pick(fitting);
      return t.apply(name, to, ...from.map(of));
    }
  }
  if (sort === "integer") return integerBranch(random, of);
  if (sort === "real") return realBranch(random, of);
  if (sort === "boolean") return booleanBranch(shape, of);
  if (sort.type === "bits") return bitsBranch(sort.width, random, of);
  if (sort.type === "uninterpreted") return leaf(sort, random);
  if (roll < 50) return t.constantArray(sort.index, of(sort.element));
  return roll < 60 ? leaf(sort, random) : t.store(of(sort), of(sort.index), of(sort.element));
}

type Of = (sort: Sort) => Term;

function integerBranch(random: Random, of: Of): Term {
  const number = (): Term => of("integer");
  const roll = random.below(100);
  if (roll < 25) return t.add(number(), number(), ...(random.percent(20) ? [number()] : []));
  if (roll < 45) return t.minus(number(), number());
  if (roll < 60) return t.times(t.int(random.below(9) - 4), number());
  if (roll < 70) return t.times(number(), number());
  if (roll < 80) return t.arithmetic("divide", number(), divisor(random, number));
  if (roll < 90) return t.arithmetic("modulo", number(), divisor(random, number));
  return roll < 95 ? t.floor(of("real")) : number();
}

function divisor(random: Random, number: () => Term): Term {
  return random.percent(60) ? t.int(random.pick([-3, -2, -1, 0, 1, 2, 3, 5])) : number();
}

function realBranch(random: Random, of: Of): Term {
  const number = (): Term => of("real");
  const roll = random.below(100);
  if (roll < 25) return t.add(number(), number());
  if (roll < 45) return t.minus(number(), number());
  if (roll < 60) return t.times(t.rational(random.below(9) - 4, 1 + random.below(3)), number());
  if (roll < 70) return t.times(number(), number());
  if (roll < 85) return t.arithmetic("quotient", number(), number());
  return t.toReal(of("integer"));
}

function booleanBranch({ random, sorts }: Shape, of: Of): Term {
  const truth = (): Term => of("boolean");
  const roll = random.below(100);
  if (roll < 8) return t.not(truth());
  if (roll < 16) return t.and(...Array.from({ length: random.below(4) }, truth));
  if (roll < 24) return t.or(...Array.from({ length: random.below(4) }, truth));
  if (roll < 30) return t.implies(truth(), truth());
  if (roll < 65) {
    const sort = random.pick(sorts);
    return t.equal(of(sort), of(sort));
  }
  const numeric = sorts.filter(
    (one) =>
      one === "integer" || one === "real" || (typeof one === "object" && one.type === "bits"),
  );
  if (numeric.length === 0) return t.not(truth());
  const sort = random.pick(numeric);
  const make =
    typeof sort === "string"
      ? random.pick([t.less, t.atMost])
      : random.pick([t.unsignedLess, t.signedLess]);
  return make(of(sort), of(sort));
}

const binary: readonly BitOperator[] = [
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
];

function bitsBranch(width: number, random: Random, of: Of): Term {
  const roll = random.below(100);
  if (roll < 15) return t.bitwise("complement", of(t.bits(width)));
  if (roll < 25 && width > 1) {
    const low = 1 + random.below(width - 1);
    return t.bitwise("concatenate", of(t.bits(width - low)), of(t.bits(low)));
  }
  if (roll < 35) {
    const low = random.below(3);
    const wide = width + low + random.below(2);
    return t.extract(low + width - 1, low, of(t.bits(wide)));
  }
  return t.bitwise(random.pick(binary), of(t.bits(width)), of(t.bits(width)));
}
