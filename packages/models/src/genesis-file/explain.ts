import type { PlacedProblem } from "./source.ts";

/** Greatest number of problems that are shown. If there are more, they usually have one cause. */
const SHOWN_MAX = 50;

/** Formats problems like a compiler, one line each: `genesis.yaml:12:3: problem: repair`. */
export function explainProblems(file: string, problems: readonly PlacedProblem[]): string {
  const lines = problems.slice(0, SHOWN_MAX).map(({ line, column, path, what, repair }) => {
    const subject = path === "" ? "" : `${path} `;
    return `${file}:${line}:${column}: ${subject}${what}: ${repair}`;
  });
  const rest = problems.length - lines.length;
  return [...lines, ...(rest > 0 ? [`${file}: and ${rest} more`] : [])].join("\n");
}
