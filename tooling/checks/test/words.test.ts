import { describe, expect, test } from "vitest";
import { readRepository } from "../src/repository.ts";
import { findWords } from "../src/words/findings.ts";
import { countByPart, countByWord, listFindings } from "../src/words/report.ts";
import { findRepeated, readWording } from "../src/words/say-and-not.ts";
import { source } from "./planted.ts";

const glossary = readRepository().find(({ path }) => path === "docs/glossary.md")?.text ?? "";

describe("the glossary", () => {
  test("has each term once, and for each word that is not said another one", () => {
    const { bans, openings, terms } = readWording(glossary);

    expect(terms.length).toBeGreaterThan(90);
    expect(findRepeated(terms)).toEqual([]);
    expect(findRepeated(["leader", "view", "leader"])).toEqual(["leader"]);
    expect(bans.length).toBeGreaterThan(10);
    expect(bans.every(({ say }) => say !== "")).toBe(true);
    expect(openings).toEqual(["What", "Who", "Whoever", "Of", "Where", "Which", "How"]);
  });
});

describe("the count of words", () => {
  const wording = readWording(
    [
      "| word | meaning |",
      "| --- | --- |",
      "| Judge | gives verdicts |",
      "## Say, and not",
      "| say | not | where |",
      "| --- | --- | --- |",
      "| boundary | `border*` | |",
      "| current | `in hand` | |",
      "| check | `judg*` | `packages/x` |",
      "",
      "A docstring begins with a noun, never with `What` or `Of`.",
      "## Sources",
      "| say | `border` | |",
    ].join("\n"),
  );
  const found = (path: string, ...lines: readonly string[]): readonly string[] =>
    listFindings(findWords([source(path, ...lines)], wording));

  test("finds each word in Markdown, with its line, a capital or an ending", () => {
    expect(found("docs/a.md", "A border", "Borders: in hand")).toEqual([
      "docs/a.md:1: border -> boundary",
      "docs/a.md:2: Borders -> boundary",
      "docs/a.md:2: in hand -> current",
    ]);
  });

  test("finds words and openings in docstrings, also over the end of a line", () => {
    const lines = [
      "/** What is in",
      " * hand. */",
      "const border = 1; // border",
      "/* border */",
      'const text = "/** border */";',
      "  /** Of a border. */",
      "/**",
      " * What begins a line later.",
      " */",
      "/** Whatever ends well. */",
    ];

    const findings = findWords([source("packages/y/src/a.ts", ...lines)], wording);
    expect(listFindings(findings.filter(({ kind }) => kind !== "code"))).toEqual([
      "packages/y/src/a.ts:6: border -> boundary",
      "packages/y/src/a.ts:1: in hand -> current",
      "packages/y/src/a.ts:1: What -> a noun or a verb",
      "packages/y/src/a.ts:6: Of -> a noun or a verb",
      "packages/y/src/a.ts:7: What -> a noun or a verb",
    ]);
  });

  test("finds words in names, messages and comments of the rest of a source", () => {
    const lines = [
      "/** A border. */",
      "const datedBorder = borderOf(BORDERS); // borders in hand",
      'say("the border", valueInHand, reborder, `${in_hand}`);',
    ];

    const findings = findWords([source("packages/y/src/a.ts", ...lines)], wording);
    const code = findings.filter(({ kind }) => kind === "code");
    expect(code.map(({ line, text }) => `${line} ${text}`)).toEqual([
      "2 Border",
      "2 border",
      "2 borders",
      "3 border",
      "2 in hand",
      "3 InHand",
      "3 in_hand",
    ]);
  });

  test("asks for a word only in its places, and never for a term of the glossary", () => {
    expect(found("packages/x/README.md", "the Judge judges")).toHaveLength(1);
    expect(found("packages/xy/README.md", "the Judge judges")).toEqual([]);
  });

  test("leaves alone longer words, names in code, fenced blocks and the glossary itself", () => {
    expect(
      found("docs/a.md", "borderless-ness cross-border `datedBorder`", "```", "border", "```"),
    ).toHaveLength(1);
    expect(found("docs/glossary.md", "border")).toEqual([]);
    expect(found("docs/a.json", "border")).toEqual([]);
  });

  test("is told for each part and each word", () => {
    const findings = findWords(
      [
        source("docs/a.md", "border, border"),
        source("apps/y/src/a.ts", "/** What a border is. */", "const border = 1;"),
        source("README.md", "in hand"),
      ],
      wording,
    );

    expect(countByPart(findings).map((line) => line.trim().split(/\s+/))).toEqual([
      ["part", "markdown", "docstring", "opening", "code"],
      ["apps/y", "0", "1", "1", "1"],
      ["docs", "2", "0", "0", "0"],
      ["root", "1", "0", "0", "0"],
      ["all", "3", "1", "1", "1"],
    ]);
    expect(countByWord(findings)).toEqual([
      "     4  border -> boundary",
      '     1  "What ..." -> a noun or a verb',
      "     1  in hand -> current",
    ]);
  });
});
