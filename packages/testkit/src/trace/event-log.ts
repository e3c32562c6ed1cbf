import { createHash } from "node:crypto";

/** Events of a world, one line each. Equal worlds have equal logs, byte for byte. */
export interface EventLog {
  /** Adds a line, which must not have line breaks. */
  add(line: string): void;
  /** Returns SHA-256 of all lines so far, in hex. */
  digest(): string;
  /** Returns the last lines, oldest first; all of them if no more were written than are kept. */
  lines(): readonly string[];
  readonly count: number;
}

/** Creates an empty log that keeps the last `keep` lines and the hash of all. */
export function createEventLog(keep: number): EventLog {
  const hash = createHash("sha256");
  let kept: string[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(line) {
      count += 1;
      hash.update(line).update("\n");
      kept.push(line);
      // Lines are dropped in large pieces, so that a line costs constant time on average.
      if (kept.length >= 2 * keep) kept = kept.slice(kept.length - keep);
    },
    digest: () => hash.copy().digest("hex"),
    lines: () => kept.slice(Math.max(0, kept.length - keep)),
  };
}
