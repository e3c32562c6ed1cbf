import { errnoOf, makeFolders, storageFailure, writeDurably } from "@aethel/pbft/file";
import { diskFailure } from "../failure/disk-failure.ts";
import { failure } from "../failure/failure.ts";

/** Errnos that mean that the name of a file is wrong, not that the disk fails. */
const NO_FILE: ReadonlySet<string | undefined> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EEXIST",
  "ELOOP",
  "ENAMETOOLONG",
]);

/**
 * Writes a file so that a crash or a full disk leaves the old content or the new one, never a part
 * of it. The file has `mode` from its creation on, so others can never read a secret.
 *
 * @throws NodeError a `DISK_` code, or `FILE` for a name that cannot be written to.
 */
export async function writeFileAtomic(
  file: string,
  content: string | Uint8Array,
  { mode = 0o644 }: { readonly mode?: number } = {},
): Promise<void> {
  try {
    await writeDurably({ path: file, content, mode });
  } catch (error) {
    throw misnamed(file, "written", error) ?? diskFailure(error) ?? error;
  }
}

/**
 * Makes a directory, and those above it that are missing.
 *
 * @throws NodeError a `DISK_` code, or `FILE` for a name that no directory can have.
 */
export function makeDirectory(directory: string): void {
  try {
    makeFolders(directory);
  } catch (error) {
    const failed = storageFailure(directory, error);
    throw misnamed(directory, "made", failed) ?? diskFailure(failed) ?? error;
  }
}

/**
 * Returns the failure for a name that no file or directory can have. Undefined if the error has
 * another cause.
 */
function misnamed(name: string, done: "written" | "made", error: unknown): Error | undefined {
  if (!(error instanceof Error) || !NO_FILE.has(errnoOf(error.cause))) return undefined;
  const what = done === "made" ? "directory" : "file";
  return failure(
    "FILE",
    `${name} cannot be ${done}`,
    `name a ${what} in a directory that exists`,
    error,
  );
}
