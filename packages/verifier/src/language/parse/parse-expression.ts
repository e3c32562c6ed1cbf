import type { Expression, Field, SupplyOf } from "../syntax/syntax.ts";
import {
  countLevel,
  type Dialect,
  type Parsed,
  parseBinary,
  parseCall,
} from "./parse-operators.ts";
import type { TokenStream } from "./token-stream.ts";

const intents: Dialect<Expression> = {
  word: parseWord,
  suffix: (_stream, primary) => primary,
  relation: () => undefined,
  widen: (shared) => shared,
  functions: "old, min, max, abs",
};

/** Reads the longest expression from the current token on. Throws `DiagnosticStop`. */
export function parseExpression(stream: TokenStream): Expression {
  return parseBinary(stream, 1, intents).expression;
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

function parseWord(stream: TokenStream): Parsed<Expression> {
  if (stream.is("(", 1)) return parseCall(stream, intents);
  if (stream.is(".", 1)) return countLevel(stream, [], parseField(stream));
  if (isSupply(stream)) return countLevel(stream, [], parseSupply(stream));
  const { text, span } = stream.next();
  return countLevel(stream, [], { type: "name", name: text, span });
}
