/**
 * Snapshots as files, on Node.
 *
 * A file is there whole or not at all, and what is read from it is checked like what a peer sends.
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
