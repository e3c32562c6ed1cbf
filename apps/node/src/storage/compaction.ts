import { existsSync } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import path from "node:path";
import { nodeFileSystem, storageFailure } from "@aethel/pbft/file";
import type { Layout } from "../files/layout.ts";
import { damaged, openDatabase, probeDatabase } from "./open-database.ts";
import { closeAndTrim, databaseFailure } from "./preallocate.ts";

/** Bytes of the database file before and after a compaction. */
export interface Compacted {
  readonly before: number;
  readonly after: number;
}

/** Returns the folder in which a copy of the database is made. It is gone after a compaction. */
function workingFolder(layout: Layout): string {
  return path.join(layout.database, "compacting");
}

/** Removes what a compaction left that was killed. The database itself is whole without it. */
export async function removeUnfinishedCopy(layout: Layout): Promise<void> {
  await rm(workingFolder(layout), { recursive: true, force: true });
}

/**
 * Copies the database without its unused pages, and puts the copy in its place, so that the disk
 * gets back what pruning has freed. The caller MUST hold the directory's lock, and no process may
 * have the database open.
 *
 * The copy is synced to the disk and read whole before one rename replaces the old file. A crash or
 * a full disk at any moment leaves the old database or the new one. While it runs, the disk needs
 * room for the copy.
 * @throws PbftError `STORAGE` if the disk is full, read-only or fails; NodeError `DATA_DIR_DAMAGED`
 * if the copy does not hold what the database holds. The database is then as it was.
 */
export async function compactDatabase(layout: Layout): Promise<Compacted | undefined> {
  const file = path.join(layout.database, "data.mdb");
  if (!existsSync(file)) return undefined;
  const folder = workingFolder(layout);
  const copy = path.join(folder, "data.mdb");
  await removeUnfinishedCopy(layout);
  try {
    const before = (await stat(file)).size;
    await copyTo(layout, folder);
    await syncFile(copy);
    await nodeFileSystem.syncFolder(folder);
    const found = await probeDatabase({ ...layout, database: folder });
    const expected = await probeDatabase(layout);
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      throw damaged(layout, "a compacted copy of the database differs from it");
    }
    await nodeFileSystem.replace(copy, file, "anything");
    await nodeFileSystem.syncFolder(layout.database);
    return { before, after: (await stat(file)).size };
  } catch (error) {
    throw databaseFailure(layout, error) ?? storageFailure(layout.database, error);
  } finally {
    await removeUnfinishedCopy(layout);
  }
}

async function copyTo(layout: Layout, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const root = await openDatabase(layout);
  try {
    await root.backup(folder, true);
  } finally {
    await closeAndTrim(root, { layout });
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
