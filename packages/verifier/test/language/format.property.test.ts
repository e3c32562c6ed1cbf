import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileSource, formatSource } from "../../src/index.ts";
import { isComment, piecesOf } from "../../src/language/format/source-pieces.ts";
import { parseSource } from "../../src/language/parse/parse.ts";
import { originSpan } from "../../src/language/parse/source.ts";
import { printModule } from "../../src/language/print/print.ts";
import { intents, named } from "./arbitrary-program.ts";
import { stripSpans } from "./strip-spans.ts";

const span = originSpan;

/** Text that may stand between two tokens: blanks, line ends, comments of each kind. */
const gaps = fc.oneof(
  { arbitrary: fc.constantFrom(" ", "  ", "\t"), weight: 12 },
  { arbitrary: fc.constantFrom("\n", "\n\n\n", "\r\n", "\r", " \n  "), weight: 5 },
  {
    arbitrary: fc.constantFrom(
      " # note\n",
      " // why; { }\r\n",
      "\n# alone \n",
      "\n\n// apart\n\n",
      " /* inline */ ",
      " /* two\n   lines */",
      "\n/* alone */\n",
      "#\n",
    ),
    weight: 2,
  },
);

/** Sources with the tokens of a random program, blanks and comments anywhere between them. */
const sources = fc
  .record({
    first: intents,
    second: intents,
    batch: fc.boolean(),
    gaps: fc.array(gaps, { minLength: 40, maxLength: 120 }),
    dense: fc.boolean(),
  })
  .map(({ first, second, batch, gaps: some, dense }) => {
    const pair = [first, { ...second, name: named("other") }];
    const text = printModule({
      items: [
        { type: "constant", name: named("K"), value: { type: "integer", value: 7n, span }, span },
        { type: "asset", name: named("GOLD"), issuer: named("ab".repeat(32)), span },
        ...(batch ? [{ type: "batch" as const, name: named("both"), intents: pair, span }] : pair),
      ],
    });
    const words = piecesOf(text).map((piece) => piece.text);
    // Few gaps with comments over a long text, or many: both sides of what people write.
    const gap = (at: number): string =>
      dense || at % 7 === 0 ? (some[at % some.length] ?? " ") : " ";
    return `${some[0] ?? ""}${words.map((word, at) => `${word}${gap(at)}`).join("")}${some[1] ?? ""}`;
  });

const commentsOf = (text: string): readonly string[] =>
  piecesOf(text)
    .filter(isComment)
    .map((piece) => piece.text);

function formatted(source: string): string {
  const result = formatSource(source);
  if (!result.ok) throw new Error(`${JSON.stringify(result.diagnostics)}\n${source}`);
  return result.text;
}

function treeOf(source: string): unknown {
  const parsed = parseSource(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return stripSpans(parsed.module);
}

describe("formatting", () => {
  test("keeps the program, its digests and every comment in its order, and is done at once", () => {
    let [comments, compiled] = [0, 0];
    fc.assert(
      fc.property(sources, (source) => {
        const text = formatted(source);

        expect(treeOf(text)).toEqual(treeOf(source));
        expect(commentsOf(text)).toEqual(commentsOf(source));
        expect(formatted(text)).toBe(text);
        const [before, after] = [source, text].map((one) =>
          compileSource(one, { privileged: true }),
        );
        comments += commentsOf(source).length;
        // Stake cannot be written in a batch: what does not compile has no digest.
        if (before?.ok !== true || after?.ok !== true) return;
        compiled++;
        expect(after.intents.map((one) => one.digest)).toEqual(
          before.intents.map((one) => one.digest),
        );
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(comments).toBeGreaterThan(1_000);
    expect(compiled).toBeGreaterThan(100);
  });

  test("has no trailing blanks, no two empty lines, no tab outside comments, and one end", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const bare = formatted(source).replaceAll(/\/\*[^]*?\*\//g, "*");

        expect(bare).not.toMatch(/\n\n\n|\t|\r|^\n|[^\n]$/);
        expect(bare.replaceAll(/(?:#|\/\/).*/g, "")).not.toMatch(/\{\n\n|\n\n *\}/);
      }),
      { numRuns: 100 },
    );
  });

  test("a source that cannot be read gives the diagnostics of the compiler", () => {
    expect(formatSource("intent t( {")).toMatchObject({
      ok: false,
      diagnostics: [{ code: "syntax" }],
    });
    expect(formatSource(Uint8Array.of(0xff))).toMatchObject({ ok: false });
  });

  test("a source that would outgrow the bound is refused rather than made unreadable", () => {
    const dense = `intent t() { verify { ${"true;".repeat(60)} } }`;
    const many = Array.from({ length: 64 }, (_, at) => dense.replace("t()", `t${at}()`)).join("");
    const filled = `${many}#${"x".repeat(65_536 - many.length - 1)}`;

    expect(parseSource(filled).ok).toBe(true);
    expect(formatSource(filled)).toMatchObject({ ok: false, diagnostics: [{ code: "limit" }] });
  });

  test("what people write comes out as people like it", () => {
    const source = `const FEE=2;intent pay(signer from:Account,to:Account,
      amount : Amount){guard{amount>0;// not nothing
      if amount>-1 then true else !(from!=to);}
      effect { } # later


      verify{ from.balance>=old( from.balance )-amount
        && min(amount,FEE)<=1;}}
      /* the end */`;

    expect(formatted(source)).toBe(
      `const FEE = 2;

intent pay(
  signer from: Account, to: Account,
  amount: Amount
) {
  guard {
    amount > 0; // not nothing
    if amount > -1 then true else !(from != to);
  }
  effect {} # later

  verify {
    from.balance >= old(from.balance) - amount
      && min(amount, FEE) <= 1;
  }
}

/* the end */
`,
    );
  });

  test("a line that is too long is broken at its loosest operator", () => {
    const clause = (name: string): string => `${name}.balance + ${name}.balance * 2 >= 1_000_000`;
    const source = `intent t(alice: Account, bob: Account) { verify {
      ${clause("alice")} && ${clause("bob")} => ${clause("alice")} || ${clause("bob")}; } }`;

    expect(formatted(source).split("\n").slice(2, 6)).toEqual([
      `    ${clause("alice")} && ${clause("bob")}`,
      `      => ${clause("alice")}`,
      `        || ${clause("bob")};`,
      "  }",
    ]);
  });

  const folders = ["../../library/", "../../library/assets/", "../../library/attacks/"];
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(folder, import.meta.url))
      .filter((file) => file.endsWith(".ae"))
      .map((file) => [`${folder}${file}`] as const),
  );

  test.each(files)("%s is laid out so", (file) => {
    const source = readFileSync(new URL(file, import.meta.url), "utf8");

    expect(formatted(source)).toBe(source);
  });
});
