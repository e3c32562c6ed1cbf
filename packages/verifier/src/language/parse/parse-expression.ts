import type { Span } from "../../obligation.ts";
import { stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { BinaryOperator, Expression, Field, SupplyOf } from "../syntax/syntax.ts";
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

interface Parsed {
  readonly expression: Expression;
  readonly depth: number;
}

/** Reads the longest expression from the current token on. Throws `DiagnosticStop`. */
export function parseExpression(stream: TokenStream): Expression {
  return parseBinary(stream, 1).expression;
}

/** Reads `account.field` or `account.field[asset]`. */
export function parseField(stream: TokenStream): Field {
  const account = stream.name("an account");
  stream.expect(".", "after the account");
  const field = stream.name("a field, such as `balance`");
  if (stream.accept("[") === undefined) {
    return { type: "field", account, field, span: stream.spanFrom(account.span) };
  }
  const asset = stream.name("an asset");
  stream.expect("]", "after the asset");
  return { type: "field", account, field, asset, span: stream.spanFrom(account.span) };
}

/** Reads `supply[asset]`. */
export function parseSupply(stream: TokenStream): SupplyOf {
  const start = stream.next().span;
  stream.expect("[", "after `supply`");
  const asset = stream.name("an asset");
  stream.expect("]", "after the asset");
  return { type: "supply", asset, span: stream.spanFrom(start) };
}

/**
 * Tells whether `supply[asset]` follows. Without the bracket, `supply` is a name like any other.
 */
export function isSupply(stream: TokenStream): boolean {
  return stream.is("supply") && stream.is("[", 1);
}

function parseBinary(stream: TokenStream, floor: number): Parsed {
  let left = parsePrefix(stream, floor);
  for (;;) {
    const operator = peekOperator(stream);
    if (operator === undefined || precedence[operator] < floor) return left;
    stream.next();
    const level = precedence[operator];
    // Implication groups to the right, all others to the left.
    const right = stream.nested(() => parseBinary(stream, operator === "=>" ? level : level + 1));
    const span = { start: left.expression.span.start, end: right.expression.span.end };
    left = node(stream, [left, right], {
      type: "binary",
      operator,
      left: left.expression,
      right: right.expression,
      span,
    });
    if (level === comparison) refuseChain(stream);
  }
}

function refuseChain(stream: TokenStream): void {
  const following = peekOperator(stream);
  if (following === undefined || precedence[following] !== comparison) return;
  stop("syntax", stream.peek().span, "comparisons do not chain: join two with `&&`");
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

function parsePrefix(stream: TokenStream, floor: number): Parsed {
  const start = stream.peek().span;
  const loose = stream.is("not");
  if (loose || stream.is("!") || stream.is("-")) {
    const type = stream.next().text === "-" ? "negate" : "not";
    const operand = stream.nested(() =>
      loose ? parseBinary(stream, Math.max(floor, comparison)) : parsePrefix(stream, 7),
    );
    const span = stream.spanFrom(start);
    return node(stream, [operand], { type, operand: operand.expression, span });
  }
  return stream.is("if") ? stream.nested(() => parseIf(stream)) : parsePrimary(stream);
}

function parseIf(stream: TokenStream): Parsed {
  const start = stream.next().span;
  const condition = parseBinary(stream, 1);
  if (stream.is("{")) {
    const message =
      "a conditional block is not supported: write `condition => clause`, or a value `if c then a else b`";
    stop("unsupported", stream.peek().span, message);
  }
  stream.expect("then", "after the condition of `if`");
  const then = parseBinary(stream, 1);
  stream.expect("else", "after the value of `then`");
  const otherwise = parseBinary(stream, 1);
  return node(stream, [condition, then, otherwise], {
    type: "if",
    condition: condition.expression,
    consequent: then.expression,
    alternative: otherwise.expression,
    span: stream.spanFrom(start),
  });
}

function parsePrimary(stream: TokenStream): Parsed {
  const token = stream.peek();
  const { span } = token;
  if (token.type === "integer") {
    stream.next();
    return node(stream, [], { type: "integer", value: parseNumeral(token), span });
  }
  if (token.type === "decimal") {
    stream.next();
    return node(stream, [], { type: "decimal", text: token.text, span });
  }
  if (stream.accept("(") !== undefined) {
    const inner = stream.nested(() => parseBinary(stream, 1));
    stream.expect(")", "to close `(`");
    return inner;
  }
  if (token.type !== "word") return stream.fail("expected a value");
  if (token.text === "true" || token.text === "false") {
    stream.next();
    return node(stream, [], { type: "boolean", value: token.text === "true", span });
  }
  if (stream.accept("sequence") !== undefined) return node(stream, [], { type: "sequence", span });
  if (isReserved(token.text)) return stream.fail("expected a value");
  if (stream.is("(", 1)) return parseCall(stream);
  if (stream.is(".", 1)) return node(stream, [], parseField(stream));
  if (isSupply(stream)) return node(stream, [], parseSupply(stream));
  stream.next();
  return node(stream, [], { type: "name", name: token.text, span });
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

function parseCall(stream: TokenStream): Parsed {
  const callee = stream.next();
  stream.next();
  const operands: Parsed[] = [];
  stream.nested(() => {
    while (!stream.is(")")) {
      operands.push(parseBinary(stream, 1));
      if (stream.accept(",") === undefined) break;
    }
  });
  stream.expect(")", `after what \`${callee.text}\` takes`);
  const span = stream.spanFrom(callee.span);
  const arity = arities.get(callee.text);
  if (arity === undefined) {
    stop(
      "unknown-name",
      callee.span,
      `there is no function \`${callee.text}\`; there are old, min, max, abs`,
    );
  }
  const [first] = operands;
  if (operands.length !== arity || first === undefined) {
    stop(
      "type",
      span,
      `\`${callee.text}\` takes ${arity} ${arity === 1 ? "value" : "values"}, not ${operands.length}`,
    );
  }
  return node(stream, operands, callNode(callee.text, operands, first, span));
}

function callNode(
  callee: string,
  operands: readonly Parsed[],
  first: Parsed,
  span: Span,
): Expression {
  if (callee === "old") return { type: "old", operand: first.expression, span };
  const known = callee === "min" || callee === "max" ? callee : "abs";
  return { type: "call", callee: known, operands: operands.map((one) => one.expression), span };
}

function node(stream: TokenStream, parts: readonly Parsed[], expression: Expression): Parsed {
  const depth = 1 + Math.max(0, ...parts.map((part) => part.depth));
  if (depth > LANGUAGE_LIMITS.depth) {
    const message = `an expression has at most ${LANGUAGE_LIMITS.depth} levels; use \`let\` for parts`;
    stop("limit", expression.span, message);
  }
  stream.countNode(expression.span);
  return { expression, depth };
}
