import { describe, expect, test } from "vitest";
import { findImports } from "../src/imports.ts";
import { scan } from "../src/scan.ts";
import { source } from "./planted.ts";

const values = (text: string): readonly string[] => scan(text).literals.map(({ value }) => value);

describe("telling code from comments and strings", () => {
  test("comments and what strings hold are blanked, and every offset stays", () => {
    const text = 'call("a // b"); // say "hi"\n/* x\ny */ more();';
    const { code } = scan(text);

    expect(code).toBe('call("      ");            \n    \n     more();');
    expect(code).toHaveLength(text.length);
  });

  test("quotes, escapes, templates with holes and regular expressions do not confuse it", () => {
    expect(values(String.raw`f("a\"b", 'c')`)).toEqual([String.raw`a\"b`, "c"]);
    expect(values('`plain` + `x${ f({ a: "in" }) }y` + "after"')).toEqual(["plain", "in", "after"]);
    expect(scan("`x${Date.now()}y`").code).toBe("` ${Date.now()} `");
    expect(values('const quote = /["\'`]/g; f("after");')).toEqual(["after"]);
    expect(values('text.replace(/[/"]/g, "x")')).toEqual(["x"]);
    expect(scan("half = (a + b) / 2; c / d").code).toBe("half = (a + b) / 2; c / d");
    expect(scan("`a${`b${c}d`}e`; f()").code).toBe("` ${` ${c} `} `; f()");
  });

  test("an open string or comment ends with the text", () => {
    for (const text of ['"abc', "`abc", "`a${b", "/* abc", "// abc", "x = /abc"]) {
      expect(scan(text).code).toHaveLength(text.length);
    }
  });
});

describe("finding imports", () => {
  test("every form is found with its line, and what only looks like one is not", () => {
    const file = source(
      "packages/x/src/a.ts",
      'import "side-effect";',
      'import { a } from "one";',
      "import type {",
      "  B,",
      "} from 'two';",
      'export { c } from "three";',
      'const later = await import("four");',
      '// import { no } from "comment";',
      'const text = "import from";',
      'f("from", "x");',
    );

    expect(findImports(file)).toEqual([
      { specifier: "side-effect", line: 1 },
      { specifier: "one", line: 2 },
      { specifier: "two", line: 5 },
      { specifier: "three", line: 6 },
      { specifier: "four", line: 7 },
    ]);
  });
});
