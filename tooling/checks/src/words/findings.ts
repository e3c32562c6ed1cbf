import { withoutFences } from "../documents/markdown.ts";
import type { File } from "../repository.ts";
import { lineAt } from "../violation.ts";
import type { Wording } from "./say-and-not.ts";

/** A word that is not said, or a docstring that begins as none does. */
export interface Finding {
  readonly kind: "markdown" | "docstring" | "opening";
  readonly file: string;
  readonly line: number;
  /** As it stands there. */
  readonly text: string;
  readonly say: string;
}

/** The page on which the words that are not said stand. */
const GLOSSARY = "docs/glossary.md";

/** What the wording finds in Markdown documents and docstrings. */
export function findWords(files: readonly File[], wording: Wording): readonly Finding[] {
  return files.flatMap((file) => {
    if (file.path.endsWith(".md")) {
      return file.path === GLOSSARY ? [] : findIn(file, withoutFences(file.text), wording);
    }
    if (!file.path.endsWith(".ts")) return [];
    return [...findIn(file, docstringsOf(file.text), wording), ...findOpenings(file, wording)];
  });
}

/** A text in which all but the docstrings is blanks; every offset stays. */
export function docstringsOf(text: string): string {
  let kept = "";
  for (const { 0: docstring, index } of text.matchAll(/(?<=^[ \t]*)\/\*\*[\s\S]*?\*\//gm)) {
    kept += blank(text.slice(kept.length, index)) + docstring;
  }
  return kept + blank(text.slice(kept.length));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

function findIn(file: File, text: string, { bans, terms }: Wording): readonly Finding[] {
  return bans
    .filter(({ places }) => places.length === 0 || places.some((place) => isIn(place, file.path)))
    .flatMap(({ pattern, say }) =>
      [...text.matchAll(pattern)]
        .filter(([word]) => !terms.includes(word))
        .map(({ 0: word, index }) => ({
          kind: file.path.endsWith(".md") ? ("markdown" as const) : ("docstring" as const),
          file: file.path,
          line: lineAt(text, index),
          text: word.replace(/[\s*]+/g, " "),
          say,
        })),
    );
}

function findOpenings({ path, text }: File, { openings }: Wording): readonly Finding[] {
  return [...docstringsOf(text).matchAll(/\/\*\*[\s*]*([A-Za-z]+)/g)]
    .filter(({ 1: word = "" }) => openings.includes(word))
    .map(({ 1: word = "", index }) => ({
      kind: "opening",
      file: path,
      line: lineAt(text, index),
      text: word,
      say: "a noun or a verb",
    }));
}

function isIn(place: string, path: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}
