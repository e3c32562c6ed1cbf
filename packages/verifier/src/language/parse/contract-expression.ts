import { accountPattern } from "../syntax/assets.ts";
import type { ContractExpression, RecordLiteral } from "../syntax/contract.ts";
import { stop } from "../syntax/diagnostic.ts";
import type { Name } from "../syntax/syntax.ts";
import {
  bracketed,
  checkArity,
  countLevel,
  type Dialect,
  type Parsed,
  parseBinary,
  parseCall,
  parseOperands,
  parsePrimary,
  precedence,
} from "./parse-operators.ts";
import type { TokenStream } from "./token-stream.ts";

/**
 * Least precedence of an operator in the amount of an exit outside brackets. All comparisons are
 * below it.
 */
export const amountFloor: number = precedence["=="] + 1;

type Reader = Dialect<ContractExpression>;
type Read = Parsed<ContractExpression>;

const operators: Reader = {
  word: parseWord,
  suffix: parseSuffix,
  relation: parseIn,
  widen: (shared) => shared,
  functions: "old, min, max, abs, sum, sha256, signed, signed_message",
};
const contracts: Reader = {
  ...operators,
  word: parseWordOrRecord,
  // In the condition of an `if` a record stands in brackets, so that no block seems to follow.
  condition: {
    ...operators,
    get inner() {
      return contracts;
    },
  },
};
/**
 * Dialect of the amount that an exit keeps. Outside brackets it has no `key in map`, because there
 * `in` begins the asset that is owed.
 */
const amounts: Reader = { ...contracts, relation: () => undefined, inner: contracts };

/** Reads the longest expression of a contract. Throws `DiagnosticStop`. */
export function parseContractExpression(stream: TokenStream): ContractExpression {
  return parseBinary(stream, 1, contracts).expression;
}

/** Reads the amount after `keeping` of an exit. Comparisons in it must be in brackets. */
export function parseAmount(stream: TokenStream): ContractExpression {
  return parseBinary(stream, amountFloor, amounts).expression;
}

/**
 * Reads the place that an assignment or `delete` changes: a primary expression and what follows it.
 * Operators are left, so `=` and `+=` are not read as part of a comparison.
 */
export function parsePlace(stream: TokenStream): ContractExpression {
  if (stream.peek().type !== "word" && !stream.is("(")) stream.fail("expected a statement");
  return parseSuffix(stream, parsePrimary(stream, contracts), contracts).expression;
}

/** Reads `R { field: value, ... }`. */
export function parseRecord(stream: TokenStream): RecordLiteral {
  const { record, parts } = readRecord(stream, contracts);
  countLevel(stream, parts, record);
  return record;
}

function parseWordOrRecord(stream: TokenStream, dialect: Reader): Read {
  if (!stream.is("{", 1)) return parseWord(stream, dialect);
  const { record, parts } = readRecord(stream, dialect);
  return countLevel(stream, parts, record);
}

function parseWord(stream: TokenStream, dialect: Reader): Read {
  const { text } = stream.peek();
  if (stream.peek(1).type === "string" && (text === "account" || text === "digest")) {
    return parseBytes(stream, text);
  }
  refuseLoop(stream);
  if (stream.is("(", 1)) return parseFunction(stream, dialect);
  return parseName(stream, dialect);
}

/**
 * Refuses `for each` inside a rule, and loops. `for` and `while` are read as names if what follows
 * them cannot follow the head of a loop.
 */
export function refuseLoop(stream: TokenStream): void {
  const { span } = stream.peek();
  if (stream.is("for") && stream.is("each", 1)) {
    const message =
      "`for each` stands at the head of an invariant, a transition or an exit, and nowhere else";
    stop("syntax", span, message);
  }
  if (!stream.is("for") && !stream.is("while")) return;
  const { type, text } = stream.peek(1);
  const isName = type !== "word" || /^(?:in|and|or|then|else|keeping|after|within)$/.test(text);
  if (isName && !stream.is("(", 1)) return;
  stop("unsupported", span, "loops are not supported: one call changes a fixed number of cells");
}

function parseName(stream: TokenStream, dialect: Reader): Read {
  const { text, span } = stream.peek();
  if (text === "now" || text === "none" || text === "vault") {
    stream.next();
    return countLevel(stream, [], { type: text, span });
  }
  const name = stream.name("a value");
  return countLevel(stream, [], dialect.widen({ type: "name", name: name.text, span }));
}

function parseBytes(stream: TokenStream, kind: "account" | "digest"): Read {
  const start = stream.next().span;
  const { text: hex, span } = stream.next();
  if (!accountPattern.test(hex)) {
    const article = kind === "account" ? "an account" : "a digest";
    stop("syntax", span, `${article} is written as 64 hexadecimal digits, lower case`);
  }
  return countLevel(stream, [], { type: "bytes", kind, hex, span: stream.spanFrom(start) });
}

function parseFunction(stream: TokenStream, dialect: Reader): Read {
  const { text } = stream.peek();
  if (text === "sum") return parseSum(stream, dialect);
  if (text !== "sha256" && text !== "signed" && text !== "signed_message") {
    return parseCall(stream, dialect);
  }
  const call = parseOperands(stream, dialect);
  checkArity(call, text === "signed_message" ? 3 : 1);
  const operands = call.operands.map((one) => one.expression);
  return countLevel(stream, call.operands, {
    type: "function",
    callee: text,
    operands,
    span: call.span,
  });
}

/** Reads `sum(v in map: term)` or `sum(v at k in map[p]: term)`. */
function parseSum(stream: TokenStream, dialect: Reader): Read {
  const start = stream.next().span;
  stream.next();
  const cell = stream.name("a name for each cell, as in `sum(v in map: v)`");
  const keys = stream.accept("at") === undefined ? [] : parseNames(stream, "a name for the key");
  stream.expect("in", "and the map whose cells are added");
  const map = stream.name("the map whose cells are added");
  const inner = bracketed(dialect);
  let row: Read | undefined;
  if (stream.accept("[") !== undefined) {
    row = stream.nested(() => parseBinary(stream, 1, inner));
    stream.expect("]", "after the first key of the row");
  }
  stream.expect(":", "and the term that is added for each cell");
  const term = stream.nested(() => parseBinary(stream, 1, inner));
  stream.expect(")", "after the term of the sum");
  return countLevel(stream, row === undefined ? [term] : [row, term], {
    type: "sum",
    cell,
    keys,
    map,
    row: row?.expression,
    term: term.expression,
    span: stream.spanFrom(start),
  });
}

/** Reads one or two names with a comma between them. */
export function parseNames(stream: TokenStream, what: string): readonly Name[] {
  const first = stream.name(what);
  return stream.accept(",") === undefined ? [first] : [first, stream.name(what)];
}

function readRecord(
  stream: TokenStream,
  dialect: Reader,
): { readonly record: RecordLiteral; readonly parts: readonly Read[] } {
  const name = stream.name("the name of a record");
  stream.expect("{", "to open the record");
  const fields: { name: Name; value: ContractExpression }[] = [];
  const parts: Read[] = [];
  while (!stream.is("}")) {
    const field = stream.name("the name of a field");
    stream.expect(":", `and the value of \`${field.text}\``);
    const value = stream.nested(() => parseBinary(stream, 1, bracketed(dialect)));
    fields.push({ name: field, value: value.expression });
    parts.push(value);
    if (stream.accept(",") === undefined) break;
  }
  stream.expect("}", "after the fields of the record");
  return { record: { type: "record", name, fields, span: stream.spanFrom(name.span) }, parts };
}

/** Reads any number of `.member` and `[key]`. */
function parseSuffix(stream: TokenStream, primary: Read, dialect: Reader): Read {
  let read = primary;
  for (;;) {
    const { start } = read.expression.span;
    const object = read.expression;
    if (stream.accept(".") !== undefined) {
      const member = stream.name("a field, such as `balance`");
      const span = stream.spanFrom({ start, end: start });
      read = countLevel(stream, [read], { type: "member", object, member, span });
    } else if (stream.accept("[") !== undefined) {
      const key = stream.nested(() => parseBinary(stream, 1, bracketed(dialect)));
      stream.expect("]", "after the key");
      const span = stream.spanFrom({ start, end: start });
      read = countLevel(stream, [read, key], { type: "index", object, key: key.expression, span });
    } else {
      return read;
    }
  }
}

/** Reads `in map` or `in map[k]` after a key. Undefined if the next token is not `in`. */
function parseIn(stream: TokenStream, left: Read, dialect: Reader): Read | undefined {
  if (stream.accept("in") === undefined) return undefined;
  const map = parseSuffix(stream, parseName(stream, dialect), dialect);
  return countLevel(stream, [left, map], {
    type: "in",
    key: left.expression,
    map: map.expression,
    span: { start: left.expression.span.start, end: map.expression.span.end },
  });
}
