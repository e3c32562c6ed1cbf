import { NotYetError } from "@aethel/models";
import { TestkitError } from "@aethel/testkit";

/** What to say about an error, and the exit code: 1 a property is violated, 2 a wrong call. */
export function describeFailure(error: unknown): {
  readonly message: string;
  readonly exitCode: number;
} {
  if (error instanceof NotYetError) {
    return { message: `NOT_YET: ${error.fault.feature} is not built yet`, exitCode: 2 };
  }
  if (error instanceof TestkitError && error.fault.code === "CONFIG") {
    return { message: error.fault.problems.join("; "), exitCode: 2 };
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
