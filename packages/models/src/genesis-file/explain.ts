import type { PlacedProblem } from "./source.ts";

/** More than this many problems have one cause. */
const SHOWN_MAX = 50;

/** One line for each problem, as compilers write them: `genesis.yaml:12:3: what: what to do`. */
export function explainProblems(file: string, problems: readonly PlacedProblem[]): string {
  const lines = problems.slice(0, SHOWN_MAX).map(({ line, column, path, what, mend }) => {
    const subject = path === "" ? "" : `${path} `;
    return `${file}:${line}:${column}: ${subject}${what}: ${mend}`;
  });
  const rest = problems.length - lines.length;
  return [...lines, ...(rest > 0 ? [`${file}: and ${rest} more`] : [])].join("\n");
}
