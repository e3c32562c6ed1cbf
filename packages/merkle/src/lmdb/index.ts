/**
 * Persistence of one tree in an LMDB environment that the caller opened.
 *
 * After a crash the store holds the previous version or the new one, whole. Loading checks that the
 * tree has the stored root, and refuses a damaged one.
 *
 * @example
 * ```ts
 * import { open } from "lmdb";
 * import { createTreeStore } from "@aethel/merkle/lmdb";
 *
 * const root = open({ path: "data" });
 * const store = createTreeStore(root);
 * root.transactionSync(() => store.write({ changes, version: 1, root: tree.root }));
 * store.load()?.tree.root; // tree.root
 * ```
 *
 * @packageDocumentation
 */

export type { Span } from "../outlines/span.ts";
export type { StoredHead } from "./head.ts";
export type { StoredTree, StoreSummary } from "./read.ts";
export type { AcceptedChunk, StoreImport } from "./receive.ts";
export { createTreeStore, type TreeStore, type TreeStoreOptions } from "./tree-store.ts";
