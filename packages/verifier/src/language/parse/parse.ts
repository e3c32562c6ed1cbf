import type { Span } from "../../obligation.ts";
import { type Diagnostic, DiagnosticStop, stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { Item, Module } from "../syntax/module.ts";
import type { AssetDeclaration, Batch, Constant, Intent } from "../syntax/syntax.ts";
import { tokenize } from "./lexer.ts";
import { parseIssuer } from "./parse-asset.ts";
import { parseContract } from "./parse-contract.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseIntent } from "./parse-intent.ts";
import { decodeSource } from "./source.ts";
import { TokenStream } from "./token-stream.ts";

/** Syntax tree, or a diagnostic of the first fault of the source. */
export type ParseResult =
  | { readonly ok: true; readonly module: Module }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses a source. Any bytes give a tree or a diagnostic, in time bounded by `LANGUAGE_LIMITS`.
 * Names and types are not checked yet.
 */
export function parseSource(source: Uint8Array | string): ParseResult {
  const decoded = decodeSource(source);
  if (!decoded.ok) return decoded;
  try {
    return { ok: true, module: parseModule(new TokenStream(tokenize(decoded.text))) };
  } catch (error) {
    if (error instanceof DiagnosticStop) return { ok: false, diagnostics: [error.diagnostic] };
    throw error;
  }
}

function parseModule(stream: TokenStream): Module {
  const items: Item[] = [];
  const counts = { intents: 0, constants: 0 };
  while (stream.peek().type !== "end") {
    const item = parseItem(stream);
    items.push(item);
    if (item.type === "intent") counts.intents++;
    if (item.type === "batch") counts.intents += item.intents.length;
    if (item.type === "constant" || item.type === "asset") counts.constants++;
    checkCounts(counts, item.span);
  }
  const contract = items.find((item) => item.type === "contract");
  if (contract !== undefined) {
    const other = items.find((item) => item !== contract);
    if (other === undefined) return { items };
    const message = "a source with a contract holds nothing beside it";
    stop("syntax", other.span, message);
  }
  if (counts.intents === 0) {
    stop("missing", stream.peek().span, "the source holds no intent");
  }
  return { items };
}

function checkCounts(counts: { readonly intents: number; readonly constants: number }, span: Span) {
  if (counts.intents > LANGUAGE_LIMITS.intents) {
    stop("limit", span, `a source has at most ${LANGUAGE_LIMITS.intents} intents`);
  }
  if (counts.constants > LANGUAGE_LIMITS.constants) {
    stop("limit", span, `a source has at most ${LANGUAGE_LIMITS.constants} constants and assets`);
  }
}

function parseItem(stream: TokenStream): Item {
  if (stream.is("const")) return parseConstant(stream);
  if (stream.is("atomic_batch")) return parseBatch(stream);
  if (stream.is("asset")) return parseAsset(stream);
  if (stream.is("contract")) return parseContract(stream);
  const expected = "expected `intent`, `contract`, `atomic_batch`, `asset` or `const`";
  return parseSupplyIntent(stream, expected);
}

function parseSupplyIntent(stream: TokenStream, expected: string): Intent {
  const start = stream.peek().span;
  if (stream.accept("issue") !== undefined) return parseIntent(stream, start, "issue");
  if (stream.accept("burn") !== undefined) return parseIntent(stream, start, "burn");
  if (!stream.is("intent")) stream.fail(expected);
  return parseIntent(stream, start, "fixed");
}

function parseConstant(stream: TokenStream): Constant {
  const start = stream.next().span;
  stream.resetNodes();
  const name = stream.name("the name of a constant");
  stream.expect("=", "after the name of the constant");
  const value = parseExpression(stream);
  stream.expect(";", "after the constant");
  return { type: "constant", name, value, span: stream.spanFrom(start) };
}

function parseAsset(stream: TokenStream): AssetDeclaration {
  const start = stream.next().span;
  const name = stream.name("the name of an asset");
  stream.expect("issuer", `and the account that issues \`${name.text}\``);
  const issuer = parseIssuer(stream);
  stream.expect(";", "after the asset");
  return { type: "asset", name, issuer, span: stream.spanFrom(start) };
}

function parseBatch(stream: TokenStream): Batch {
  const start = stream.next().span;
  const name = stream.name("the name of the batch");
  stream.expect("{", "to open the batch");
  const intents: Intent[] = [];
  while (stream.accept("}") === undefined) {
    intents.push(parseSupplyIntent(stream, "expected `intent` or `}`"));
    checkCounts({ intents: intents.length, constants: 0 }, start);
  }
  const span = stream.spanFrom(start);
  if (intents.length === 0) stop("missing", span, `the batch \`${name.text}\` holds no intent`);
  return { type: "batch", name, intents, span };
}
