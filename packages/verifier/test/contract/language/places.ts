import { expect } from "vitest";
import { checkContract } from "../../../src/contract/check/check-contract.ts";
import type { TypedContract } from "../../../src/contract/typed/typed-contract.ts";
import { parseSource } from "../../../src/language/parse/parse.ts";
import type { Contract } from "../../../src/language/syntax/contract.ts";
import { type Diagnostic, renderDiagnostic } from "../../../src/language/syntax/diagnostic.ts";

/** The diagnostics of a source with a contract. */
export function diagnosticsOf(source: Uint8Array | string): readonly Diagnostic[] {
  const parsed = parseSource(source);
  if (!parsed.ok) return parsed.diagnostics;
  const [item] = parsed.module.items;
  if (item?.type !== "contract") return [];
  const checked = checkContract(item);
  return checked.ok ? [] : checked.diagnostics;
}

export function parsedContract(source: string): Contract {
  const parsed = parseSource(source);
  if (!parsed.ok) throw new Error(`${shown(parsed.diagnostics, source)}\n${source}`);
  const [item] = parsed.module.items;
  if (item?.type !== "contract") throw new Error("the source holds no contract");
  return item;
}

export function checkedContract(source: string): TypedContract {
  const checked = checkContract(parsedContract(source));
  if (!checked.ok) throw new Error(`${shown(checked.diagnostics, source)}\n${source}`);
  return checked.contract;
}

function shown(diagnostics: readonly Diagnostic[], source: string): string {
  return diagnostics.map((one) => renderDiagnostic(source, one)).join("\n");
}

/** Code and marked text of each diagnostic. */
export function marked(diagnostics: readonly Diagnostic[], source: string): readonly string[] {
  return diagnostics.map(
    ({ code, span }) => `${code} ${source.slice(span.start.offset, span.end.offset)}`,
  );
}

/** Requires that reading a source again gives the same, and that all places lie in the text. */
export function checkAnswer(source: Uint8Array | string, text: string): void {
  const answer = diagnosticsOf(source);
  expect(diagnosticsOf(source)).toEqual(answer);
  for (const diagnostic of answer) {
    const { start, end } = diagnostic.span;
    expect(start.offset).toBeLessThanOrEqual(end.offset);
    expect(end.offset).toBeLessThanOrEqual(text.length);
    for (const place of [start, end]) {
      const lines = text.slice(0, place.offset).split(/\r\n|\r(?!\n)|\n/);
      expect([place.line, place.column]).toEqual([
        lines.length,
        Array.from(lines.at(-1) ?? "").length + 1,
      ]);
    }
    expect(renderDiagnostic(text, diagnostic)).toContain("^");
  }
}
