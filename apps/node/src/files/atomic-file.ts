import { errnoOf, writeDurably } from "@aethel/pbft/file";
import { diskFailure } from "../failure/disk-failure.ts";
import { failure } from "../failure/failure.ts";

/** Names that cannot be written to: what is wrong with them is no disk's fault. */
const NO_FILE: ReadonlySet<string | undefined> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EEXIST",
  "ELOOP",
  "ENAMETOOLONG",
]);

/**
 * Writes a file so that a crash or a full disk leaves the old content or the new one, never a
 * part. Secrets are created with mode 0600, so there is no moment at which others can read them.
 *
 * @throws NodeError one of the `DISK_` codes, or `FILE` for a name that cannot be a file's.
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
      throw failure("FILE", `${file} cannot be written`, "name a file in a directory", error);
    }
    throw diskFailure(error) ?? error;
  }
}
