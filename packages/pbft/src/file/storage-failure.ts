import { PbftError } from "../errors.ts";

/**
 * The system's name of an error, such as `ENOSPC`, or undefined for what no system call has said.
 */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/**
 * Turns what a system call has said about `path` into a PbftError `STORAGE`. Any other error is
 * returned as it is: it is no disk's.
 */
export function storageFailure(path: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (error instanceof PbftError || errno === undefined) return error;
  const reason = error instanceof Error ? error.message : errno;
  return new PbftError({ code: "STORAGE", path, errno, reason }, { cause: error });
}

/** Runs `action`; what the disk says against it is thrown as PbftError `STORAGE`. */
export async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storageFailure(path, error);
  }
}
