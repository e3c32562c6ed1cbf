import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Change, changesOf } from "./operators.ts";

/** A change of one file of `src`. */
export interface Mutant extends Change {
  /** Stays the same as long as the lines of the change do. */
  readonly id: string;
  /** Relative to the package. */
  readonly file: string;
  /** Hash of the file. */
  readonly of: string;
  readonly line: number;
  readonly original: string;
}

/** Files of pbft whose rules keep two blocks from becoming final: every mutant of them is drawn. */
export const SAFETY_FILES: readonly string[] = [
  "src/normal-case/progress.ts",
  "src/normal-case/certificates.ts",
  "src/books/vote-book.ts",
  "src/view-change/new-view.ts",
  "src/view-change/view-change.ts",
  "src/views/ask-for-view.ts",
  "src/books/view-change-book.ts",
  "src/leader/lead.ts",
  "src/recover.ts",
  "src/replay.ts",
  "src/authenticate.ts",
];

/** All mutants of `src`, in order of file and place. */
export function allMutants(root: string): readonly Mutant[] {
  return sourcesIn(root).flatMap((file) => {
    const source = readFileSync(path.join(root, file), "utf8");
    const of = shortHash(source);
    const seen = new Map<string, number>();
    return changesOf(source).map((change): Mutant => {
      const original = source.slice(change.start, change.end);
      const line = source.slice(0, change.start).split("\n").length;
      const begin = source.lastIndexOf("\n", change.start) + 1;
      const until = source.indexOf("\n", change.end);
      const lines = source.slice(begin, until < 0 ? undefined : until);
      const place = [file, lines, change.start - begin, original, change.replacement];
      const id = shortHash(JSON.stringify(place));
      const earlier = seen.get(id) ?? 0;
      seen.set(id, earlier + 1);
      return { ...change, file, of, line, original, id: earlier === 0 ? id : `${id}-${earlier}` };
    });
  });
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

/** All mutants of the safety files, and of the others as many as are missing, drawn by the seed. */
export function drawMutants(
  all: readonly Mutant[],
  count: number,
  seed: number,
): readonly Mutant[] {
  const isSafe = ({ file }: Mutant): boolean => SAFETY_FILES.includes(file);
  const rank = (mutant: Mutant): string =>
    createHash("sha256").update(`${seed} ${mutant.id}`).digest("hex");
  const ranked = (some: readonly Mutant[]): readonly Mutant[] =>
    some
      .map((mutant) => ({ mutant, rank: rank(mutant) }))
      .toSorted((left, right) => (left.rank < right.rank ? -1 : 1))
      .map(({ mutant }) => mutant);
  const [safe, others] = [ranked(all.filter(isSafe)), ranked(all.filter((each) => !isSafe(each)))];
  // Mixed, so that a run that is broken off has something of both.
  const rest = others.slice(0, Math.max(0, count - safe.length));
  const step = Math.max(1, safe.length / Math.max(1, rest.length));
  const mixed: Mutant[] = [];
  let taken = 0;
  rest.forEach((mutant, at) => {
    const until = Math.floor((at + 1) * step);
    mixed.push(...safe.slice(taken, until), mutant);
    taken = Math.max(taken, until);
  });
  return [...mixed, ...safe.slice(taken)];
}

function sourcesIn(root: string): readonly string[] {
  return readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith("index.ts"))
    .map((name) => path.join("src", name))
    .toSorted();
}
