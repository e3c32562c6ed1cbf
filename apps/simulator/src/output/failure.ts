import { onOneLine } from "@aethel/terminal";
import { TestkitError } from "@aethel/testkit";

/** Sentence with the next step after a wrong command line. */
export const NEXT = "Next: see `npm run sim -- --help` for commands and flags.";

/**
 * Describes an error, and returns its exit code: 1 for a violation or a failure, 2 for wrong usage.
 */
export function describeFailure(error: unknown): {
  readonly message: string;
  readonly exitCode: number;
} {
  if (error instanceof TestkitError && error.fault.code === "CONFIG") {
    return { message: `${error.fault.problems.join("; ")}. ${NEXT}`, exitCode: 2 };
  }
  if (error instanceof TestkitError && error.fault.code === "VIOLATION") {
    const { checker, reason, atMs, step, replay } = error.fault;
    const message = `VIOLATION of ${checker} at ${atMs} ms, step ${step}: ${reason}\nShow it again: ${replay}`;
    return { message, exitCode: 1 };
  }
  return {
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    exitCode: 1,
  };
}

/** Formats commander's error about a command line as one line, with the next step. */
export function describeComplaint(complaint: string): string {
  return onOneLine(complaint, { program: "aethel-sim", next: NEXT });
}
