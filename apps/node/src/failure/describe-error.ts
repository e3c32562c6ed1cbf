import { AethelError } from "@aethel/models";
import { diskFailure } from "./disk-failure.ts";
import { factsOf, NodeError } from "./failure.ts";

/** Returns the exit code for a thrown value: 2 for wrong usage, 1 otherwise. */
export function exitCodeOf(error: unknown): number {
  return error instanceof NodeError && error.fault.code === "USAGE" ? 2 : 1;
}

/**
 * Describes a thrown value: the fact and the next step in one line, with details in lines below.
 * Never shows the stack.
 */
export function describeError(error: unknown): string {
  if (error instanceof NodeError) {
    const { message, next } = error.fault;
    const stop = message.endsWith("?") ? "" : ".";
    return [`${message}${stop} Next: ${next}.`, ...error.details].join("\n");
  }
  const disk = diskFailure(error);
  if (disk !== undefined) return describeError(disk);
  if (error instanceof AethelError) return `${error.name}: ${factsOf(error)}`;
  if (error instanceof Error)
    return `${error.message} (this is a bug in Aethel). Next: please report it.`;
  return String(error);
}

/** Describes a thrown value for programs: `{ "error": { code, message, next, details } }`. */
export function errorJson(error: unknown): string {
  const disk = error instanceof NodeError ? undefined : diskFailure(error);
  const known = disk ?? error;
  if (known instanceof NodeError) {
    return JSON.stringify({ error: { ...known.fault, details: known.details } });
  }
  const code = error instanceof AethelError ? error.fault.code : "INTERNAL";
  return JSON.stringify({ error: { code, message: describeError(error), next: "", details: [] } });
}
