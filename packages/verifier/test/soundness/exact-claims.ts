import { bitOperations } from "./exact-bits.ts";
import {
  drawValue,
  type ExactOperation,
  integerOperations,
  widthOf,
  writeValue,
} from "./exact-operations.ts";
import { membership } from "./exact-patterns.ts";
import { stringOperations } from "./exact-strings.ts";
import type { RandomSource } from "./random-source.ts";

/** A satisfiable script about one operation, true by its definition. */
export interface ExactClaim {
  readonly operator: string;
  /** `folded`: on literals. `encoded`: on constants with two values each. */
  readonly style: "folded" | "encoded";
  readonly script: string;
}

const operations: readonly ExactOperation[] = [
  ...integerOperations,
  ...[1, 3, 8, 13].flatMap(bitOperations),
  // Strings have the longest history of wrong answers.
  ...stringOperations,
  ...stringOperations,
  ...stringOperations,
];

/** A random claim; `undefined` where the theory leaves the value open. */
export function exactClaim(random: RandomSource): ExactClaim | undefined {
  const chosen = random.chance(15) ? membership(random) : random.pick(operations);
  const values = chosen.operands.map((sort) => drawValue(sort, random));
  const result = chosen.value(values);
  if (result === undefined) return undefined;
  const style = random.chance(40) ? "folded" : "encoded";
  const literals = values.map((value, at) => writeValue(chosen.operands[at] ?? "Int", value));
  const names = style === "folded" ? literals : literals.map((_, at) => `x${at}`);
  const lines = chosen.operands.map((sort, at) => {
    if (style === "folded") return "";
    const width = widthOf(sort);
    const written = width === undefined ? sort : `(_ BitVec ${width})`;
    const other = writeValue(sort, drawValue(sort, random));
    const choice = `(or (= x${at} ${literals[at]}) (= x${at} ${other}))`;
    return `(declare-const x${at} ${written})(assert ${choice})`;
  });
  const claim = `(assert (= ${chosen.write(names)} ${writeValue(chosen.result, result)}))`;
  return { operator: chosen.name, style, script: [...lines, claim, "(check-sat)"].join("\n") };
}
