import { AethelError } from "@aethel/models";
import { failure, type NodeCode, NodeError } from "./failure.ts";

type DiskCode = Extract<NodeCode, `DISK_${string}`>;

interface DiskFault {
  readonly code: DiskCode;
  readonly what: string;
  readonly next: string;
}

const FULL: DiskFault = {
  code: "DISK_FULL",
  what: "the disk is full, or a quota or size limit is reached",
  next: "free space or raise the limit (df -h, df -i, quota, ulimit -f); a running node resumes by itself",
};
const READ_ONLY: DiskFault = {
  code: "DISK_READ_ONLY",
  what: "the file system is read-only",
  next: "find out why (dmesg: a failing disk is remounted read-only), then mount it for writing",
};
const PERMISSION: DiskFault = {
  code: "DISK_PERMISSION",
  what: "this user has no permission for the file",
  next: "make the user that runs aethel the owner of the directory and all files in it (chown -R)",
};
const BROKEN: DiskFault = {
  code: "DISK_ERROR",
  what: "an operation on the disk failed",
  next: "check dmesg and the health of the disk; if it is failing, stop the node and move the whole directory to another",
};
const NO_LOCKS: DiskFault = {
  code: "DISK_ERROR",
  what: "the file system has no file locks",
  next: "put the directory on a local disk: without a lock two validators could use it at once",
};

/**
 * Faults of a disk, by the errno of a system error. Errors about names and sockets are left out.
 */
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

/** Tells whether an errno, such as `ENOSPC`, is about a disk. */
export function isDiskErrno(errno: string): boolean {
  return DISK_FAULTS.has(errno);
}

/**
 * System calls on sockets. If one of them fails for lack of permission, the error is not about a
 * disk.
 */
const SOCKET_CALLS: ReadonlySet<unknown> = new Set(["listen", "bind", "connect"]);

/** Most nested causes of an error that are searched. */
const CAUSES_MAX = 8;

/**
 * Converts an error about a disk, or an error with such a cause, to a `NodeError` with a `DISK_`
 * code. Undefined for all other errors.
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

/**
 * Returns the fault for an errno. Undefined if the error is not about a disk. A `STORAGE` error of
 * a package counts as one about a disk even if its errno is unknown.
 */
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

/**
 * Reads errno and text of a `STORAGE` error of `@aethel/pbft`. Undefined for other errors. The
 * error is recognized by its code instead of its class, because not every command loads that
 * package.
 */
function storageErrorOf({ fault }: AethelError): ReturnType<typeof systemErrorOf> {
  const facts: Readonly<Record<string, unknown>> = { ...fault };
  if (fault.code !== "STORAGE" || typeof facts["errno"] !== "string") return undefined;
  const { errno, path, reason } = facts;
  const text = String(reason);
  return { errno, text: text.includes(String(path)) ? text : `${text}, ${String(path)}` };
}
