import { assertNever } from "@aethel/models/primitives";
import type { Sort } from "../sorts/sort.ts";
import { ScreenError } from "../syntax/s-expression.ts";
import { childrenOf, type Hint, type Operator, type TypedTerm } from "./typed-term.ts";

/** Graph of the terms of one script. It makes equal terms only once. */
export interface TermGraph {
  /**
   * Returns the term of an operator with operands. The caller must have checked the sorts.
   *
   * `at` is the offset, in the script, of the text that needs the term, for the message if a limit
   * is exceeded.
   *
   * @throws ScreenError `depth`.
   */
  readonly make: (
    operator: Operator,
    operands: readonly TypedTerm[],
    sort: Sort,
    at: number,
  ) => TypedTerm;
  /**
   * Counts work that can grow faster than the script, such as expanding definitions.
   *
   * @throws ScreenError `expansion`.
   */
  readonly spend: (steps: number, at: number) => void;
}

/** Bounds on a graph. */
export interface GraphLimits {
  readonly depth: number;
  /** Greatest number of steps that `spend` may count (`EXPANSION_STEPS_MAX`). */
  readonly steps: number;
}

/** Creates an empty graph. */
export function createTermGraph(limits: GraphLimits): TermGraph {
  const known = new Map<string, TypedTerm>();
  let steps = 0;

  function spend(count: number, at: number): void {
    steps += count;
    if (steps <= limits.steps) return;
    throw new ScreenError("expansion", "definitions expand to too many terms", at);
  }

  function make(
    operator: Operator,
    operands: readonly TypedTerm[],
    sort: Sort,
    at: number,
  ): TypedTerm {
    const key = `${keyOf(operator)}:${sort.id}:${idsOf(operands)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const depth = operands.reduce((most, operand) => Math.max(most, operand.depth), 0) + 1;
    if (depth > limits.depth) {
      throw new ScreenError("depth", `this term is more than ${limits.depth} operators deep`, at);
    }
    const shape = { id: known.size, operator, operands, sort };
    const term: TypedTerm = { ...shape, ...occurrencesIn(shape), depth, at };
    known.set(key, term);
    return term;
  }

  return { make, spend };
}

function occurrencesIn(
  term: Pick<TypedTerm, "operator" | "operands">,
): Pick<TypedTerm, "open" | "binds" | "parametric"> {
  const { operator } = term;
  if (operator.type === "variable") {
    return { open: operator.level + 1, binds: false, parametric: false };
  }
  if (operator.type === "parameter") return { open: 0, binds: false, parametric: true };
  const children = childrenOf(term);
  const open = children.reduce((most, child) => Math.max(most, child.open), 0);
  const quantifier = operator.type === "quantifier";
  return {
    open: quantifier ? Math.min(open, operator.level) : open,
    binds: quantifier || children.some((child) => child.binds),
    parametric: children.some((child) => child.parametric),
  };
}

function keyOf(operator: Operator): string {
  switch (operator.type) {
    case "theory":
      return `t ${operator.name} ${operator.indices.join(" ")}`;
    case "integer":
      return `i ${operator.value.toString(16)}`;
    case "real":
      return `r ${operator.numerator.toString(16)}/${operator.denominator.toString(16)}`;
    case "bits":
      return `b ${operator.value.toString(16)}`;
    case "string":
      return `s ${operator.characters.join(" ")}`;
    case "function":
      return `f ${operator.symbol.order}`;
    case "construct":
    case "test":
      return `${operator.type} ${operator.constructor.order}`;
    case "select":
      return `select ${operator.selector.order}`;
    case "constant-array":
      return "k";
    case "variable":
      return `v ${operator.level}`;
    case "parameter":
      return `p ${operator.index}`;
    case "quantifier": {
      const sorts = operator.sorts.map((sort) => sort.id).join(" ");
      return `${operator.quantifier} ${operator.level} ${sorts} ${operator.hints.map(hintKey).join(" ")}`;
    }
    default:
      return assertNever(operator);
  }
}

function hintKey(hint: Hint): string {
  switch (hint.type) {
    case "pattern":
      return `+${idsOf(hint.terms)}`;
    case "no-pattern":
      return `-${hint.term.id}`;
    case "weight":
      return `w${hint.weight}`;
    default:
      return assertNever(hint);
  }
}

function idsOf(terms: readonly TypedTerm[]): string {
  let text = "";
  for (const term of terms) text += `${term.id},`;
  return text;
}
