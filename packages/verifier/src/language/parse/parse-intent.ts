import type { Span } from "../../obligation.ts";
import { stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type {
  Assignment,
  Clause,
  EffectStatement,
  Hint,
  Intent,
  Let,
  Modifier,
  ModifierKind,
  Parameter,
} from "../syntax/syntax.ts";
import { isSupply, parseExpression, parseField, parseSupply } from "./parse-expression.ts";
import { describeToken, isReserved, type TokenStream } from "./token-stream.ts";

/**
 * Reads an intent from the word `intent` on. `start` is the place of its first word, which may be
 * `issue` or `burn`.
 */
export function parseIntent(stream: TokenStream, start: Span, supply: Intent["supply"]): Intent {
  stream.expect("intent", `after \`${supply}\``);
  stream.resetNodes();
  const name = stream.name("the name of the intent");
  const parameters = parseParameters(stream);
  stream.expect("{", "to open the intent");
  const blocks: {
    guard?: Clause[];
    effect?: EffectStatement[];
    solve?: Hint[];
    verify?: Clause[];
  } = {};
  while (stream.accept("}") === undefined) {
    const word = stream.next();
    const kind = blockKind(word.text);
    if (word.type !== "word" || kind === undefined) {
      const expected = "expected a block (`guard`, `effect`, `solve`, `verify`) or `}`";
      stop("syntax", word.span, `${expected}, found ${describeToken(word)}`);
    }
    if (blocks[kind] !== undefined) {
      stop("duplicate", word.span, `\`${name.text}\` has a \`${kind}\` block already`);
    }
    if (kind === "effect") blocks.effect = parseBlock(stream, kind, parseEffect);
    else if (kind === "solve") blocks.solve = parseBlock(stream, kind, parseHint);
    else blocks[kind] = parseBlock(stream, kind, parseClause);
  }
  const { guard = [], effect = [], solve = [], verify = [] } = blocks;
  const span = stream.spanFrom(start);
  return { type: "intent", supply, name, parameters, guard, effect, solve, verify, span };
}

function blockKind(word: string): "guard" | "effect" | "solve" | "verify" | undefined {
  return word === "guard" || word === "effect" || word === "solve" || word === "verify"
    ? word
    : undefined;
}

/** Reads the parameters of an intent, with their brackets. */
export function parseParameters(stream: TokenStream): readonly Parameter[] {
  stream.expect("(", "after the name of the intent");
  const parameters: Parameter[] = [];
  while (!stream.is(")")) {
    parameters.push(parseParameter(stream));
    if (parameters.length > LANGUAGE_LIMITS.parameters) {
      const message = `an intent has at most ${LANGUAGE_LIMITS.parameters} parameters`;
      stop("limit", stream.peek().span, message);
    }
    if (stream.accept(",") === undefined) break;
  }
  stream.expect(")", "after the parameters");
  return parameters;
}

function parseParameter(stream: TokenStream): Parameter {
  const start = stream.peek().span;
  const modifiers: Modifier[] = [];
  for (;;) {
    const kind = modifierKind(stream.peek().text);
    // `signer: Account` is a parameter that happens to be called so.
    if (kind === undefined || stream.is(":", 1)) break;
    modifiers.push({ kind, span: stream.next().span });
    const repeated = modifiers.filter((modifier) => modifier.kind === kind).length > 1;
    if (repeated) stop("duplicate", stream.spanFrom(start), `\`${kind}\` stands here twice`);
  }
  const name = stream.name("the name of a parameter");
  stream.expect(":", `and the type of \`${name.text}\``);
  const typeName = stream.name("a type (`Account`, `Amount`, `Int`, `Bool`)");
  return { name, typeName, modifiers, span: stream.spanFrom(start) };
}

function modifierKind(word: string): ModifierKind | undefined {
  return word === "signer" || word === "external" || word === "secret" || word === "optional"
    ? word
    : undefined;
}

/** Reads the statements of a block, with its braces. */
export function parseBlock<T>(
  stream: TokenStream,
  kind: string,
  parse: (stream: TokenStream) => T,
): T[] {
  stream.expect("{", `after \`${kind}\``);
  const statements: T[] = [];
  while (stream.accept("}") === undefined) {
    if (stream.peek().type === "end") stream.fail("expected a statement or `}`");
    if (statements.length >= LANGUAGE_LIMITS.statements) {
      const message = `a block has at most ${LANGUAGE_LIMITS.statements} statements`;
      stop("limit", stream.peek().span, message);
    }
    statements.push(parse(stream));
  }
  return statements;
}

function parseClause(stream: TokenStream): Clause {
  if (stream.is("let")) return parseLet(stream);
  const start = stream.peek().span;
  const following = stream.peek(1);
  const secret =
    stream.is("secret") &&
    (following.type === "integer" ||
      following.type === "decimal" ||
      (following.type === "word" && following.text !== "and" && following.text !== "or") ||
      stream.is("(", 1) ||
      stream.is("!", 1));
  if (secret) stream.next();
  const expression = parseExpression(stream);
  endStatement(stream, "after the condition");
  return { type: "condition", secret, expression, span: stream.spanFrom(start) };
}

function parseEffect(stream: TokenStream): EffectStatement {
  if (stream.is("let")) return parseLet(stream);
  if (stream.is("if")) {
    const message =
      "a conditional block is not supported: write `x.balance += if c then a else b;`";
    stop("unsupported", stream.peek().span, message);
  }
  return parseAssignment(stream);
}

function parseLet(stream: TokenStream): Let {
  const start = stream.next().span;
  const name = stream.name("a name after `let`");
  stream.expect("=", `after \`let ${name.text}\``);
  const value = parseExpression(stream);
  endStatement(stream, "after the value");
  return { type: "let", name, value, span: stream.spanFrom(start) };
}

function parseAssignment(stream: TokenStream): Assignment {
  const start = stream.peek().span;
  const target = isSupply(stream) ? parseSupply(stream) : parseField(stream);
  const { text } = stream.peek();
  if (text !== "=" && text !== "+=" && text !== "-=") {
    return stream.fail("expected `=`, `+=` or `-=`");
  }
  stream.next();
  const value = parseExpression(stream);
  endStatement(stream, "after the assignment");
  return { type: "assignment", target, operator: text, value, span: stream.spanFrom(start) };
}

function parseHint(stream: TokenStream): Hint {
  const key = stream.next();
  if (key.type !== "word") stop("syntax", key.span, "expected a key, as in `priority: speed;`");
  stream.expect(":", `after \`${key.text}\``);
  const token = stream.next();
  const type =
    token.type === "word"
      ? "word"
      : token.type === "string"
        ? "text"
        : token.type === "integer" || token.type === "decimal"
          ? "number"
          : undefined;
  if (type === undefined) {
    stop("syntax", token.span, "expected a word, a number or a text in quotes");
  }
  endStatement(stream, "after the value");
  const span = stream.spanFrom(key.span);
  return { key: { text: key.text, span: key.span }, value: { type, text: token.text }, span };
}

/**
 * Reads `;`. If it is missing, the fault is reported after the last token, not at the next line.
 */
export function endStatement(stream: TokenStream, after: string): void {
  if (stream.accept(";") !== undefined) return;
  const token = stream.peek();
  const fresh = token.type === "word" || token.type === "end" || token.text === "}";
  const { end } = stream.spanFrom(token.span);
  const span = fresh || isReserved(token.text) ? { start: end, end } : token.span;
  stop("syntax", span, `expected \`;\` ${after}, found ${describeToken(token)}`);
}
