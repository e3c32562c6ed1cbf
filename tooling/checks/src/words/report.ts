import type { Finding } from "./findings.ts";

const KINDS = ["markdown", "docstring", "opening", "code"] as const;

/**
 * Returns the part of the repository to which a file belongs, such as `packages/pbft` or `docs`.
 * Returns `root` for files of the root folder.
 */
export function partOf(path: string): string {
  return /^(?:(?:apps|packages|tooling)\/[^/]+|[^/]+(?=\/))/.exec(path)?.[0] ?? "root";
}

/**
 * Formats a table of the findings: a row for each part of the repository, a column for each kind,
 * and a last row with the sums.
 */
export function countByPart(findings: readonly Finding[]): readonly string[] {
  const parts = [...new Set(findings.map(({ file }) => partOf(file)))].toSorted();
  const rows = parts.map((part) => ({
    part,
    own: findings.filter(({ file }) => partOf(file) === part),
  }));
  return [
    ["part".padEnd(20), ...KINDS.map((kind) => kind.padStart(10))].join(""),
    ...[...rows, { part: "all", own: findings }].map(({ part, own }) =>
      [
        part.padEnd(20),
        ...KINDS.map((kind) =>
          String(own.filter((each) => each.kind === kind).length).padStart(10),
        ),
      ].join(""),
    ),
  ];
}

/** Formats a line for each word with its number of findings, the most frequent first. */
export function countByWord(findings: readonly Finding[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { kind, text, say } of findings) {
    const shown =
      kind === "opening" ? `"${text} ..."` : text.toLowerCase().replace(/[\s_-]+/g, " ");
    const key = `${shown} -> ${say}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))
    .map(([word, count]) => `${String(count).padStart(6)}  ${word}`);
}

/** Formats each finding as `file:line: word -> say`, where `say` is the word to use instead. */
export function listFindings(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ file, line, text, say }) => `${file}:${line}: ${text} -> ${say}`);
}
