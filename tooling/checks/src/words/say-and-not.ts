import { codeSpans } from "../documents/markdown.ts";

/** Word that the glossary bans, with the word to use instead. */
export interface Ban {
  readonly say: string;
  /** Banned word, as it is written in the glossary. A `*` at the end stands for any ending. */
  readonly not: string;
  /** Pattern for prose. It finds the word as a whole word only. */
  readonly inProse: RegExp;
  /** Pattern for names, messages and comments in a source. It also finds the word inside a name. */
  readonly inCode: RegExp;
  /** Files or folders in which the word is banned; everywhere if empty. */
  readonly places: readonly string[];
}

/** Rules of the glossary about words. */
export interface Wording {
  readonly bans: readonly Ban[];
  /** Words with which no docstring may begin. */
  readonly openings: readonly string[];
  /** Words that the glossary defines. */
  readonly terms: readonly string[];
}

/** Reads the tables of a glossary: its terms and its banned words. */
export function readWording(glossary: string): Wording {
  const lines = glossary.split("\n");
  const from = lines.findIndex((line) => /^## .*\bnot$/.test(line));
  const later = lines.findIndex((line, at) => at > from && line.startsWith("## "));
  const section = from < 0 ? [] : lines.slice(from, later < 0 ? undefined : later);
  const words = (text = ""): readonly string[] => codeSpans(text).map((span) => span.text);
  const opening = section.find((line) => line.startsWith("A docstring begins"));
  return {
    bans: section.flatMap(cellsOf).flatMap(([say = "", not, places]) =>
      words(not).map((word) => ({
        say,
        not: word,
        inProse: prosePatternOf(word),
        inCode: codePatternOf(word),
        places: words(places),
      })),
    ),
    openings: words(opening),
    terms: (from < 0 ? lines : lines.slice(0, from))
      .flatMap(cellsOf)
      .map(([term = ""]) => term)
      .filter((term) => !/^(?:-+|word)$/.test(term)),
  };
}

/** Returns the terms that occur more than once in the list. */
export function findRepeated(terms: readonly string[]): readonly string[] {
  return terms.filter((term, at) => terms.indexOf(term) !== at);
}

function cellsOf(line: string): readonly (readonly string[])[] {
  if (!line.startsWith("|")) return [];
  return [
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  ];
}

/**
 * Returns a pattern for a banned word in prose. It finds whole words, also with a capital first
 * letter. Several words are also found across a line break.
 */
function prosePatternOf(word: string): RegExp {
  const text = anyCase(word).replace(/\*$/, "[a-z]*").replaceAll(" ", "[\\s*]+");
  return new RegExp(`(?<![\\w-])${text}(?!\\w)`, "g");
}

/**
 * Returns a pattern that also finds a banned word inside a name, such as `someWord`. Several words
 * are also found if they are written as one name.
 */
function codePatternOf(word: string): RegExp {
  const [first = "", ...others] = word.replace(/\*$/, "").split(/[ _]/);
  const capital = first.charAt(0).toUpperCase() + first.slice(1);
  const rest = others.map((other) => `[\\s_-]*${anyCase(other)}`).join("");
  const ending = word.endsWith("*") ? "[a-z]*" : "";
  return new RegExp(
    `(?:(?<![A-Za-z])${anyCase(first)}|(?<=[a-z\\d])${capital})${rest}${ending}(?![a-z])`,
    "g",
  );
}

function anyCase(word: string): string {
  const first = word.charAt(0);
  return `[${first.toLowerCase()}${first.toUpperCase()}]${word.slice(1)}`;
}
