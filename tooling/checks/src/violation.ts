/** Place that breaks a rule, with the step that repairs it. */
export interface Violation {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Line, counted from 1. Absent if the violation concerns the whole file. */
  readonly line?: number;
  readonly rule: string;
  /** Step that repairs the violation. */
  readonly mend: string;
}

/**
 * Formats violations as `file:line: rule; mend`, sorted, so that the message of a failing test is a
 * list to work through.
 */
export function describeViolations(violations: readonly Violation[]): readonly string[] {
  return violations
    .toSorted((left, right) => compareText(left.file, right.file) || at(left) - at(right))
    .map(({ file, line, rule, mend }) => {
      const place = line === undefined ? file : `${file}:${line}`;
      return `${place}: ${rule}; ${mend}`;
    });
}

/** Returns the line, counted from 1, of an offset into a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function at({ line = 0 }: Violation): number {
  return line;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
