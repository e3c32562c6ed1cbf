import { rm } from "node:fs/promises";
import { diskFailure } from "../failure/disk-failure.ts";
import { type NodeError } from "../failure/failure.ts";
import { writeFileAtomic } from "./atomic-file.ts";
import type { Layout } from "./layout.ts";

/** Address at which a running node is found. */
export interface Ready {
  readonly url: string;
  readonly addresses: readonly string[];
  readonly pid: number;
}

/**
 * Writes where the node is found. A disk that does not take it keeps no node from running: what it
 * said is returned.
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

/** Removes it, if the disk lets it; whoever reads it looks whether the process lives. */
export async function removeReadyFile(layout: Layout): Promise<void> {
  await rm(layout.ready, { force: true }).catch(() => undefined);
}
