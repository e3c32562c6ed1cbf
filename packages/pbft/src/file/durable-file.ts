import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import type { AppendFile, FileSystem } from "./file-system.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { onDisk } from "./storage-failure.ts";

/**
 * Writes all of `bytes` or throws. Repeats writes, since one write may accept only a part when a
 * disk is nearly full.
 */
export async function appendAll(file: AppendFile, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const written = await file.append(bytes.subarray(done));
    if (!(written > 0)) {
      throw Object.assign(new Error("EIO: the disk took no byte"), { code: "EIO" });
    }
    done += written;
  }
}

/**
 * Writes `bytes` to a new file `path`, syncs it and returns it open. If this fails, removes the
 * file, so that its space on the disk is free again.
 */
export async function createFresh(
  fileSystem: FileSystem,
  options: { readonly path: string; readonly bytes: Uint8Array; readonly mode: number },
): Promise<AppendFile> {
  const { path, bytes, mode } = options;
  await fileSystem.remove(path);
  const file = await fileSystem.create(path, mode);
  try {
    await appendAll(file, bytes);
    await file.sync();
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    await fileSystem.remove(path).catch(() => undefined);
    throw error;
  }
}

/** Content for `writeDurably`. */
export interface DurableContent {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permissions of the file, which it has from its creation on. Default: 0o644. */
  readonly mode?: number;
  /** File system to use. Default: that of this machine. */
  readonly fileSystem?: FileSystem;
}

/**
 * Writes a file so that a crash leaves the old or the new content, never a part of it. The new
 * content is durable when this resolves.
 * @throws PbftError `STORAGE` if the disk is full, read-only or broken. The file then has the old
 * content, or the new one if only syncing the folder failed.
 */
export function writeDurably({
  path,
  content,
  mode = 0o644,
  fileSystem = nodeFileSystem,
}: DurableContent): Promise<void> {
  return onDisk(path, async () => {
    await fileSystem.makeFolder(dirname(path));
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    // Of this call alone: another process may be writing the same file.
    const fresh = `${path}.${randomUUID()}.new`;
    const file = await createFresh(fileSystem, { path: fresh, bytes, mode });
    try {
      await file.close();
      await fileSystem.replace(fresh, path, "anything");
    } catch (error) {
      await fileSystem.remove(fresh).catch(() => undefined);
      throw error;
    }
    await fileSystem.syncFolder(dirname(path));
  });
}
