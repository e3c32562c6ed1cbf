import type { File } from "../repository.ts";
import { lineAt, type Violation } from "../violation.ts";

/** Names of documents and folders that are not in the repository. */
const ABSENT: readonly RegExp[] = [
  /\b(?:DESIGN|KERNEL|KNOWN_BUGS|REQUIREMENTS|CONTRACTS|STYLE|HOUSE)\.md\b/g,
  /\b(?:DESIGN|KNOWN_BUGS|REQUIREMENTS)\b(?!\.md)/g,
  /\.\.\/shared\b/g,
  /\b(?:[Ii]ssue|[Tt]icket) (?:#|no\. ?)\d+\b/g,
];

/** The only file that may contain these names. */
const THIS_FILE = "tooling/checks/src/documents/absent-documents.ts";

/** Finds references to documents and folders that are not in the repository. */
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
