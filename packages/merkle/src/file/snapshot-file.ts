import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type SnapshotOptions, snapshotStream } from "../snapshots/snapshot.ts";
import { STREAM_HEADER_BYTES } from "../snapshots/snapshot-stream.ts";
import type { Tree } from "../tree/tree.ts";

/** Number of bytes that each read asks for. */
const PIECE = 65_536;

/**
 * Writes a snapshot of a version to a file. The bytes go to a file with the name `path` and
 * `.part`, which is renamed to `path` when all of them are on the disk. Yields to the event loop
 * between chunks.
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
 * Reads a snapshot file as a byte stream. It begins with the chunk number `index` (from 0), so that
 * an import can be continued. Verifies nothing. If the file ends before that chunk, the stream is
 * empty, and an import refuses it as `truncated`.
 */
export async function* readSnapshot(
  path: string,
  { index = 0 }: { readonly index?: number } = {},
): AsyncIterableIterator<Uint8Array> {
  const file = await open(path, "r");
  try {
    let at = 0;
    const header = new Uint8Array(STREAM_HEADER_BYTES);
    for (let skipped = 0; skipped < index; skipped++) {
      const { bytesRead } = await file.read(header, 0, STREAM_HEADER_BYTES, at);
      if (bytesRead < STREAM_HEADER_BYTES) return;
      at += STREAM_HEADER_BYTES + new DataView(header.buffer).getUint32(0);
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

/** Syncs a directory, so that a rename in it is durable. Does nothing on Windows. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
