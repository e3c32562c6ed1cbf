import { describe, expect, test } from "vitest";
import { findAbsentDocuments } from "../src/documents/absent-documents.ts";
import {
  findCodeViolations,
  findDefinitions,
  findTestViolations,
  findUnlinked,
} from "../src/documents/codes.ts";
import { anchorsOf, codeSpans, ownLinks } from "../src/documents/markdown.ts";
import { createTree, findPathViolations } from "../src/documents/path-rules.ts";
import { listRepository, readRepository } from "../src/repository.ts";
import { describeViolations } from "../src/violation.ts";
import { source } from "./planted.ts";

const files = readRepository();
const documents = files.filter(({ path }) => path.endsWith(".md"));
const definitions = findDefinitions(
  files.filter(({ path }) => /^docs\/(?:requirements|known-bugs)\.md$/.test(path)),
);

describe("the repository", () => {
  test("defines every number of a requirement, property or known bug that it names, once", () => {
    const count = (letter: string): number =>
      definitions.filter(({ code }) => code.startsWith(letter)).length;

    expect([count("P"), count("B")]).toEqual([42, 42]);
    expect(count("R")).toBeGreaterThan(40);
    expect(describeViolations(findCodeViolations(files, definitions))).toEqual([]);
  });

  test("says of tests only that they show a number when they carry it", () => {
    expect(describeViolations(findTestViolations(definitions, files))).toEqual([]);
  });

  test("links the page that defines a number from each page that names it", () => {
    const lasting = documents.filter(({ path }) => !path.startsWith(".changeset/"));

    expect(describeViolations(findUnlinked(lasting, definitions))).toEqual([]);
  });

  test("names no path and links to no page or heading that is not there", () => {
    const tree = createTree(listRepository(), files);

    expect(documents.length).toBeGreaterThan(60);
    expect(describeViolations(documents.flatMap((page) => findPathViolations(page, tree)))).toEqual(
      [],
    );
  });

  test("refers to no document that is in no clone", () => {
    expect(describeViolations(files.flatMap(findAbsentDocuments))).toEqual([]);
  });
});

describe("the check of the numbers", () => {
  // Put together here, or this file would break its own rule.
  const bug = ["B", 98].join("");
  const other = ["B", 99].join("");
  const requirement = ["R", "9.1"].join("");
  const page = source(
    "docs/known-bugs.md",
    "| number | what | tests |",
    "| --- | --- | --- |",
    `| ${bug} | it broke | \`packages/x/test/a.test.ts\` |`,
    `## ${requirement.slice(0, 2)} Shine`,
    `| ${requirement} | shines | |`,
    `The row of ${bug} is above, and | ${bug} | is none.`,
  );
  const found = findDefinitions([page]);

  test("finds definitions in rows and headings, and nowhere else", () => {
    expect(found.map(({ code, line }) => [code, line])).toEqual([
      [bug, 3],
      [requirement.slice(0, 2), 4],
      [requirement, 5],
    ]);
  });

  test.each(["packages/x/src/a.ts", "packages/x/test/a.test.ts", "docs/a.md", "tooling/a.js"])(
    "finds a number that is not defined in %s, with its line",
    (path) => {
      const file = source(path, "", `// ${bug}: fine, ${requirement} too, ${other} is not`);

      expect(describeViolations(findCodeViolations([file], found))).toEqual([
        `${path}:2: names ${other}, which is not defined; define it in docs/known-bugs.md, or name another`,
      ]);
    },
  );

  test("leaves alone what only looks like a number", () => {
    const file = source("packages/x/src/a.ts", `0x${other}; ${other}x; x${other}; SP${other}`);

    expect(findCodeViolations([file], found)).toEqual([]);
  });

  test("finds a number that is defined twice", () => {
    const twice = findDefinitions([page, source("docs/requirements.md", `| ${bug} | again | |`)]);

    expect(findCodeViolations([], twice).map(({ file, rule }) => [file, rule])).toEqual([
      ["docs/requirements.md", `defines ${bug}, which is defined already`],
    ]);
  });

  test("finds a page that names a number and links nothing that defines it", () => {
    const lines = (text: string): readonly (number | undefined)[] =>
      findUnlinked([page, source("docs/deep/a.md", "", text)], found).map(({ line }) => line);

    expect(lines(`See ${bug}.`)).toEqual([2]);
    expect(lines(`See [${bug}](../known-bugs.md#here) and ${bug}.`)).toEqual([]);
    expect(lines(`See [${bug}](../../known-bugs.md).`)).toEqual([2]);
  });

  test("finds a test that does not carry the number, or does not exist", () => {
    const path = "packages/x/test/a.test.ts";
    const rules = (text: string): number =>
      findTestViolations(found, [source(path, `test("${text}", () => {});`)]).length;

    expect(rules(`${bug}: does not break`)).toBe(0);
    expect(rules(`${other}: does not break`)).toBe(1);
    expect(findTestViolations(found, []).map(({ line }) => line)).toEqual([3]);
  });
});

describe("the check of paths", () => {
  const texts = [
    source("docs/page.md", "# One `thing` (and more)", "", "## Twice", "## Twice"),
    source("packages/x/README.md", "# x"),
    source("packages/x/src/deep/idea.ts", ""),
  ];
  const tree = createTree([...texts.map(({ path }) => path), "packages/x/model.wasm"], texts);
  const rules = (path: string, ...lines: readonly string[]): readonly string[] =>
    findPathViolations(source(path, ...lines), tree).map(({ rule }) => rule);

  test("accepts links and paths to files, folders, headings and other sites", () => {
    const lines = [
      "[a](page.md) [b](page.md#one-thing-and-more) [c](page.md#twice-1) [d](../packages/x)",
      "[e](#here) [f](https://example.org/x.md) [g](mailto:a@example.org) `docs/page.md`",
      "## Here",
      "`packages/x/src/deep/` `packages/x/model.wasm` `npm run docs/none` `packages/*/src` `src/none.ts`",
    ];

    expect(rules("docs/a.md", ...lines)).toEqual([]);
    expect(rules("packages/x/README.md", "`src/deep/idea` `src/deep/idea.ts`")).toEqual([]);
  });

  test("finds a link to no page, to no heading, and a path to nothing", () => {
    expect(rules("docs/a.md", "[a](none.md)")).toEqual(["links to none.md, which is not there"]);
    expect(rules("docs/a.md", "[a](../page.md)")).toHaveLength(1);
    expect(rules("docs/a.md", "[a](page.md#thrice)", "[b](#nowhere)")).toHaveLength(2);
    expect(rules("docs/a.md", "`packages/x/src/none.ts`")).toEqual([
      "names the path packages/x/src/none.ts, which is not there",
    ]);
    expect(rules("packages/x/README.md", "see `src/none.ts`")).toHaveLength(1);
  });

  test("looks into no fenced block, and a link in a code span is none", () => {
    expect(rules("docs/a.md", "```sh", "`packages/none` [a](none.md)", "```")).toEqual([]);
    expect(rules("docs/a.md", "`[a](none.md)`")).toEqual([]);
    expect(ownLinks("x [a](b.md)")).toEqual([{ text: "b.md", offset: 4 }]);
    expect(codeSpans("a `b` ``c`d``")).toEqual([{ text: "b", offset: 2 }]);
    expect([...anchorsOf("# A [b](c.md), d_e!\n")]).toEqual(["a-b-d_e"]);
  });
});

describe("the check for absent documents", () => {
  // Put together here, or this file would break its own rule.
  const plan = ["DES", "IGN"].join("");
  const bugs = ["KNOWN", "BUGS"].join("_");
  const kernel = ["KERNEL", "md"].join(".");
  const beside = ["..", "shared", "corpus"].join("/");
  const ticket = ["issue ", 13].join("#");

  test.each([`see ${plan} §3`, `${plan}.md`, bugs, kernel, `new URL("${beside}/")`, ticket])(
    "finds %s, with its line",
    (text) => {
      const found = findAbsentDocuments(source("packages/x/src/a.ts", "", `// ${text}`));

      expect(found.map(({ line }) => line)).toEqual([2]);
    },
  );

  test("leaves alone words, names and reports of others that look like them", () => {
    const lines = ["docs/design.md", "KERNEL_VERSION", "REDESIGNED", "besu #7642", "shared/x"];

    expect(findAbsentDocuments(source("docs/a.md", ...lines))).toEqual([]);
  });
});
