import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { formatSource } from "../../src/language/format/format.ts";
import { renderDiagnostic } from "../../src/language/syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../../src/language/syntax/limits.ts";

const reference = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");
const blocks = [...reference.matchAll(/^```\n(?<text>[^]*?)\n```$/gm)].map(
  (found) => found.groups?.["text"] ?? "",
);

describe("docs/language.md", () => {
  test("its programs compile, and are laid out as the formatter does", () => {
    const programs = blocks.filter((block) => /^(?:asset|intent) /.test(block));

    expect(programs).toHaveLength(2);
    for (const program of programs) {
      expect(compileSource(program).ok).toBe(true);
      expect(formatSource(program)).toEqual({ ok: true, text: `${program}\n` });
    }
  });

  test("its diagnostic is what the compiler prints", () => {
    const source = `intent t(sender: Account, amount: Amount) {
  guard { old_sender_balance >= amount; }
  verify { true; }
}`;
    const result = compileSource(source);
    const [first] = result.ok ? [] : result.diagnostics;

    expect(first && renderDiagnostic(source, first)).toBe(blocks.at(-1));
  });

  test("its examples of division hold", () => {
    const examples = [...reference.matchAll(/-?\d+ [/%] -?\d+ == -?\d+/g)].map(([text]) => text);
    const claims = examples.map((text) => `const C${examples.indexOf(text)} = ${text};`).join(" ");
    const uses = examples.map((_text, at) => `C${at};`).join(" ");
    const result = compileSource(`${claims} intent t() { verify { ${uses} } }`);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));

    expect(examples).toHaveLength(4);
    expect(result.intents[0]?.canonical.match(/true;/g)).toHaveLength(4);
  });

  test("it states the bounds as they are", () => {
    const { depth, nodes, parameters, statements, intents } = LANGUAGE_LIMITS;
    const text = reference.replaceAll(/\s+/g, " ").replaceAll(",", "");

    expect(text).toContain(
      `${depth} levels of an expression ${nodes} terms of an intent ${parameters} parameters ` +
        `${statements} statements of a block ${intents} intents`,
    );
  });
});
