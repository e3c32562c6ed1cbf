import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { parseSource } from "../../src/language/parse/parse.ts";
import { originSpan } from "../../src/language/parse/source.ts";
import { printIntent, printModule } from "../../src/language/print/print.ts";
import type { Diagnostic } from "../../src/language/syntax/diagnostic.ts";
import { renderDiagnostic } from "../../src/language/syntax/diagnostic.ts";
import type { Item, Module } from "../../src/language/syntax/module.ts";
import type { Intent } from "../../src/language/syntax/syntax.ts";
import {
  booleanExpressions,
  intents,
  named,
  numberExpressions,
  sourceOf,
} from "./arbitrary-program.ts";
import { stripSpans } from "./strip-spans.ts";

const span = originSpan;

/** Everything the syntax knows, sensible or not: the printer does not ask the checker. */
const decorated: fc.Arbitrary<Intent> = fc
  .record({
    intent: intents,
    supply: fc.constantFrom("fixed" as const, "issue" as const, "burn" as const),
    secret: fc.boolean(),
    asset: fc.boolean(),
    hints: fc.subarray([
      { key: named("priority"), value: { type: "word" as const, text: "security" }, span },
      { key: named("guard"), value: { type: "number" as const, text: "1.50" }, span },
      { key: named("note"), value: { type: "text" as const, text: "a; b } c" }, span },
    ]),
    condition: booleanExpressions,
    value: numberExpressions,
  })
  .map(({ intent, supply, secret, asset, hints, condition, value }) => ({
    ...intent,
    supply,
    parameters: [
      ...intent.parameters,
      {
        name: named("signer"),
        typeName: named("Gold"),
        modifiers: [
          { kind: "external" as const, span },
          { kind: "secret" as const, span },
        ],
        span,
      },
    ],
    guard: [...intent.guard, { type: "condition" as const, secret, expression: condition, span }],
    effect: [
      ...intent.effect,
      {
        type: "assignment" as const,
        target: {
          type: "field" as const,
          account: named("a"),
          field: named("balance"),
          ...(asset ? { asset: named("gold") } : {}),
          span,
        },
        operator: "=" as const,
        value: { type: "decimal" as const, text: "0.5", span },
        span,
      },
      { type: "let" as const, name: named("last"), value, span },
    ],
    solve: hints,
  }));

const modules: fc.Arbitrary<Module> = fc
  .record({ first: decorated, second: intents, value: numberExpressions, batch: fc.boolean() })
  .map(({ first, second, value, batch }) => {
    const pair: readonly Item[] = batch
      ? [{ type: "batch", name: named("both"), intents: [first, second], span }]
      : [first, second];
    return {
      items: [
        { type: "constant", name: named("K"), value, span },
        { type: "asset", name: named("gold"), issuer: named("ab".repeat(32)), span },
        ...pair,
      ],
    };
  });

describe("printing and reading", () => {
  test("reading a printed module gives the same tree", () => {
    fc.assert(
      fc.property(modules, (module) => {
        const read = parseSource(printModule(module));
        if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));

        expect(stripSpans(read.module)).toEqual(stripSpans(module));
        expect(printModule(read.module)).toBe(printModule(module));
      }),
      { numRuns: 500 },
    );
  });

  test("a compiled intent's canonical text compiles to the same digest", () => {
    fc.assert(
      fc.property(intents, (tree) => {
        const [first] = compiled(`const K = 3 - 5;\n# a comment\n${sourceOf(tree)}`);
        const [again] = compiled(first?.canonical ?? "");

        expect(again?.canonical).toBe(first?.canonical);
        expect(again?.digest).toEqual(first?.digest);
      }),
      { numRuns: 300 },
    );
  });
});

const words =
  'intent atomic_batch const asset issue burn guard effect solve verify signer secret external let old if then else true false and or not min max abs sequence x y from Account Amount Int Bool Gold balance stake 0 1 1.5 18446744073709551616 == => ==> != <= >= && || += -= ( ) { } [ ] , ; : . = < > + - * / % ! # // /* */ " \n é \u0000 \u202e'.split(
    " ",
  );

/** Token soups that start like an intent, so that the parser gets past its first lines. */
const soups = fc
  .tuple(
    fc.constantFrom(
      "",
      "intent t(",
      "intent t(x: Account, y: Amount) { guard {",
      "intent t(x: Account, y: Amount) { effect { x.balance =",
      "const K = ",
    ),
    fc.array(fc.constantFrom(...words), { maxLength: 60 }),
    fc.constantFrom("", "; } verify { true; } }"),
  )
  .map(([head, tokens, tail]) => `${head} ${tokens.join(" ")} ${tail}`);

/** A good source with one character replaced, dropped or doubled. */
const nearMisses = fc
  .tuple(
    intents.map((tree) => printIntent(tree)),
    fc.nat(),
    fc.constantFrom("", "(", ")", "{", ";", "-", "0", "a", "é", '"', "/*"),
  )
  .map(([text, at, patch]) => {
    const index = at % text.length;
    return text.slice(0, index) + patch + text.slice(index + 1);
  });

describe("any input", () => {
  test("bytes give intents or diagnostics that point into the text, and never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        checkAnswer(bytes, new TextDecoder().decode(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  test("token soups, cut sources and strings give intents or diagnostics, and never throw", () => {
    fc.assert(
      fc.property(fc.oneof(soups, nearMisses, fc.string({ unit: "binary" })), (text) => {
        checkAnswer(text, text);
      }),
      { numRuns: 5_000 },
    );
  });
});

function checkAnswer(source: Uint8Array | string, text: string): void {
  const answer = compileSource(source);
  expect(compileSource(source)).toEqual(answer);
  if (answer.ok) return;
  expect(answer.diagnostics.length).toBeGreaterThan(0);
  for (const diagnostic of answer.diagnostics) {
    checkSpan(diagnostic, text);
    expect(renderDiagnostic(text, diagnostic)).toContain("^");
  }
}

/** A place is right when counting lines and code points up to its offset gives its line and column. */
function checkSpan(diagnostic: Diagnostic, text: string): void {
  const { start, end } = diagnostic.span;
  expect(start.offset).toBeLessThanOrEqual(end.offset);
  expect(end.offset).toBeLessThanOrEqual(text.length);
  for (const place of [start, end]) {
    const lines = text.slice(0, place.offset).split(/\r\n|\r(?!\n)|\n/);
    // Between the two halves of a line break, which no span starts or ends in.
    expect(text.slice(place.offset - 1, place.offset + 1)).not.toBe("\r\n");
    expect([place.line, place.column]).toEqual([
      lines.length,
      Array.from(lines.at(-1) ?? "").length + 1,
    ]);
  }
}

function compiled(source: string) {
  const result = compileSource(source, { privileged: true });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.intents;
}
