import { AethelError } from "@aethel/models";
import { diskFailure } from "./disk-failure.ts";
import { factsOf, NodeError } from "./failure.ts";

/** Process exit code for anything thrown: 2 for a wrong call, 1 for the rest. */
export function exitCodeOf(error: unknown): number {
  return error instanceof NodeError && error.fault.code === "USAGE" ? 2 : 1;
}

/**
 * One line that says what is wrong and what to do, and the details below it if there are any; never
 * a stack for what we threw on purpose.
 */
export function describeError(error: unknown): string {
  if (error instanceof NodeError) {
    return [`${error.fault.message}. Next: ${error.fault.next}.`, ...error.details].join("\n");
  }
  const disk = diskFailure(error);
  if (disk !== undefined) return describeError(disk);
  if (error instanceof AethelError) return `${error.name}: ${factsOf(error)}`;
  if (error instanceof Error) return `${error.message} (this is a bug in Aethel: please report it)`;
  return String(error);
}
