import { posix } from "node:path";
import type { File } from "../repository.ts";
import { lineAt, type Violation } from "../violation.ts";
import { codeSpans, ownLinks, withoutFences } from "./markdown.ts";

/** Codes of requirements, properties and known bugs, such as R4.2, P16 and B7. */
const CODE = /\b(?:R\d(?:\.\d{1,2})?|[PB]\d{1,2})\b(?!\.\d)/g;

/** Pattern for the names of files in which codes are checked. */
const WRITTEN = /\.(?:ts|js|md|ya?ml)$/;

/** Place at which a code is defined: a row of a table, or a heading. */
export interface Definition {
  readonly code: string;
  readonly file: string;
  readonly line: number;
  /** Last cell of the table row, which names tests. Empty for a heading. */
  readonly tests: string;
}

/**
 * Finds the definitions of codes in the documents: rows of tables and headings that begin with a
 * code.
 */
export function findDefinitions(documents: readonly File[]): readonly Definition[] {
  return documents.flatMap(({ path: file, text }) =>
    text.split("\n").flatMap((line, at) => {
      const code = /^(?:#+ (\S+) |\| (\S+) \|)/.exec(line)?.slice(1).find(Boolean) ?? "";
      if (code.replace(CODE, "") !== "" || code === "") return [];
      const tests = line.startsWith("|") ? (line.split("|").at(-2) ?? "") : "";
      return [{ code, file, line: at + 1, tests }];
    }),
  );
}

/** Finds codes that are used but not defined, and codes that are defined twice. */
export function findCodeViolations(
  files: readonly File[],
  definitions: readonly Definition[],
): readonly Violation[] {
  const known = new Set(definitions.map(({ code }) => code));
  const documents = [...new Set(definitions.map(({ file }) => file))].join(" or ");
  return [
    ...definitions
      .filter(({ code }, at) => definitions.findIndex((other) => other.code === code) !== at)
      .map(({ code, file, line }) => ({
        file,
        line,
        rule: `defines ${code}, which is defined already`,
        mend: "give it the next free number",
      })),
    ...files
      .filter(({ path }) => WRITTEN.test(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(CODE)]
          .filter(([code]) => !known.has(code))
          .map(({ 0: code, index }) => ({
            file: path,
            line: lineAt(text, index),
            rule: `names ${code}, which is not defined`,
            mend: `define it in ${documents}, or name another`,
          })),
      ),
  ];
}

/** Finds tests that a definition names but that do not exist or do not contain its code. */
export function findTestViolations(
  definitions: readonly Definition[],
  files: readonly File[],
): readonly Violation[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return definitions.flatMap(({ code, file, line, tests }) =>
    codeSpans(tests).flatMap(({ text: path }) => {
      const codes = [...(texts.get(path) ?? "").matchAll(CODE)].map(([found]) => found);
      // A test without a number of its own may stand for a requirement.
      if (codes.includes(code) || (code.startsWith("R") && texts.has(path))) return [];
      const rule = `says that ${path} tests ${code}, and that does not name it`;
      return [{ file, line, rule, mend: "name a test whose title begins with the number" }];
    }),
  );
}

/**
 * Finds Markdown documents that name a code but do not link the page that defines it. Reports one
 * code for each document.
 */
export function findUnlinked(
  documents: readonly File[],
  definitions: readonly Definition[],
): readonly Violation[] {
  const pageOf = new Map(definitions.map(({ code, file }) => [code, file]));
  const defining = new Set(pageOf.values());
  return documents
    .filter(({ path }) => !defining.has(path))
    .flatMap(({ path, text }) => {
      const linked = new Set(
        ownLinks(text).map(({ text: link }) =>
          posix.join(posix.dirname(path), link.replace(/#.*/, "")),
        ),
      );
      const first = [...withoutFences(text).matchAll(CODE)].find(([code]) => {
        const page = pageOf.get(code);
        return page !== undefined && !linked.has(page);
      });
      if (first === undefined) return [];
      const [code] = first;
      const rule = `names ${code} and never links the page that defines it`;
      const mend = `link ${pageOf.get(code) ?? ""} here`;
      return [{ file: path, line: lineAt(text, first.index), rule, mend }];
    });
}
