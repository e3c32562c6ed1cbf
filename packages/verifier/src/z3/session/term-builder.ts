import { assertNever } from "@aethel/models/primitives";
import type { Sort, Term } from "../../term.ts";
import { operandsOf } from "../../term-operands.ts";
import type { Session } from "./session.ts";
import type { Pointer } from "./solver-exports.ts";

/** Builds Z3's form of a term through its API: no text, hence nothing to escape or to misread. */
export function createTermBuilder(session: Session): (term: Term) => Pointer {
  const { exports, context } = session;
  const integer = exports.Z3_mk_int_sort(context);
  const boolean = exports.Z3_mk_bool_sort(context);
  const array = exports.Z3_mk_array_sort(context, integer, integer);
  const built = new Map<Term, Pointer>();

  function sortOf(sort: Sort): Pointer {
    if (sort === "integer") return integer;
    if (sort === "boolean") return boolean;
    const ofIntegers =
      typeof sort === "object" &&
      sort.type === "array" &&
      sort.index === "integer" &&
      sort.element === "integer";
    return ofIntegers ? array : unused(JSON.stringify(sort));
  }

  function build(root: Term): Pointer {
    // Iterative: the depth of a formula is bounded by the source's length only.
    const stack: Term[] = [root];
    for (let term = stack.at(-1); term !== undefined; term = stack.at(-1)) {
      const missing = operandsOf(term).filter((operand) => !built.has(operand));
      if (built.has(term) || missing.length === 0) {
        if (!built.has(term)) built.set(term, apply(term));
        stack.pop();
      } else {
        stack.push(...missing);
      }
    }
    session.check("build term");
    return at(root);
  }

  function at(term: Term): Pointer {
    const pointer = built.get(term);
    if (pointer === undefined) throw new Error("unreachable: operand before operator");
    return pointer;
  }

  function list(operands: readonly Term[]): readonly [number, Pointer] {
    return [operands.length, session.array(operands.map(at))];
  }

  function apply(term: Term): Pointer {
    switch (term.type) {
      case "integer":
        return session.numeral(term.value, integer);
      case "boolean":
        return term.value ? exports.Z3_mk_true(context) : exports.Z3_mk_false(context);
      case "symbol":
        return exports.Z3_mk_const(context, session.symbol(term.name), sortOf(term.sort));
      case "arithmetic":
        return applyArithmetic(term);
      case "compare":
        return term.operator === "less"
          ? exports.Z3_mk_lt(context, at(term.left), at(term.right))
          : exports.Z3_mk_le(context, at(term.left), at(term.right));
      case "equal":
        return exports.Z3_mk_eq(context, at(term.left), at(term.right));
      case "not":
        return exports.Z3_mk_not(context, at(term.operand));
      case "and":
        return exports.Z3_mk_and(context, ...list(term.operands));
      case "or":
        return exports.Z3_mk_or(context, ...list(term.operands));
      case "implies":
        return exports.Z3_mk_implies(context, at(term.left), at(term.right));
      case "if":
        return exports.Z3_mk_ite(context, at(term.condition), at(term.then), at(term.else));
      case "select":
        return exports.Z3_mk_select(context, at(term.array), at(term.index));
      case "store":
        return exports.Z3_mk_store(context, at(term.array), at(term.index), at(term.value));
      default:
        return unused(term.type);
    }
  }

  function applyArithmetic(term: Extract<Term, { type: "arithmetic" }>): Pointer {
    const [left, right] = term.operands;
    switch (term.operator) {
      case "add":
        return exports.Z3_mk_add(context, ...list(term.operands));
      case "multiply":
        return exports.Z3_mk_mul(context, ...list(term.operands));
      case "subtract":
        return exports.Z3_mk_sub(context, ...list(term.operands));
      case "divide":
      case "modulo": {
        if (left === undefined || right === undefined || term.operands.length !== 2) {
          throw new Error(`invariant broken: ${term.operator} of ${term.operands.length} operands`);
        }
        const make = term.operator === "divide" ? exports.Z3_mk_div : exports.Z3_mk_mod;
        return make(context, at(left), at(right));
      }
      case "quotient":
        return unused(term.operator);
      default:
        return assertNever(term.operator);
    }
  }

  return build;
}

/** Theorems reach Z3 as text; only the language of intents is built here. */
function unused(what: string): never {
  throw new Error(`invariant broken: ${what} does not occur in an intent's obligations`);
}
