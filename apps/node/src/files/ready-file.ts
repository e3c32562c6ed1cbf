import { rm } from "node:fs/promises";
import { diskFailure } from "../failure/disk-failure.ts";
import { type NodeError } from "../failure/failure.ts";
import { writeFileAtomic } from "./atomic-file.ts";
import type { Layout } from "./layout.ts";

/** Addresses of a running node. */
export interface Ready {
  readonly url: string;
  readonly addresses: readonly string[];
  readonly pid: number;
}

/**
 * Writes the addresses of the node. If the disk fails, returns the error instead of throwing it,
 * because the node can run without the file. Returns undefined if the file was written.
 */
export async function writeReadyFile(layout: Layout, ready: Ready): Promise<NodeError | undefined> {
  try {
    await writeFileAtomic(layout.ready, `${JSON.stringify(ready)}\n`);
    return undefined;
  } catch (error) {
    const disk = diskFailure(error);
    if (disk === undefined) throw error;
    return disk;
  }
}

/**
 * Removes the file with the addresses of the node. Errors are ignored, because readers of the file
 * check whether the process lives.
 */
export async function removeReadyFile(layout: Layout): Promise<void> {
  await rm(layout.ready, { force: true }).catch(() => undefined);
}
