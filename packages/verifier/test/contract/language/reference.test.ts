import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatSource } from "../../../src/language/format/format.ts";
import { renderDiagnostic } from "../../../src/language/syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../../../src/language/syntax/limits.ts";
import { checkedContract, diagnosticsOf } from "./places.ts";

const reference = readFileSync(new URL("../../../docs/contracts.md", import.meta.url), "utf8");
const blocks = [...reference.matchAll(/^```\n(?<text>[^]*?)\n```$/gm)].map(
  (found) => found.groups?.["text"] ?? "",
);

/** An expression of each form in the table of the reference. */
const formsOfReference: Readonly<Record<string, string>> = {
  "e.f": "e.f",
  "e.balance[A]": "a.balance[A]",
  "supply[A]": "supply[A]",
  "vault.balance": "vault.balance",
  "vault.balance[A]": "vault.balance[A]",
  "m[k]": "m[k]",
  "m[k][l]": "n[k][k]",
  "k in m": "k in m",
  "l in m[k]": "1 in n[k]",
  "E.word": "E.word",
  "R { f: e, ... }": "R { f: 1, }",
  "sum(v in m: e)": "sum(v in m: v)",
  "sum(v at k in m: e)": "sum(v at l in m: v + l)",
  "sum(v in m[k]: e)": "sum(v in n[k]: v)",
  now: "now",
  none: "none",
  'account "..."': `account "${"01".repeat(32)}"`,
  'digest "..."': `digest "${"01".repeat(32)}"`,
  "signed(a)": "signed(a)",
  "signed_message(a, r, s)": "signed_message(a, e, s)",
  "sha256(e)": "sha256(e) == sha256(1)",
};

describe("docs/contracts.md", () => {
  test("its contract is well typed, and is laid out as the formatter does", () => {
    const [contract = ""] = blocks;

    expect(checkedContract(contract).name).toBe("escrow");
    expect(formatSource(contract)).toEqual({ ok: true, text: `${contract}\n` });
  });

  test("its contract with two owed parties is well typed and laid out, too", () => {
    const own = blocks.find((block) => block.startsWith("contract handshake")) ?? "";

    expect(checkedContract(own).name).toBe("handshake");
    expect(formatSource(own)).toEqual({ ok: true, text: `${own}\n` });
  });

  test("its diagnostic is what the checker gives", () => {
    const source = `contract c {
  state { deals: map[Int] Int; }
  intent t() { guard { deal[1] > 0; } }
}`;
    const [first] = diagnosticsOf(source);

    expect(first && renderDiagnostic(source, first)).toBe(blocks.at(-1));
  });

  test("each form of its table of expressions is read, in a place that may mention it", () => {
    const from = reference.indexOf("| `e.f`");
    const table = reference.slice(from, reference.indexOf("\n\n", from)).split("\n");
    const forms = table.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`(?<form>[^`]+)`/g)].map(
        ({ groups }) => groups?.["form"] ?? "",
      ),
    );

    expect(forms).toEqual(Object.keys(formsOfReference));
    for (const expression of Object.values(formsOfReference)) {
      const source = `contract c {
        enum E { word }
        record R { f: Int; }
        asset A issuer self;
        state { m: map[Int] Int; n: map[Int][Int] Int; e: R; }
        intent t(a: Account, k: Int, s: Signature) { verify { let shown = ${expression}; } }
      }`;
      expect(diagnosticsOf(source)).toEqual([]);
    }
  });

  test("its table of places is what the checker allows", () => {
    const mentions = [
      "total > 0",
      "owner.balance > 0",
      "now > 0",
      "old(1) > 0",
      "sum(v in m: v) > 0",
    ];
    const places: Readonly<Record<string, (condition: string) => string>> = {
      "constant, initial value": (one) => `const K = ${one};`,
      "`let`, guard, effect": (one) =>
        `intent u() { let x = ${one}; guard { ${one}; } effect { let z = ${one}; } }`,
      "`verify`, `assert`": (one) => `intent u() { effect { assert ${one}; } verify { ${one}; } }`,
      "`invariant`": (one) => `invariant i: ${one};`,
      "`transition`": (one) => `transition i: ${one};`,
      "`exit`": (one) => `exit i: ${one} via t() to none;`,
    };
    for (const [place, member] of Object.entries(places)) {
      const row = reference.split("\n").find((line) => line.startsWith(`| ${place} `)) ?? "";
      const columns = row.split("|").slice(2, 7);
      const allowed = mentions.map((one) => {
        const source = `contract c { state { total: Int; owner: Account; m: map[Int] Int; } ${member(one)} intent t() {} }`;
        return diagnosticsOf(source).length === 0;
      });

      expect([place, ...columns.map((column) => column.trim() === "yes")]).toEqual([
        place,
        ...allowed,
      ]);
    }
  });

  test("it states the bounds as they are", () => {
    const limits = LANGUAGE_LIMITS;
    const text = reference.replaceAll(/\s+/g, " ").replaceAll(",", "");

    expect(text).toContain(
      `${limits.members} members ${limits.intents} intents ${limits.constants} constants and assets ` +
        `${limits.entries} scalars and maps ${limits.fields} fields of a record ` +
        `${limits.words} words of an enumeration ${limits.parameters} parameters ` +
        `${limits.statements} statements of a block and ${limits.statements} \`let\`s before the blocks ` +
        `${limits.nodes} terms of a member ${limits.depth} levels of an expression ` +
        `${limits.valueBits} bits of a value`,
    );
  });
});
