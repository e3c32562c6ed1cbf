import type {
  ContractClause,
  ContractIntent,
  ContractLet,
  ContractStatement,
} from "../syntax/contract.ts";
import { stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import {
  parseContractExpression,
  parsePlace,
  parseRecord,
  refuseLoop,
} from "./contract-expression.ts";
import { endStatement, parseBlock, parseParameters } from "./parse-intent.ts";
import { describeToken, type TokenStream } from "./token-stream.ts";

/** Reads an intent of a contract. */
export function parseContractIntent(stream: TokenStream): ContractIntent {
  const start = stream.next().span;
  const name = stream.name("the name of the intent");
  const parameters = parseParameters(stream);
  stream.expect("{", "to open the intent");
  const lets: ContractLet[] = [];
  while (stream.is("let")) {
    if (lets.length >= LANGUAGE_LIMITS.statements) {
      const message = `an intent has at most ${LANGUAGE_LIMITS.statements} \`let\`s before its blocks`;
      stop("limit", stream.peek().span, message);
    }
    lets.push(parseLet(stream));
  }
  const blocks: {
    guard?: ContractClause[];
    effect?: ContractStatement[];
    verify?: ContractClause[];
  } = {};
  while (stream.accept("}") === undefined) {
    const word = stream.next();
    const kind = word.text;
    if (word.type === "word" && kind === "solve") {
      stop("unsupported", word.span, "an intent of a contract has no `solve` block");
    }
    if (word.type !== "word" || (kind !== "guard" && kind !== "effect" && kind !== "verify")) {
      const expected =
        word.text === "let"
          ? "a `let` for the whole intent stands before its blocks"
          : `expected a block (\`guard\`, \`effect\`, \`verify\`) or \`}\`, found ${describeToken(word)}`;
      stop("syntax", word.span, expected);
    }
    if (blocks[kind] !== undefined) {
      stop("duplicate", word.span, `\`${name.text}\` has a \`${kind}\` block already`);
    }
    if (kind === "effect") blocks.effect = parseBlock(stream, kind, parseStatement);
    else blocks[kind] = parseBlock(stream, kind, parseClause);
  }
  const { guard = [], effect = [], verify = [] } = blocks;
  const span = stream.spanFrom(start);
  return { type: "intent", name, parameters, lets, guard, effect, verify, span };
}

function parseLet(stream: TokenStream): ContractLet {
  const start = stream.next().span;
  const name = stream.name("a name after `let`");
  stream.expect("=", `after \`let ${name.text}\``);
  const value = parseContractExpression(stream);
  endStatement(stream, "after the value");
  return { type: "let", name, value, span: stream.spanFrom(start) };
}

function parseClause(stream: TokenStream): ContractClause {
  if (stream.is("let")) return parseLet(stream);
  const start = stream.peek().span;
  const expression = parseContractExpression(stream);
  endStatement(stream, "after the condition");
  return { type: "condition", expression, span: stream.spanFrom(start) };
}

function parseStatement(stream: TokenStream): ContractStatement {
  const start = stream.peek().span;
  if (stream.is("let")) return parseLet(stream);
  if (stream.is("if")) {
    const message =
      "a conditional block is not supported: write `cell = if condition then value else cell;`";
    stop("unsupported", start, message);
  }
  refuseLoop(stream);
  // Before `.`, `[` or an assignment these words are names.
  if (stream.is("delete") && stream.peek(1).type === "word") {
    stream.next();
    const target = parsePlace(stream);
    endStatement(stream, "after the cell");
    return { type: "delete", target, span: stream.spanFrom(start) };
  }
  if (stream.is("emit") && stream.peek(1).type === "word") {
    stream.next();
    const event = parseRecord(stream);
    endStatement(stream, "after the event");
    return { type: "emit", event, span: stream.spanFrom(start) };
  }
  if (stream.is("assert") && !isPlaceNext(stream)) {
    stream.next();
    const expression = parseContractExpression(stream);
    endStatement(stream, "after the condition");
    return { type: "assert", expression, span: stream.spanFrom(start) };
  }
  return parseAssignment(stream);
}

/** Tells whether the sign after the current word shows that a place of the state begins here. */
function isPlaceNext(stream: TokenStream): boolean {
  return [".", "[", "=", "+=", "-="].some((sign) => stream.is(sign, 1));
}

function parseAssignment(stream: TokenStream): ContractStatement {
  const start = stream.peek().span;
  const target = parsePlace(stream);
  if (target.type === "member" && stream.is("(")) {
    const message = "a contract calls no other: a transaction carries several calls";
    stop("unsupported", target.span, message);
  }
  const { text } = stream.peek();
  if (text !== "=" && text !== "+=" && text !== "-=") {
    return stream.fail("expected `=`, `+=` or `-=`");
  }
  stream.next();
  const value = parseContractExpression(stream);
  endStatement(stream, "after the assignment");
  return { type: "assignment", target, operator: text, value, span: stream.spanFrom(start) };
}
