import type { Exit, ForEach, Invariant, Uncovered } from "../syntax/contract.ts";
import { stop } from "../syntax/diagnostic.ts";
import { parseAmount, parseContractExpression, parseNames } from "./contract-expression.ts";
import { parseHoldings, parseUnless } from "./contract-state.ts";
import { endStatement } from "./parse-intent.ts";
import type { TokenStream } from "./token-stream.ts";

/** Reads `invariant NAME: ...;` or `transition NAME: ...;`. */
export function parseInvariant(stream: TokenStream, type: Invariant["type"]): Invariant {
  const start = stream.next().span;
  const name = stream.name(`the name of the ${type}`);
  stream.expect(":", `after \`${name.text}\``);
  const forEach: ForEach[] = [];
  while (isForEach(stream)) {
    if (forEach.length === 2) {
      stop("limit", stream.peek().span, "at most two `for each` stand at the head of a rule");
    }
    forEach.push(parseForEach(stream));
  }
  const condition = parseContractExpression(stream);
  endStatement(stream, `after the ${type}`);
  return { type, name, forEach, condition, span: stream.spanFrom(start) };
}

function isForEach(stream: TokenStream): boolean {
  return stream.is("for") && stream.is("each", 1);
}

function parseForEach(stream: TokenStream): ForEach {
  const start = stream.next().span;
  stream.next();
  const binders = parseNames(stream, "a name for the key");
  stream.expect("in", "and a map");
  const map = stream.name("a map");
  stream.expect(":", "after the map");
  return { binders, map, span: stream.spanFrom(start) };
}

/** Reads an exit from the word `exit` on. */
export function parseExit(stream: TokenStream): Exit {
  const start = stream.next().span;
  const name = stream.name("the name of the exit");
  stream.expect(":", `after \`${name.text}\``);
  const forEach = isForEach(stream) ? parseForEach(stream) : undefined;
  const condition = parseContractExpression(stream);
  let keeping: Exit["keeping"];
  if (stream.accept("keeping") !== undefined) {
    const amount = parseAmount(stream);
    const balance = stream.accept("in") === undefined ? undefined : parseHoldings(stream);
    keeping = { amount, balance };
  }
  const after = stream.accept("after") === undefined ? undefined : parseContractExpression(stream);
  const within =
    after === undefined || stream.accept("within") === undefined
      ? undefined
      : parseContractExpression(stream);
  const unless = parseUnless(stream);
  stream.expect("via", "and the call that pays, as in `via refund(id)`");
  const intent = stream.name("the intent that pays");
  stream.expect("(", `after \`${intent.text}\``);
  const args = [];
  while (!stream.is(")")) {
    args.push(parseContractExpression(stream));
    if (stream.accept(",") === undefined) break;
  }
  stream.expect(")", "after the arguments");
  const who = stream.is("by") ? "by" : "to";
  if (stream.accept(who) === undefined) stream.fail("expected `to` or `by`, and who is paid");
  const beneficiary = parseContractExpression(stream);
  endStatement(stream, "after the exit");
  return {
    type: "exit",
    name,
    forEach,
    condition,
    keeping,
    after,
    within,
    unless,
    via: { intent, args },
    who,
    beneficiary,
    span: stream.spanFrom(start),
  };
}

/** Reads `uncovered balance "reason";` or `uncovered balance[A] "reason";`. */
export function parseUncovered(stream: TokenStream): Uncovered {
  const start = stream.next().span;
  const balance = parseHoldings(stream);
  const token = stream.peek();
  if (token.type !== "string") stream.fail('expected the reason in quotes, as in `"..."`');
  stream.next();
  endStatement(stream, "after the reason");
  const reason = { text: token.text, span: token.span };
  return { type: "uncovered", balance, reason, span: stream.spanFrom(start) };
}
