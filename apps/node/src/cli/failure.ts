import { AethelError } from "@aethel/models";

/** Fault for the person at the terminal, or for an HTTP client. `code` is public API. */
export interface NodeFault {
  readonly code: NodeCode;
  /** One line: what is wrong, with the name of the file, flag or port. */
  readonly message: string;
  /** One line: what to do now. */
  readonly next: string;
}

/** Every code; the README's table says what each means. */
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

/** The one error class of the app. */
export class NodeError extends AethelError<NodeFault> {
  override readonly name = "NodeError";
  /** Lines that stand below the message at a terminal: each names a place and what to do there. */
  readonly details: readonly string[] = [];

  /** The same error with `details`. */
  explainedBy(details: readonly string[]): NodeError {
    return Object.assign(new NodeError(this.fault, { cause: this.cause }), { details });
  }
}

/** A `NodeError` in one call, its message on one line whatever a library put into it. */
export function failure(code: NodeCode, text: string, next: string, cause?: unknown): NodeError {
  const message = text.replace(/\s+/g, " ");
  return new NodeError({ code, message, next }, cause === undefined ? undefined : { cause });
}

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

/** The facts of a package's typed error, on one line. */
export function factsOf(error: AethelError): string {
  const facts: readonly (readonly [string, unknown])[] = Object.entries(error.fault);
  const rest = facts
    .filter(([key]) => key !== "code")
    .map(([key, value]) => `${key}: ${String(value)}`);
  return [error.fault.code, ...rest].join(", ");
}

type DiskCode = Extract<NodeCode, `DISK_${string}`>;

interface DiskFault {
  readonly code: DiskCode;
  readonly what: string;
  readonly next: string;
}

const FULL: DiskFault = {
  code: "DISK_FULL",
  what: "the disk is full, or a quota or size limit is reached",
  next: "make room or raise the limit (df -h, df -i, quota, ulimit -f); a running node goes on by itself",
};
const READ_ONLY: DiskFault = {
  code: "DISK_READ_ONLY",
  what: "the file system is read-only",
  next: "find out why (dmesg: a failing disk is remounted read-only), then mount it for writing",
};
const PERMISSION: DiskFault = {
  code: "DISK_PERMISSION",
  what: "this user may not do that with the file",
  next: "give the directory and all in it to the user that runs aethel",
};
const BROKEN: DiskFault = {
  code: "DISK_ERROR",
  what: "the disk does not do what it is asked",
  next: "look at dmesg and at the state of the disk; if it fails, move the whole directory to another",
};
const NO_LOCKS: DiskFault = {
  code: "DISK_ERROR",
  what: "the file system has no locks",
  next: "put the directory on a local disk: without a lock nothing keeps two validators apart",
};

/** Errors of the system about a disk; those about names and sockets are not here. */
const DISK_FAULTS: ReadonlyMap<string, DiskFault> = new Map([
  ["ENOSPC", FULL],
  ["EDQUOT", FULL],
  ["EFBIG", FULL],
  ["EROFS", READ_ONLY],
  ["EACCES", PERMISSION],
  ["EPERM", PERMISSION],
  ["ENOLCK", NO_LOCKS],
  ["EIO", BROKEN],
  ["ENXIO", BROKEN],
  ["ENODEV", BROKEN],
  ["ESTALE", BROKEN],
  ["EMFILE", BROKEN],
  ["ENFILE", BROKEN],
]);

/** Whether an error of the system, such as `ENOSPC`, is one that a disk has. */
export function isDiskErrno(errno: string): boolean {
  return DISK_FAULTS.has(errno);
}

/** Calls that are about a socket: what they are not allowed is no matter of a disk. */
const SOCKET_CALLS: ReadonlySet<unknown> = new Set(["listen", "bind", "connect"]);

/** Causes of an error that are followed at most. */
const CAUSES_MAX = 8;

/**
 * The NodeError of a disk that has refused something, for any error that says so or has such a one
 * as its cause; undefined for all others.
 */
export function diskFailure(error: unknown): NodeError | undefined {
  let at = error;
  for (let depth = 0; depth < CAUSES_MAX && at instanceof Error; depth++) {
    if (at instanceof NodeError && at.fault.code.startsWith("DISK_")) return at;
    const said = systemErrorOf(at);
    const fault = said === undefined ? undefined : faultOf(at, said.errno);
    if (said !== undefined && fault !== undefined) {
      return failure(fault.code, `${fault.what}: ${said.text}`, fault.next, error);
    }
    at = at.cause;
  }
  return undefined;
}

/** A storage failure that names an error which is not in the table is a disk's all the same. */
function faultOf(error: Error, errno: string): DiskFault | undefined {
  return DISK_FAULTS.get(errno) ?? (error instanceof AethelError ? BROKEN : undefined);
}

function systemErrorOf(
  error: Error,
): { readonly errno: string; readonly text: string } | undefined {
  if (error instanceof AethelError) return storageErrorOf(error);
  if (!("code" in error) || typeof error.code !== "string") return undefined;
  if ("syscall" in error && SOCKET_CALLS.has(error.syscall)) return undefined;
  return { errno: error.code, text: error.message };
}

/** Told by its code and not by its class: not every command loads the consensus. */
function storageErrorOf({ fault }: AethelError): ReturnType<typeof systemErrorOf> {
  const facts: Readonly<Record<string, unknown>> = { ...fault };
  if (fault.code !== "STORAGE" || typeof facts["errno"] !== "string") return undefined;
  const { errno, path, reason } = facts;
  const text = String(reason);
  return { errno, text: text.includes(String(path)) ? text : `${text}, ${String(path)}` };
}
