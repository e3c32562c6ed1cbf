import { AethelError } from "@aethel/models";

/** Fault in the form in which a terminal or an HTTP client gets it. `code` is public API. */
export interface NodeFault {
  readonly code: NodeCode;
  /** Fact in one line, with the name of the file, flag or port. */
  readonly message: string;
  /** Next step in one line. */
  readonly next: string;
}

/** Codes of faults. The README has a table that explains each. */
export type NodeCode =
  | "USAGE"
  | "CONFIG"
  | "GENESIS"
  | "PASSWORD"
  | "KEY_FILE"
  | "DATA_DIR_IN_USE"
  | "DATA_DIR_DAMAGED"
  | "DATA_DIR_MISSING"
  | "DATA_DIR_NOT_EMPTY"
  | "PORT_IN_USE"
  | "ADDRESS"
  | "DISK_FULL"
  | "DISK_READ_ONLY"
  | "DISK_PERMISSION"
  | "DISK_ERROR"
  | "FILE"
  | "UNREACHABLE"
  | "REFUSED"
  | "NOT_FOUND"
  | "BAD_REQUEST"
  | "TOO_LARGE"
  | "JUDGE_MISMATCH"
  | "SIGNING_STATE"
  | "CHILD"
  | "DEADLINE";

/** Error class of the app. */
export class NodeError extends AethelError<NodeFault> {
  override readonly name = "NodeError";
  /** Lines below the message at a terminal. Each names a place and the step to take there. */
  readonly details: readonly string[] = [];

  /** Returns a copy of the error with `details`. */
  explainedBy(details: readonly string[]): NodeError {
    return Object.assign(new NodeError(this.fault, { cause: this.cause }), { details });
  }
}

/**
 * Creates a `NodeError`. Line breaks in the message, which may come from a library, become spaces.
 */
export function failure(code: NodeCode, text: string, next: string, cause?: unknown): NodeError {
  const message = text.replace(/\s+/g, " ");
  return new NodeError({ code, message, next }, cause === undefined ? undefined : { cause });
}

/** Lists the facts of a package's error on one line. */
export function factsOf(error: AethelError): string {
  const facts: readonly (readonly [string, unknown])[] = Object.entries(error.fault);
  const rest = facts
    .filter(([key]) => key !== "code")
    .map(([key, value]) => `${key}: ${String(value)}`);
  return [error.fault.code, ...rest].join(", ");
}
