import { assertNever } from "@aethel/models/primitives";
import type { Sort, Term } from "../../term.ts";
import { operandsOf } from "../../term-operands.ts";
import type { Session } from "./session.ts";
import type { Pointer } from "./solver-exports.ts";

/**
 * Creates a function that builds Z3's form of a term through Z3's API. No text is involved, so
 * nothing must be escaped and nothing can be misread.
 */
export function createTermBuilder(session: Session): (term: Term) => Pointer {
  const { exports, context } = session;
  const integer = exports.Z3_mk_int_sort(context);
  const boolean = exports.Z3_mk_bool_sort(context);
  const array = exports.Z3_mk_array_sort(context, integer, integer);
  const builder: Builder = { session, integer, boolean, array, built: new Map() };
  return (term) => build(builder, term);
}

interface Builder {
  readonly session: Session;
  /** Z3's sort of integers. */
  readonly integer: Pointer;
  /** Z3's sort of booleans. */
  readonly boolean: Pointer;
  /** Z3's sort of arrays from integers to integers. */
  readonly array: Pointer;
  readonly built: Map<Term, Pointer>;
}

function build(builder: Builder, root: Term): Pointer {
  const { session, built } = builder;
  // Iterative: the depth of a formula is bounded by the source's length only.
  const stack: Term[] = [root];
  for (let term = stack.at(-1); term !== undefined; term = stack.at(-1)) {
    const missing = operandsOf(term).filter((operand) => !built.has(operand));
    if (built.has(term) || missing.length === 0) {
      if (!built.has(term)) built.set(term, apply(builder, term));
      stack.pop();
    } else {
      stack.push(...missing);
    }
  }
  session.check("build term");
  return builtOf(builder, root);
}

function builtOf({ built }: Builder, term: Term): Pointer {
  const pointer = built.get(term);
  if (pointer === undefined) throw new Error("unreachable: operand before operator");
  return pointer;
}

function sortOf(builder: Builder, sort: Sort): Pointer {
  const { session, integer, boolean, array } = builder;
  if (sort === "integer") return integer;
  if (sort === "boolean") return boolean;
  if (typeof sort !== "object" || sort.type !== "array") return unused(JSON.stringify(sort));
  // Made at the start, so that intents without contracts are the same to Z3 as ever.
  if (sort.index === "integer" && sort.element === "integer") return array;
  const { exports, context } = session;
  const [index, element] = [sortOf(builder, sort.index), sortOf(builder, sort.element)];
  return exports.Z3_mk_array_sort(context, index, element);
}

/** Applies a free function. Z3 keeps one declaration for a name with its signature. */
function applyFunction(
  builder: Builder,
  { name, operands, sort }: Extract<Term, { type: "apply" }>,
): Pointer {
  const { session } = builder;
  const { exports, context } = session;
  const terms = operands.map((operand) => builtOf(builder, operand));
  const domain = session.array(terms.map((term) => exports.Z3_get_sort(context, term)));
  const declaration = exports.Z3_mk_func_decl(
    context,
    session.symbol(name),
    operands.length,
    domain,
    sortOf(builder, sort),
  );
  return exports.Z3_mk_app(context, declaration, operands.length, session.array(terms));
}

function apply(builder: Builder, term: Term): Pointer {
  const { session, integer } = builder;
  const { exports, context } = session;
  const at = (operand: Term): Pointer => builtOf(builder, operand);
  switch (term.type) {
    case "integer":
      return session.numeral(term.value, integer);
    case "boolean":
      return term.value ? exports.Z3_mk_true(context) : exports.Z3_mk_false(context);
    case "symbol":
      return exports.Z3_mk_const(context, session.symbol(term.name), sortOf(builder, term.sort));
    case "arithmetic":
      return applyArithmetic(builder, term);
    case "compare":
      return term.operator === "less"
        ? exports.Z3_mk_lt(context, at(term.left), at(term.right))
        : exports.Z3_mk_le(context, at(term.left), at(term.right));
    case "equal":
      return exports.Z3_mk_eq(context, at(term.left), at(term.right));
    case "not":
      return exports.Z3_mk_not(context, at(term.operand));
    case "and":
      return exports.Z3_mk_and(context, ...list(builder, term.operands));
    case "or":
      return exports.Z3_mk_or(context, ...list(builder, term.operands));
    case "implies":
      return exports.Z3_mk_implies(context, at(term.left), at(term.right));
    case "if":
      return exports.Z3_mk_ite(context, at(term.condition), at(term.then), at(term.else));
    case "select":
      return exports.Z3_mk_select(context, at(term.array), at(term.index));
    case "store":
      return exports.Z3_mk_store(context, at(term.array), at(term.index), at(term.value));
    case "apply":
      return applyFunction(builder, term);
    default:
      return unused(term.type);
  }
}

function applyArithmetic(
  builder: Builder,
  { operator, operands }: Extract<Term, { type: "arithmetic" }>,
): Pointer {
  const { exports, context } = builder.session;
  const [left, right] = operands;
  switch (operator) {
    case "add":
      return exports.Z3_mk_add(context, ...list(builder, operands));
    case "multiply":
      return exports.Z3_mk_mul(context, ...list(builder, operands));
    case "subtract":
      return exports.Z3_mk_sub(context, ...list(builder, operands));
    case "divide":
    case "modulo": {
      if (left === undefined || right === undefined || operands.length !== 2) {
        throw new Error(`invariant broken: ${operator} of ${operands.length} operands`);
      }
      const make = operator === "divide" ? exports.Z3_mk_div : exports.Z3_mk_mod;
      return make(context, builtOf(builder, left), builtOf(builder, right));
    }
    case "quotient":
      return unused(operator);
    default:
      return assertNever(operator);
  }
}

function list(builder: Builder, operands: readonly Term[]): readonly [number, Pointer] {
  const pointers = operands.map((operand) => builtOf(builder, operand));
  return [operands.length, builder.session.array(pointers)];
}

/**
 * Throws for a term that cannot occur: theorems reach Z3 as text, and only terms of intents are
 * built here.
 */
function unused(what: string): never {
  throw new Error(`invariant broken: ${what} does not occur in an intent's obligations`);
}
