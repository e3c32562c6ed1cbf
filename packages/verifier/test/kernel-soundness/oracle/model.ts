import type { Sort } from "../../../src/term.ts";
import { createRandom, type Random } from "./random.ts";
import { realNumber } from "./real-number.ts";
import { arrayValue, keyOf, type Sizes, type Value } from "./value.ts";

/** Kinds of division that the standard leaves open for a divisor of zero. */
export type OpenDivision = "divide" | "modulo" | "quotient";

/**
 * A meaning for everything that a formula leaves open: symbols, functions, uninterpreted sorts, and
 * division by zero, of which each kind is a function of the dividend.
 */
export interface Model {
  readonly sizes: Sizes;
  readonly symbol: (name: string, sort: Sort) => Value;
  readonly apply: (name: string, sort: Sort, operands: readonly Value[]) => Value;
  readonly byZero: (kind: OpenDivision, dividend: Value) => Value;
}

export interface ModelOptions {
  readonly seed: string;
  /** Numbers that the formula speaks of: values are often near them. */
  readonly constants?: readonly bigint[];
  /** Values that are decided. */
  readonly symbols?: ReadonlyMap<string, Value>;
}

/** A model that a seed determines. Nothing is drawn before it is asked for. */
export function createModel({ seed, constants = [], symbols }: ModelOptions): Model {
  const memo = new Map<string, Value>();
  const sizes: Sizes = (sort) => 1 + createRandom(`${seed}|size ${sort}`).below(3);
  const draw = (label: string, sort: Sort): Value => {
    const known = memo.get(label);
    if (known !== undefined) return known;
    const value = randomValue(sort, { random: createRandom(`${seed}|${label}`), constants, sizes });
    memo.set(label, value);
    return value;
  };
  return {
    sizes,
    symbol: (name, sort) => symbols?.get(name) ?? draw(`symbol ${name}`, sort),
    apply: (name, sort, operands) => draw(`apply ${name} ${operands.map(keyOf).join()}`, sort),
    byZero: (kind, dividend) =>
      draw(`${kind} ${keyOf(dividend)}`, kind === "quotient" ? "real" : "integer"),
  };
}

interface Drawing {
  readonly random: Random;
  readonly constants: readonly bigint[];
  readonly sizes: Sizes;
}

/** A value of a sort: mostly a small one, and now and then one at an edge. */
export function randomValue(sort: Sort, drawing: Drawing): Value {
  const { random, sizes } = drawing;
  if (sort === "boolean") return random.percent(50);
  if (sort === "integer") return randomInteger(drawing);
  if (sort === "real") {
    const root = random.percent(15) ? BigInt(random.below(5) - 2) : 0n;
    const denominator = random.percent(50) ? 1n : BigInt(1 + random.below(4));
    return realNumber(randomInteger(drawing), root, denominator);
  }
  switch (sort.type) {
    case "bits": {
      const modulus = 1n << BigInt(sort.width);
      const value = random.percent(30)
        ? random.pick([0n, 1n, modulus - 1n, modulus >> 1n, (modulus >> 1n) - 1n])
        : (BigInt(random.below(2 ** 30)) * 0x1000003n + BigInt(random.below(2 ** 30))) % modulus;
      return { type: "bits", width: sort.width, value: ((value % modulus) + modulus) % modulus };
    }
    case "uninterpreted":
      return { type: "element", sort: sort.name, index: random.below(sizes(sort.name)) };
    case "array": {
      const entries = new Map<string, Value>();
      for (let count = random.below(4); count > 0; count--) {
        const index = keyOf(randomValue(sort.index, drawing));
        entries.set(index, randomValue(sort.element, drawing));
      }
      return arrayValue(sort.index, entries, randomValue(sort.element, drawing), sizes);
    }
  }
}

function randomInteger({ random, constants }: Drawing): bigint {
  if (constants.length > 0 && random.percent(25)) {
    return random.pick(constants) + BigInt(random.below(3) - 1);
  }
  if (random.percent(4)) return random.pick([1n << 64n, -(1n << 64n), 10n ** 12n]);
  return random.percent(70) ? BigInt(random.below(5) - 2) : BigInt(random.below(21) - 10);
}
