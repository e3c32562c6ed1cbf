/**
 * Snapshots as files, on Node.
 *
 * A file is written completely or not at all. When it is read, its chunks are verified like chunks
 * from a peer.
 *
 * @example
 * ```ts
 * import { importSnapshot } from "@aethel/merkle";
 * import { readSnapshot, writeSnapshot } from "@aethel/merkle/file";
 *
 * await writeSnapshot({ tree, path: "state.snapshot" });
 * const copy = await importSnapshot({ root: tree.root, source: readSnapshot("state.snapshot") });
 * ```
 *
 * @packageDocumentation
 */

export { readSnapshot, writeSnapshot } from "./snapshot-file.ts";
