import type { Span } from "../../obligation.ts";
import { stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { Binary, BinaryOperator, Call, Choice, Leaf, Unary } from "../syntax/syntax.ts";
import type { Token } from "./lexer.ts";
import { isReserved, type TokenStream } from "./token-stream.ts";

/** Precedence of each binary operator. Operators with a greater number bind tighter. */
export const precedence: Readonly<Record<BinaryOperator, number>> = {
  "=>": 1,
  "||": 2,
  "&&": 3,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};

/**
 * Precedence of comparisons. They do not chain. The word `not` (unlike `!`) negates a whole
 * comparison.
 */
const comparison = 4;

const synonyms: ReadonlyMap<string, BinaryOperator> = new Map([
  ["==>", "=>"],
  ["and", "&&"],
  ["or", "||"],
]);

/** Number of arguments of each function. */
const arities: ReadonlyMap<string, number> = new Map([
  ["old", 1],
  ["abs", 1],
  ["min", 2],
  ["max", 2],
]);

/** Expression with the number of levels of its tree. */
export interface Parsed<E> {
  readonly expression: E;
  readonly depth: number;
}

/** Forms that all dialects share. `E` is the type of a dialect's expressions. */
type Shared<E> = Leaf | Unary<E> | Binary<E> | Choice<E> | Call<E>;

/**
 * Dialect of the expressions: that of intents, or that of contracts. They have the same operators,
 * literals and functions of numbers.
 */
export interface Dialect<E extends { readonly span: Span }> {
  /** Reads a primary expression that begins with a word that is not reserved. */
  readonly word: (stream: TokenStream, dialect: Dialect<E>) => Parsed<E>;
  /** Reads what may follow a primary expression, such as `.field`. */
  readonly suffix: (stream: TokenStream, primary: Parsed<E>, dialect: Dialect<E>) => Parsed<E>;
  /**
   * Reads the rest of a comparison that only this dialect has, such as `in map`, after its left
   * side. Undefined if none follows.
   */
  readonly relation: (
    stream: TokenStream,
    left: Parsed<E>,
    dialect: Dialect<E>,
  ) => Parsed<E> | undefined;
  /** Returns a shared form as an expression of the dialect. */
  readonly widen: (shared: Shared<E>) => E;
  /** Names of all functions of the dialect, for a message. */
  readonly functions: string;
  /**
   * Dialect of expressions in brackets, if it has forms that are not permitted outside them. Absent
   * if it is the same.
   */
  readonly inner?: Dialect<E>;
  /** Dialect of the condition of an `if`, which ends at `then`. Absent if it is the same. */
  readonly condition?: Dialect<E>;
}

/** Reads the longest expression whose operators bind at least as tightly as `floor`. */
export function parseBinary<E extends { readonly span: Span }>(
  stream: TokenStream,
  floor: number,
  dialect: Dialect<E>,
): Parsed<E> {
  let left = parsePrefix(stream, floor, dialect);
  for (;;) {
    const related = comparison < floor ? undefined : dialect.relation(stream, left, dialect);
    if (related !== undefined) {
      left = related;
      refuseChain(stream, left, dialect);
      continue;
    }
    const operator = peekOperator(stream);
    if (operator === undefined || precedence[operator] < floor) return left;
    stream.next();
    const level = precedence[operator];
    // Implication groups to the right, all others to the left.
    const right = stream.nested(() =>
      parseBinary(stream, operator === "=>" ? level : level + 1, dialect),
    );
    const span = { start: left.expression.span.start, end: right.expression.span.end };
    const binary: Binary<E> = {
      type: "binary",
      operator,
      left: left.expression,
      right: right.expression,
      span,
    };
    left = countLevel(stream, [left, right], dialect.widen(binary));
    if (level === comparison) refuseChain(stream, left, dialect);
  }
}

function refuseChain<E extends { readonly span: Span }>(
  stream: TokenStream,
  left: Parsed<E>,
  dialect: Dialect<E>,
): void {
  const { span } = stream.peek();
  const following = peekOperator(stream);
  const isComparison = following !== undefined && precedence[following] === comparison;
  if (!isComparison && dialect.relation(stream, left, dialect) === undefined) return;
  stop("syntax", span, "comparisons do not chain: join two with `&&`");
}

function peekOperator(stream: TokenStream): BinaryOperator | undefined {
  const token = stream.peek();
  if (token.type !== "sign" && token.type !== "word") return undefined;
  const text = synonyms.get(token.text) ?? token.text;
  if (text === "=" || text === "+=" || text === "-=") refuseAssignment(token);
  return isOperator(text) ? text : undefined;
}

function isOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(precedence, text);
}

function refuseAssignment(token: Token): never {
  const hint = token.text === "=" ? "equality is written `==`" : "it stands in an effect block";
  stop("syntax", token.span, `\`${token.text}\` assigns and cannot stand in a condition; ${hint}`);
}

function parsePrefix<E extends { readonly span: Span }>(
  stream: TokenStream,
  floor: number,
  dialect: Dialect<E>,
): Parsed<E> {
  const start = stream.peek().span;
  const loose = stream.is("not");
  if (loose || stream.is("!") || stream.is("-")) {
    const type = stream.next().text === "-" ? "negate" : "not";
    const operand = stream.nested(() =>
      loose
        ? parseBinary(stream, Math.max(floor, comparison), dialect)
        : parsePrefix(stream, 7, dialect),
    );
    const span = stream.spanFrom(start);
    const expression = dialect.widen({ type, operand: operand.expression, span });
    return countLevel(stream, [operand], expression);
  }
  if (stream.is("if")) return stream.nested(() => parseIf(stream, dialect));
  return dialect.suffix(stream, parsePrimary(stream, dialect), dialect);
}

function parseIf<E extends { readonly span: Span }>(
  stream: TokenStream,
  dialect: Dialect<E>,
): Parsed<E> {
  const start = stream.next().span;
  const condition = parseBinary(stream, 1, dialect.condition ?? dialect);
  if (stream.is("{")) {
    const message =
      "a conditional block is not supported: write `condition => clause`, or a value `if c then a else b`";
    stop("unsupported", stream.peek().span, message);
  }
  stream.expect("then", "after the condition of `if`");
  const then = parseBinary(stream, 1, dialect);
  stream.expect("else", "after the value of `then`");
  const otherwise = parseBinary(stream, 1, dialect);
  const choice: Choice<E> = {
    type: "if",
    condition: condition.expression,
    consequent: then.expression,
    alternative: otherwise.expression,
    span: stream.spanFrom(start),
  };
  return countLevel(stream, [condition, then, otherwise], dialect.widen(choice));
}

/** Reads a literal, a name, a call or an expression in brackets. */
export function parsePrimary<E extends { readonly span: Span }>(
  stream: TokenStream,
  dialect: Dialect<E>,
): Parsed<E> {
  const token = stream.peek();
  if (token.type !== "word" && stream.accept("(") !== undefined) {
    const inner = stream.nested(() => parseBinary(stream, 1, bracketed(dialect)));
    stream.expect(")", "to close `(`");
    return inner;
  }
  const leaf = parseLeaf(stream);
  if (leaf !== undefined) return countLevel(stream, [], dialect.widen(leaf));
  if (token.type !== "word" || isReserved(token.text)) return stream.fail("expected a value");
  return dialect.word(stream, dialect);
}

/** Returns the dialect of expressions in brackets: `inner` if there is one, otherwise the same. */
export function bracketed<E extends { readonly span: Span }>(dialect: Dialect<E>): Dialect<E> {
  return dialect.inner ?? dialect;
}

/** Reads a number, a truth value or `sequence`. Undefined if something else follows. */
function parseLeaf(stream: TokenStream): Leaf | undefined {
  const token = stream.peek();
  const { span } = token;
  if (token.type === "integer") {
    stream.next();
    return { type: "integer", value: parseNumeral(token), span };
  }
  if (token.type === "decimal") {
    stream.next();
    return { type: "decimal", text: token.text, span };
  }
  if (stream.is("true") || stream.is("false")) {
    stream.next();
    return { type: "boolean", value: token.text === "true", span };
  }
  return stream.accept("sequence") === undefined ? undefined : { type: "sequence", span };
}

function parseNumeral(token: Token): bigint {
  const digits = Math.ceil(LANGUAGE_LIMITS.numeralBits * Math.LOG10E * Math.LN2);
  // The length is bounded first, since converting a long numeral takes quadratic time.
  const value = token.text.length > digits + 1 ? undefined : BigInt(token.text);
  if (value === undefined || value >> BigInt(LANGUAGE_LIMITS.numeralBits) !== 0n) {
    stop("limit", token.span, `a number is below 2^${LANGUAGE_LIMITS.numeralBits}`);
  }
  return value;
}

/** Operands of a call, with the place of the whole call. */
export interface Operands<E> {
  readonly callee: Token;
  readonly operands: readonly Parsed<E>[];
  readonly span: Span;
}

/** Reads the name of a function and its operands in brackets. */
export function parseOperands<E extends { readonly span: Span }>(
  stream: TokenStream,
  dialect: Dialect<E>,
): Operands<E> {
  const callee = stream.next();
  stream.next();
  const operands: Parsed<E>[] = [];
  stream.nested(() => {
    while (!stream.is(")")) {
      operands.push(parseBinary(stream, 1, bracketed(dialect)));
      if (stream.accept(",") === undefined) break;
    }
  });
  stream.expect(")", `after what \`${callee.text}\` takes`);
  return { callee, operands, span: stream.spanFrom(callee.span) };
}

/** Requires that a function has the number of operands that it takes. */
export function checkArity<E>({ callee, operands, span }: Operands<E>, arity: number): void {
  if (operands.length === arity) return;
  const values = arity === 1 ? "value" : "values";
  const message = `\`${callee.text}\` takes ${arity} ${values}, not ${operands.length}`;
  stop("type", span, message);
}

/** Reads a call of a function that all dialects have: `old`, `min`, `max` or `abs`. */
export function parseCall<E extends { readonly span: Span }>(
  stream: TokenStream,
  dialect: Dialect<E>,
): Parsed<E> {
  const call = parseOperands(stream, dialect);
  const { callee, operands, span } = call;
  const arity = arities.get(callee.text);
  if (arity === undefined) {
    const message = `there is no function \`${callee.text}\`; there are ${dialect.functions}`;
    stop("unknown-name", callee.span, message);
  }
  checkArity(call, arity);
  const [first] = operands;
  if (callee.text === "old" && first !== undefined) {
    const old: Unary<E> = { type: "old", operand: first.expression, span };
    return countLevel(stream, operands, dialect.widen(old));
  }
  const known = callee.text === "min" || callee.text === "max" ? callee.text : "abs";
  const expressions = operands.map((one) => one.expression);
  const shared: Call<E> = { type: "call", callee: known, operands: expressions, span };
  return countLevel(stream, operands, dialect.widen(shared));
}

/** Counts a node of the tree. Stops with a diagnostic beyond the limits of size and depth. */
export function countLevel<E extends { readonly span: Span }>(
  stream: TokenStream,
  parts: readonly { readonly depth: number }[],
  expression: E,
): Parsed<E> {
  const depth = 1 + Math.max(0, ...parts.map((part) => part.depth));
  if (depth > LANGUAGE_LIMITS.depth) {
    const message = `an expression has at most ${LANGUAGE_LIMITS.depth} levels; use \`let\` for parts`;
    stop("limit", expression.span, message);
  }
  stream.countNode(expression.span);
  return { expression, depth };
}
