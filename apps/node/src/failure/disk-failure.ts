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
