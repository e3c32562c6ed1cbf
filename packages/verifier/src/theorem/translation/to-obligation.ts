import type { Term, Sort as TermSort } from "../../term.ts";
import type { TypedScript } from "../commands/commands.ts";
import type { Operator, TypedTerm } from "../graph/typed-term.ts";
import { TRANSLATION_NODES_MAX } from "../limits.ts";
import type { Sort } from "../sorts/sort.ts";
import { bitMeanings, bitNodesOf, truthMeanings } from "./bit-operators.ts";
import type { Bits } from "./bit-terms.ts";
import { plainMeanings, signMeaning } from "./plain-operators.ts";

/**
 * Obligation of a theorem in the kernel's term language. The goal is `false`, so the obligation
 * says that the assumptions contradict each other.
 */
export interface TheoremObligation {
  readonly assumptions: readonly Term[];
  readonly goal: Term;
}

/**
 * Translates a script into the terms that the prover and the kernel read.
 *
 * The fragment has no quantifiers, and its sorts are Bool, Int, Real, arrays, bit vectors and
 * uninterpreted sorts. Terms that the script shares stay shared.
 *
 * @returns `undefined` if the script is outside the fragment or too large.
 */
export function toObligation({ assertions }: TypedScript): TheoremObligation | undefined {
  const translation = { terms: new Map(), sorts: new Map(), names: new Map(), nodes: 0 };
  const assumptions: Term[] = [];
  for (const { term } of assertions) {
    const translated = translate(translation, term);
    if (translated === undefined) return undefined;
    assumptions.push(translated);
  }
  return { assumptions, goal: { type: "boolean", value: false } };
}

/** Terms, sorts and names that the translation of one script has made so far. */
interface Translation {
  readonly terms: Map<TypedTerm, Term>;
  readonly sorts: Map<Sort, TermSort | undefined>;
  readonly names: Map<object, string>;
  /** Number of terms and nodes of sorts, at most `TRANSLATION_NODES_MAX`. */
  nodes: number;
}

function translate(translation: Translation, root: TypedTerm): Term | undefined {
  const { terms } = translation;
  const stack: TypedTerm[] = [root];
  for (let term = stack.at(-1); term !== undefined; term = stack.at(-1)) {
    const missing = terms.has(term) ? [] : term.operands.filter((operand) => !terms.has(operand));
    if (missing.length > 0) {
      for (const operand of missing) stack.push(operand);
      continue;
    }
    stack.pop();
    if (terms.has(term)) continue;
    translation.nodes += nodesOf(term);
    if (translation.nodes > TRANSLATION_NODES_MAX) return undefined;
    const operands = term.operands.flatMap((operand) => terms.get(operand) ?? []);
    const translated = applyOperator(translation, term, operands);
    if (translated === undefined) return undefined;
    terms.set(term, translated);
  }
  return terms.get(root);
}

function nameOf({ names }: Translation, thing: object, letter: string): string {
  const known = names.get(thing) ?? `${letter}${names.size}`;
  names.set(thing, known);
  return known;
}

function sortOf(translation: Translation, sort: Sort): TermSort | undefined {
  const { sorts } = translation;
  if (!sorts.has(sort)) sorts.set(sort, translateSort(translation, sort));
  return sorts.get(sort);
}

// Sorts are bounded in size, so this recursion is bounded too.
function translateSort(translation: Translation, sort: Sort): TermSort | undefined {
  switch (sort.type) {
    case "Bool":
      return "boolean";
    case "Int":
      return "integer";
    case "Real":
      return "real";
    case "bits":
      return { type: "bits", width: sort.width };
    case "array": {
      const index = sortOf(translation, sort.index);
      const element = sortOf(translation, sort.element);
      if (index === undefined || element === undefined) return undefined;
      return { type: "array", index, element };
    }
    case "declared":
      if (sort.symbol.datatype !== undefined) return undefined;
      return { type: "uninterpreted", name: nameOf(translation, sort, "S") };
    default:
      return undefined;
  }
}

function applyOperator(
  translation: Translation,
  term: TypedTerm,
  operands: readonly Term[],
): Term | undefined {
  const { operator, sort } = term;
  switch (operator.type) {
    case "integer":
      return operator;
    case "real": {
      const { numerator, denominator } = operator;
      return { type: "rational", numerator, denominator };
    }
    case "bits":
      if (sort.type !== "bits") return undefined;
      return { type: "bits", width: sort.width, value: operator.value };
    case "function": {
      const result = sortOf(translation, sort);
      if (result === undefined) return undefined;
      const name = nameOf(translation, operator.symbol, "f");
      if (operands.length === 0) return { type: "symbol", name, sort: result };
      return { type: "apply", name, operands, sort: result };
    }
    case "constant-array": {
      const [value] = operands;
      const index = sort.type === "array" ? sortOf(translation, sort.index) : undefined;
      if (value === undefined || index === undefined) return undefined;
      return { type: "constant-array", index, value };
    }
    case "theory":
      return applyTheory(operator, term, operands);
    default:
      return undefined;
  }
}

/**
 * Returns a bound on the number of terms in the translation of one operator, before they are made.
 */
function nodesOf({ operator, operands, sort }: TypedTerm): number {
  const count = operands.length;
  if (operator.type === "function" || operator.type === "constant-array") {
    return 1 + count + sort.size;
  }
  if (operator.type !== "theory") return 1;
  if (operator.name === "distinct") return 1 + count * (count - 1);
  return 1 + count + (operands[0]?.sort.type === "bits" ? bitNodesOf(operator.name) : 5);
}

function applyTheory(
  { name, indices }: Extract<Operator, { type: "theory" }>,
  { operands: typed }: TypedTerm,
  operands: readonly Term[],
): Term | undefined {
  const sort = typed[0]?.sort;
  if (name === "-" || name === "abs") {
    if (sort?.type !== "Int" && sort?.type !== "Real") return undefined;
    return signMeaning(name, operands, sort.type);
  }
  const plain = plainMeanings.get(name);
  if (plain !== undefined) return plain(operands, indices);
  const bits = typed.flatMap((operand, index): Bits[] => {
    const term = operands[index];
    if (operand.sort.type !== "bits" || term === undefined) return [];
    return [{ term, width: operand.sort.width }];
  });
  if (bits.length === 0 || bits.length !== typed.length) return undefined;
  const meaning = bitMeanings.get(name);
  if (meaning !== undefined) return meaning(bits, indices).term;
  const [left, right = left] = bits;
  if (left === undefined || right === undefined) return undefined;
  return truthMeanings.get(name)?.(left, right);
}
