import type { Assumed, CellRead } from "./assumption.ts";
import { conjunctsOf, type Formula, present } from "./formulas.ts";
import { operandPair } from "./summands.ts";
import { inRange, mapOf, type Parts, type Symbols } from "./symbols.ts";

/** Returns the comparisons that say that keys of a map are in range. */
export function rangesOf(
  { contract, formulas }: Symbols,
  map: string,
  keys: Parts,
): readonly Formula[] {
  const { keys: types } = mapOf(contract, map);
  return keys.flatMap((key, place) => {
    const range = inRange(formulas, present(types[place], "a key of each type"), key);
    return conjunctsOf(range).filter((one) => one !== formulas.truth);
  });
}

/** Returns the cells of the state before that a formula reads, the outermost first, each once. */
export function cellsIn({ symbols, cells }: Assumed, formula: Formula): readonly CellRead[] {
  const known = cells.get(formula);
  if (known !== undefined) return known;
  const found = new Map<string, CellRead>();
  const parts = partsOf(formula);
  symbols.formulas.spend(parts.size);
  for (const part of parts) {
    const read = cellRead(symbols, part);
    if (read === undefined) continue;
    const id = `${read.map} ${read.keys.map((key) => key.id).join(" ")}`;
    if (!found.has(id)) found.set(id, read);
  }
  const reads = [...found.values()];
  cells.set(formula, reads);
  return reads;
}

function cellRead({ before, contract }: Symbols, formula: Formula): CellRead | undefined {
  const keys: Formula[] = [];
  let base = formula;
  while (base.operator === "select") {
    const [array, index] = operandPair(base);
    keys.unshift(index);
    base = array;
  }
  if (keys.length === 0 || base.operator !== "symbol") return undefined;
  for (const { name, keys: types } of contract.maps) {
    const isOf = types.length === keys.length && before.maps.get(name)?.includes(base);
    if (isOf === true) return { map: name, keys };
  }
  return undefined;
}

/** Returns the terms of a formula that may be keys, symbols first. */
export function termsIn({ formulas }: Symbols, formula: Formula): readonly Formula[] {
  const parts = partsOf(formula);
  formulas.spend(parts.size);
  const terms = [...parts].filter(
    ({ operator, detail }) => !formulaOperators.has(operator) && !detail.includes(": ["),
  );
  const isSymbol = ({ operator }: Formula): boolean => operator === "symbol";
  return [...terms.filter(isSymbol), ...terms.filter((one) => !isSymbol(one))];
}

const formulaOperators: ReadonlySet<Formula["operator"]> = new Set([
  "boolean",
  "at-most",
  "equal",
  "not",
  "and",
  "or",
  "store",
]);

/** Returns all parts of a formula, the outermost first, each once. */
export function partsOf(formula: Formula): ReadonlySet<Formula> {
  const seen = new Set<Formula>();
  const waiting = [formula];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...next.operands.toReversed());
  }
  return seen;
}
