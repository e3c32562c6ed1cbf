import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type SnapshotOptions, snapshotStream } from "../snapshots/snapshot.ts";
import type { Tree } from "../tree/tree.ts";

/** Bytes of a stream's length field. */
const HEADER = 4;
/** Bytes that one read asks for. */
const PIECE = 65_536;

/**
 * Writes a snapshot of the version to a file, which replaces one of that name when all of it is on
 * the disk: until then it has the name with `.part` added. Lets the event loop turn between chunks.
 */
export async function writeSnapshot({
  tree,
  path,
  chunkBytes,
}: {
  readonly tree: Tree;
  readonly path: string;
} & Pick<SnapshotOptions, "chunkBytes">): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, "w");
  try {
    const options = chunkBytes === undefined ? {} : { chunkBytes };
    for (const bytes of snapshotStream(tree, options)) await writeAll(file, bytes);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
  await file.close();
  await rename(part, path);
  await syncFolder(dirname(path));
}

/**
 * The stream of a snapshot file, from the chunk that has this index: what an import that was
 * stopped goes on with. Nothing of it is checked here; a file that ends within what is skipped
 * gives nothing more, which an import calls truncated.
 */
export async function* readSnapshot(
  path: string,
  { index = 0 }: { readonly index?: number } = {},
): AsyncIterableIterator<Uint8Array> {
  const file = await open(path, "r");
  try {
    let at = 0;
    const header = new Uint8Array(HEADER);
    for (let skipped = 0; skipped < index; skipped++) {
      const { bytesRead } = await file.read(header, 0, HEADER, at);
      if (bytesRead < HEADER) return;
      at += HEADER + new DataView(header.buffer).getUint32(0);
    }
    while (true) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE), 0, PIECE, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, from);
    from += bytesWritten;
  }
}

/** The new name is in the folder, and a folder is a file of its own. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
