import { errnoOf, writeDurably } from "@aethel/pbft/file";
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
    if (error instanceof Error && NO_FILE.has(errnoOf(error.cause))) {
      throw failure(
        "FILE",
        `${file} cannot be written`,
        "name a file in a directory that exists",
        error,
      );
    }
    throw diskFailure(error) ?? error;
  }
}
