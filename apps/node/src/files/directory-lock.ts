import path from "node:path";
import { PbftError } from "@aethel/pbft";
import { type FileLock, lockFile } from "@aethel/pbft/file";
import { diskFailure } from "../failure/disk-failure.ts";
import { failure } from "../failure/failure.ts";

/** Lock of a data directory, held by this process. */
export type DirectoryLock = FileLock;

/**
 * Takes the lock `file` of a data directory. The operating system holds the lock, so it is released
 * when the process ends, and it also works between containers that share the directory.
 * @throws NodeError `DATA_DIR_IN_USE` if another process holds it, or one of the `DISK_` codes.
 */
export function lockDirectory(file: string): DirectoryLock {
  try {
    return lockFile(file);
  } catch (error) {
    if (error instanceof PbftError && error.fault.code === "LOCKED") {
      throw inUse(file, error.fault, error);
    }
    throw diskFailure(error) ?? error;
  }
}

function inUse(
  file: string,
  { pid, host }: { readonly pid: number; readonly host: string },
  cause: unknown,
): Error {
  const holder = pid === 0 ? "another process" : `process ${pid}`;
  const place = host === "" ? "" : ` on ${host}`;
  return failure(
    "DATA_DIR_IN_USE",
    `the data directory ${path.dirname(file)} is in use by ${holder}${place}`,
    "stop that process (it may be in another container), or give this one another --data-dir",
    cause,
  );
}
