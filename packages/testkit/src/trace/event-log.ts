import { createHash } from "node:crypto";

/**
 * Log of a world's events, one line each. Worlds with equal options have equal logs, byte for byte.
 */
export interface EventLog {
  /** Adds a line, which must not have line breaks. */
  add(line: string): void;
  /** Returns the SHA-256, in hex, of all lines so far. */
  digest(): string;
  /** Returns the last lines that are kept, oldest first. */
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
