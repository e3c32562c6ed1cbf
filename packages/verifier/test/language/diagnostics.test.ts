import { describe, expect, test } from "vitest";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { renderDiagnostic } from "../../src/language/syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../../src/language/syntax/limits.ts";

describe("a diagnostic says what, where, and what to do", () => {
  test("the rendered form shows the line and a caret under the span", () => {
    const source = "intent pay(signer from: Account) {\n\tguard { from.balance = 5; }\n}";

    expect(render(source)).toBe(
      [
        "syntax: `=` assigns and cannot stand in a condition; equality is written `==`",
        " --> 2:23",
        "  |",
        "2 | \tguard { from.balance = 5; }",
        "  | \t                     ^",
      ].join("\n"),
    );
  });

  test("columns count code points, so what stands before a place does not shift its caret", () => {
    const source = "/* 🦉🦉 é */ intent t() { verify { nowhere; } }";

    const [diagnostic] = diagnosticsOf(source);

    expect(diagnostic?.span.start).toEqual({ offset: 35, line: 1, column: 34 });
    expect(source.slice(35, 42)).toBe("nowhere");
  });

  test("a missing `;` is reported behind the statement, not on the next line", () => {
    const [diagnostic] = diagnosticsOf("intent t(x: Int) { guard { x > 0\n}\nverify { true; } }");

    expect(diagnostic?.message).toBe("expected `;` after the condition, found `}`");
    expect(diagnostic?.span.start).toMatchObject({ line: 1, column: 33 });
  });

  test("a long line is cut around the place", () => {
    const source = `intent t(x: Int) { verify { ${"x + ".repeat(60)}y > 0; } }`;

    const lines = render(source).split("\n");

    expect(lines[0]).toBe("unknown-name: `y` is not declared");
    expect(lines[3]?.length).toBeLessThan(130);
    expect(lines[4]?.indexOf("^")).toBe(lines[3]?.indexOf("y >"));
  });

  test("all faults of a source are reported, in the order of their places", () => {
    const codes = diagnosticsOf(
      "intent t(x: Gold, secret y: Int, x: Int) { guard { z > 0; y > true; } verify { 1.5 > y; } }",
    ).map((one) => `${one.code} ${one.span.start.column}`);

    expect(codes).toEqual([
      "unknown-type 13",
      "unsupported 19",
      "duplicate 34",
      "unknown-name 52",
      "type 63",
      "unsupported 80",
    ]);
  });
});

describe("what is refused, by code", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["", "missing", "the source holds no intent"],
    ["intent t() { guard { true; } }", "missing", "`t` claims nothing"],
    ["atomic_batch b { }", "missing", "the batch `b` holds no intent"],
    [body("verify { 1; }"), "type", "expected a condition, but `1` is a number"],
    [
      body("verify { x == n; }"),
      "type",
      "`==` compares two values of one type, not account and number",
    ],
    [body("verify { x < y; }"), "type", "expected a number, but `x` is an account"],
    [body("verify { 1 < n < 3; }"), "syntax", "comparisons do not chain"],
    [body("verify { n.balance > 0; }"), "type", "`n` is not an account"],
    [body("verify { x.gold > 0; }"), "unknown-field", "an account has no field `gold`"],
    [body("verify { x_balance > 0; }"), "unknown-name", "did you mean `x.balance`?"],
    [body("verify { old_x_balance > 0; }"), "unknown-name", "did you mean `old(x.balance)`?"],
    [body("verify { sqrt(n) > 0; }"), "unknown-name", "there is no function `sqrt`"],
    [body("verify { toString(n) > 0; }"), "unknown-name", "there is no function `toString`"],
    [body("verify { constructor > 0; }"), "unknown-name", "`constructor` is not declared"],
    [body("verify { min(n) > 0; }"), "type", "`min` takes 2 values, not 1"],
    [body("verify { if n > 0 then 1 else true; }"), "type", "both branches of `if`"],
    [
      body("verify { if (n > 0) { n > 1; } }"),
      "unsupported",
      "a conditional block is not supported",
    ],
    [body("verify { secret n > 0; }"), "unsupported", "`secret` conditions"],
    [body("verify { x.balance[gold] > 0; }"), "unknown-name", "the asset `gold` is not declared"],
    [body("verify { supply[gold] > 0; }"), "unknown-name", "the asset `gold` is not declared"],
    [withGold("verify { x.stake[gold] > 0; }"), "unknown-field", "there is no `stake` of one"],
    [withGold("verify { gold > 0; }"), "unknown-name", "`gold` is an asset, not a value"],
    [withGold("verify { let gold = 1; true; }"), "duplicate", "`gold` is declared already"],
    [
      withGold("effect { supply[gold] += 1; } verify { true; }"),
      "type",
      "declared `issue` or `burn`",
    ],
    [`issue ${body("verify { true; }")}`, "missing", "is declared `issue` and changes no supply"],
    [
      withGold("effect { supply[gold] -= 1; } verify { true; }", "issue"),
      "type",
      "declared `issue` changes a supply by `+=`",
    ],
    [
      withGold("effect { supply[gold] = 0; } verify { true; }", "burn"),
      "type",
      "declared `burn` changes a supply by `-=`",
    ],
    [`const gold = 1; ${withGold("verify { true; }")}`, "duplicate", "`gold` is declared already"],
    ['asset g issuer "AB"; intent t() { verify { true; } }', "syntax", "64 hexadecimal digits"],
    [
      `atomic_batch b { ${list(5, (at) => `intent t${at}(${list(13, (p) => `p${p}: Int`, ",")}) { verify { true; } }`)} }`,
      "limit",
      "a batch has at most 64 parameters in all, not 65",
    ],
    [
      `atomic_batch b { ${body("effect { x.stake += 1; } verify { true; }")} }`,
      "unsupported",
      "`stake` cannot be written in an atomic batch yet",
    ],
    [
      body("effect { x.stake += 1; } verify { true; }"),
      "privileged",
      "only intents of the genesis list",
    ],
    [body("effect { n += 1; } verify { true; }"), "syntax", "expected `.` after the account"],
    [body("guard { let y = 1; } verify { true; }"), "duplicate", "`y` is declared already"],
    [body("guard { let z = x; } verify { true; }"), "type", "not an account"],
    [body("guard { } guard { } verify { true; }"), "duplicate", "has a `guard` block already"],
    [body("verify { let a = a; a > 0; }"), "unknown-name", "`a` is not declared"],
    ["intent t(signer n: Amount) { verify { true; } }", "type", "only an `Account` can sign"],
    ["intent t(g: Asset) { verify { true; } }", "unsupported", "the type `Asset` is not supported"],
    ["asset gold; intent t() { verify { true; } }", "syntax", "expected `issuer`"],
    ["const K = 1 / 0; intent t() { verify { true; } }", "type", "this constant divides by zero"],
    ["const K = sequence; intent t() { verify { true; } }", "type", "a constant cannot depend on"],
    [
      `${body("verify { true; }")} ${body("verify { true; }")}`,
      "duplicate",
      "an intent `t` already",
    ],
    ["intent guard() { verify { true; } }", "syntax", "`guard` is a reserved word"],
    ["intent t() { verify { 1__0 > 0; } }", "syntax", "in a number `_` stands between two digits"],
    ["intent t() { verify { 12ab > 0; } }", "syntax", "`12ab` is neither a number nor a name"],
    ["/* intent", "syntax", "a comment starts here and is not closed"],
    ['intent t() { solve { a: "b\n"; } }', "syntax", "a text starts here and is not closed"],
    ["intent t() { verify { true; } } \u202e", "encoding", "U+202E"],
    ["# \u2066 hidden", "encoding", "U+2066"],
    ["\ufeffintent t() { verify { true; } }", "encoding", "U+FEFF"],
    ["\ud800", "encoding", "lone surrogate"],
  ];

  test.each(cases)("%s is refused with `%s`", (source, code, message) => {
    const [diagnostic] = diagnosticsOf(source);

    expect(diagnostic?.code).toBe(code);
    expect(diagnostic?.message).toContain(message);
  });

  test("bytes that are not UTF-8 are refused, overlong forms included", () => {
    for (const bytes of [
      [0xff],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
    ]) {
      const result = compileSource(Uint8Array.from(bytes));

      expect(result).toMatchObject({ ok: false, diagnostics: [{ code: "encoding" }] });
    }
  });
});

describe("bounds", () => {
  test("a source of the largest size is read, and one byte more is refused", () => {
    const filled = (size: number): string => {
      const program = body("verify { true; }");
      return `${program}#${"é".repeat((size - program.length - 1) / 2)}`;
    };
    const exact = filled(LANGUAGE_LIMITS.sourceBytes - ((body("verify { true; }").length + 1) % 2));

    expect(compileSource(exact).ok).toBe(true);
    expect(diagnosticsOf(`${exact}éé`)[0]).toMatchObject({ code: "limit" });
  });

  const over: readonly (readonly [string, string])[] = [
    ["brackets", `verify { ${"(".repeat(30_000)}1 > 0; }`],
    ["prefixes", `verify { ${"!".repeat(30_000)}true; }`],
    ["implications", `verify { ${"true => ".repeat(5_000)}true; }`],
    ["branches", `verify { ${"if true then 1 else ".repeat(2_000)}1 > 0; }`],
    ["calls", `verify { ${"abs(".repeat(10_000)}1 > 0; }`],
    ["sums", `verify { ${"n + ".repeat(10_000)}n > 0; }`],
    ["statements", `verify { ${"n > 0;".repeat(65)} }`],
    ["terms", `verify { ${`${"n + ".repeat(90)}n > 0;`.repeat(60)} }`],
    ["digits", `verify { n > ${"9".repeat(60_000)}; }`],
    ["a numeral", `verify { n > ${1n << 256n}; }`],
    ["a name", `verify { ${"n".repeat(65)} > 0; }`],
    ["doubling values", `verify { ${doublings(40)} n > 0; }`],
  ];

  test.each(over)("too many or too deep: %s", (_what, blocks) => {
    expect(diagnosticsOf(body(blocks))[0]?.code).toBe("limit");
  });

  test("sources at the bounds compile: 100 levels, 64 statements, 2^256-1", () => {
    expect(compileSource(body(`verify { ${"!".repeat(99)}true; }`)).ok).toBe(true);
    expect(compileSource(body(`verify { ${"!".repeat(100)}true; }`)).ok).toBe(false);
    expect(compileSource(body(`verify { ${"n > 0;".repeat(64)} }`)).ok).toBe(true);
    expect(compileSource(body(`verify { n > ${(1n << 256n) - 1n}; }`)).ok).toBe(true);
  });

  test("65 intents, 17 parameters and 65 constants are each one too many", () => {
    const intent = (at: number): string => `intent t${at}() { verify { true; } }`;
    const parameters = (length: number): string =>
      `intent t(${list(length, (at) => `p${at}: Int`, ",")}) { verify { true; } }`;
    const constants = (length: number): string =>
      `${list(length, (at) => `const K${at} = 1;`)} ${intent(0)}`;

    expect(compileSource(list(64, intent)).ok).toBe(true);
    expect(diagnosticsOf(list(65, intent))[0]?.code).toBe("limit");
    expect(compileSource(parameters(16)).ok).toBe(true);
    expect(diagnosticsOf(parameters(17))[0]?.code).toBe("limit");
    expect(compileSource(constants(64)).ok).toBe(true);
    expect(diagnosticsOf(constants(65))[0]?.code).toBe("limit");
  });

  test("a remainder hides no growth: five squarings are too many, four are not", () => {
    const tower = (floors: number): string =>
      body(`guard { ${doublings(floors, " % 97")} v${floors} > 3; } verify { true; }`);

    expect(diagnosticsOf(tower(4))).toEqual([]);
    expect(diagnosticsOf(tower(5))[0]).toMatchObject({
      code: "limit",
      message:
        "this value, written out without `let`, `/` and `%`, can need 2048 bits; at most 1024 are allowed",
    });
  });
});

function list(length: number, item: (at: number) => string, by = " "): string {
  return Array.from({ length }, (_, at) => item(at)).join(by);
}

/** One intent, with a declared asset before it. */
function withGold(blocks: string, supply = ""): string {
  return `asset gold issuer "${"ab".repeat(32)}"; ${supply} ${body(blocks)}`;
}

function body(blocks: string): string {
  return `intent t(x: Account, y: Account, n: Amount) { ${blocks} }`;
}

/** Each value squares the one before: as numbers they would outgrow any memory. */
function doublings(count: number, modulus = ""): string {
  const steps = Array.from(
    { length: count },
    (_, at) => `let v${at + 1} = v${at} * v${at}${modulus};`,
  );
  return `let v0 = n; ${steps.join(" ")}`;
}

function diagnosticsOf(source: string) {
  const result = compileSource(source);
  return result.ok ? [] : result.diagnostics;
}

function render(source: string): string {
  const [diagnostic] = diagnosticsOf(source);
  return diagnostic === undefined ? "" : renderDiagnostic(source, diagnostic);
}
