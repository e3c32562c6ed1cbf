/**
 * The signing state of a validator in a file of its own, and the blocks of an application in a
 * folder.
 *
 * What was appended is on the disk when `append` resolves, no damage goes unnoticed, and one
 * process holds it at a time.
 *
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
export { nodeFileSystem } from "./node-file-system.ts";
export { errnoOf, storageFailure } from "./storage-failure.ts";
