/**
 * Storage of a validator's signing state in a file of its own, and of an application's blocks in a
 * folder.
 *
 * Appended data is on the disk when `append` resolves, all damage is detected, and only one process
 * at a time has them open.
 * @packageDocumentation
 */

// Log
export {
  createFileSigningLog,
  type FileSigningLog,
  type FileSigningLogOptions,
} from "./signing-log.ts";

// Blocks
export { createFileChainStore, type FileChainStore } from "./chain-store.ts";

// Disk
export { writeDurably, type DurableContent } from "./durable-file.ts";
export type { AppendFile, FileLook, FileSystem } from "./file-system.ts";
export { type FileLock, lockFile } from "./lock.ts";
export { makeFolders } from "./make-folders.ts";
export { nodeFileSystem } from "./node-file-system.ts";
export { errnoOf, storageFailure } from "./storage-failure.ts";
