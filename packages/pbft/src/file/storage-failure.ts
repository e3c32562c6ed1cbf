import { PbftError } from "../errors.ts";

/**
 * Returns the system's name of an error, such as `ENOSPC`. Undefined if the error is not from a
 * system call.
 */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/**
 * Converts an error of a system call on `path` to a PbftError `STORAGE`. Returns any other error
 * unchanged.
 */
export function storageFailure(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (error instanceof PbftError || errno === undefined) return error;
  const reason = error instanceof Error ? error.message : errno;
  return new PbftError({ code: "STORAGE", path, errno, reason }, { cause: error });
}

/** Runs `action`, and throws errors of system calls as PbftError `STORAGE`. */
export async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storageFailure(path, error);
  }
}
