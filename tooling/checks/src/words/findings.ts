import { withoutFences } from "../documents/markdown.ts";
import type { File } from "../repository.ts";
import { lineAt } from "../violation.ts";
import type { Wording } from "./say-and-not.ts";

/** Use of a word that the glossary bans, or a docstring with a banned first word. */
export interface Finding {
  readonly kind: "markdown" | "docstring" | "opening" | "code";
  readonly file: string;
  readonly line: number;
  /** Text as it is in the file. */
  readonly text: string;
  readonly say: string;
}

/** Page that lists the banned words. This file is not searched for them. */
const GLOSSARY = "docs/glossary.md";

/**
 * Finds banned words in Markdown documents, in docstrings and in the other text of sources, and
 * docstrings that begin with a banned word.
 */
export function findWords(files: readonly File[], wording: Wording): readonly Finding[] {
  return files.flatMap((file) => {
    if (file.path.endsWith(".md")) {
      const text = withoutFences(file.text);
      return file.path === GLOSSARY ? [] : findIn({ file, text, kind: "markdown" }, wording);
    }
    if (!file.path.endsWith(".ts")) return [];
    const docstrings = docstringsOf(file.text);
    const code = withoutDocstrings(file.text);
    return [
      ...findIn({ file, text: docstrings, kind: "docstring" }, wording),
      ...findOpenings(file, wording),
      ...findIn({ file, text: code, kind: "code" }, wording),
    ];
  });
}

/**
 * Replaces everything but the docstrings of a text by spaces. All offsets and line breaks stay the
 * same.
 */
export function docstringsOf(text: string): string {
  let kept = "";
  for (const { 0: docstring, index } of text.matchAll(/(?<=^[ \t]*)\/\*\*[\s\S]*?\*\//gm)) {
    kept += blank(text.slice(kept.length, index)) + docstring;
  }
  return kept + blank(text.slice(kept.length));
}

/** Replaces the docstrings of a text by spaces. All offsets and line breaks stay the same. */
export function withoutDocstrings(text: string): string {
  return text.replace(/(?<=^[ \t]*)\/\*\*[\s\S]*?\*\//gm, blank);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

interface Part {
  readonly file: File;
  readonly text: string;
  readonly kind: Finding["kind"];
}

function findIn({ file, text, kind }: Part, { bans, terms }: Wording): readonly Finding[] {
  return bans
    .filter(({ places }) => places.length === 0 || places.some((place) => isIn(place, file.path)))
    .flatMap(({ inProse, inCode, say }) =>
      [...text.matchAll(kind === "code" ? inCode : inProse)]
        .filter(([word]) => !terms.includes(word))
        .map(({ 0: word, index }) => ({
          kind,
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
