import { readFile, stat } from "node:fs/promises";

/** Bytes of a file, or the reason why it cannot be read. */
export type FileContent =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a file. Refuses a file larger than `bytesMax` without reading it. Also refuses anything but
 * a regular file, because reading a pipe or a device might never end.
 */
export async function readNamedFile(file: string, bytesMax: number): Promise<FileContent> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) {
      return { ok: false, reason: "it is a directory; name the files in it, as `*.ae`" };
    }
    if (!found.isFile()) return { ok: false, reason: "it is not a plain file" };
    if (found.size > bytesMax) {
      return { ok: false, reason: `it has ${found.size} bytes; at most ${bytesMax} are read` };
    }
    return { ok: true, bytes: new Uint8Array(await readFile(file)), mode: found.mode };
  } catch (error) {
    return { ok: false, reason: reasonOf(file, error) };
  }
}

function reasonOf(file: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return /[*?[]/.test(file) ? "no file matches" : "there is no such file";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return "it is a symbolic link to itself";
    case "ENAMETOOLONG":
      return "the name is too long";
    default:
      return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
