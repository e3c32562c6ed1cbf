import type {
  HoldingsOf,
  InitialCell,
  MapEntry,
  MapPromise,
  ScalarEntry,
  StateBlock,
  StateEntry,
} from "../syntax/contract.ts";
import { stop } from "../syntax/diagnostic.ts";
import type { Name } from "../syntax/syntax.ts";
import { parseContractExpression } from "./contract-expression.ts";
import { endStatement, parseBlock } from "./parse-intent.ts";
import type { TokenStream } from "./token-stream.ts";

/** Reads `state { entry ... }`. */
export function parseState(stream: TokenStream): StateBlock {
  const start = stream.next().span;
  const entries = parseBlock(stream, "state", parseEntry);
  return { type: "state", entries, span: stream.spanFrom(start) };
}

function parseEntry(stream: TokenStream): StateEntry {
  const start = stream.peek().span;
  stream.resetNodes();
  const promise = stream.is(":", 1) ? undefined : parsePromise(stream);
  const name = stream.name("the name of an entry of the state");
  stream.expect(":", `and the type of \`${name.text}\``);
  if (stream.is("map") && stream.is("[", 1)) return parseMap(stream, { start, name, promise });
  if (promise !== undefined) {
    const message = `a \`${promise.kind}\` is a \`map[Account] Amount\``;
    stop("type", promise.span, message);
  }
  const typeName = stream.name("a type");
  const initial = stream.accept("=") === undefined ? undefined : parseContractExpression(stream);
  endStatement(stream, "after the entry");
  const span = stream.spanFrom(start);
  const entry: ScalarEntry = { type: "scalar", name, typeName, initial, span };
  return entry;
}

function parsePromise(stream: TokenStream): MapPromise | undefined {
  const { text, span: start } = stream.peek();
  if (text !== "claim" && text !== "debt") return undefined;
  stream.next();
  let balance: HoldingsOf | undefined;
  if (text === "claim" && stream.accept("(") !== undefined) {
    balance = parseHoldings(stream);
    stream.expect(")", "after what pays the claim");
  }
  // Before `:` the word is the name of the map.
  const unless = stream.is(":", 1) ? [] : parseUnless(stream);
  return { kind: text, balance, unless, span: stream.spanFrom(start) };
}

/** Reads `balance` or `balance[A]`. */
export function parseHoldings(stream: TokenStream): HoldingsOf {
  const start = stream.expect("balance", "or `balance[ASSET]`").span;
  let asset: Name | undefined;
  if (stream.accept("[") !== undefined) {
    asset = stream.name("an asset");
    stream.expect("]", "after the asset");
  }
  return { asset, span: stream.spanFrom(start) };
}

/** Reads `unless f, g`, or nothing. */
export function parseUnless(stream: TokenStream): readonly Name[] {
  if (stream.accept("unless") === undefined) return [];
  const names = [stream.name("an intent that is exempt")];
  while (stream.accept(",") !== undefined) names.push(stream.name("an intent that is exempt"));
  return names;
}

function parseMap(
  stream: TokenStream,
  read: {
    readonly start: MapEntry["span"];
    readonly name: Name;
    readonly promise: MapPromise | undefined;
  },
): MapEntry {
  stream.next();
  const keyTypes: Name[] = [];
  while (stream.accept("[") !== undefined) {
    keyTypes.push(stream.name("the type of a key"));
    stream.expect("]", "after the type of the key");
  }
  if (keyTypes.length > 2) {
    stop("limit", stream.spanFrom(read.start), "a map has one or two keys");
  }
  const typeName = stream.name("the type of the cells");
  const initial = stream.accept("=") === undefined ? [] : parseCells(stream);
  endStatement(stream, "after the map");
  const { name, promise } = read;
  const span = stream.spanFrom(read.start);
  return { type: "map", name, keyTypes, typeName, initial, promise, span };
}

function parseCells(stream: TokenStream): readonly InitialCell[] {
  stream.expect("{", "to open the cells");
  const cells: InitialCell[] = [];
  while (!stream.is("}")) {
    const start = stream.peek().span;
    const keys = [];
    while (stream.accept("[") !== undefined) {
      keys.push(parseContractExpression(stream));
      stream.expect("]", "after the key");
    }
    stream.expect(":", "and the value of the cell, as in `[key]: value`");
    const value = parseContractExpression(stream);
    cells.push({ keys, value, span: stream.spanFrom(start) });
    if (stream.accept(",") === undefined) break;
  }
  stream.expect("}", "after the cells");
  return cells;
}
