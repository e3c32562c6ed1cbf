import type { File } from "../repository.ts";
import { lineAt, type Violation } from "../violation.ts";

/** Documents and folders that are in no clone, by the names that people gave them. */
const ABSENT: readonly RegExp[] = [
  /\b(?:DESIGN|KERNEL|KNOWN_BUGS|REQUIREMENTS|CONTRACTS|STYLE|HOUSE)\.md\b/g,
  /\b(?:DESIGN|KNOWN_BUGS|REQUIREMENTS)\b(?!\.md)/g,
  /\.\.\/shared\b/g,
  /\b(?:[Ii]ssue|[Tt]icket) (?:#|no\. ?)\d+\b/g,
];

/** The one file that has to name them. */
const THIS_FILE = "tooling/checks/src/documents/absent-documents.ts";

/** References to what a reader of this repository does not have. */
export function findAbsentDocuments({ path, text }: File): readonly Violation[] {
  if (path === THIS_FILE) return [];
  return ABSENT.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: name }) => ({
      file: path,
      line: lineAt(text, index),
      rule: `refers to ${name}, which is not in the repository`,
      mend: "say it here, or cite a paper, an RFC or a decision",
    })),
  );
}
