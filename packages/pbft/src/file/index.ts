/**
 * The signing state of a validator in a file of its own.
 *
 * What was appended is on the disk when `append` resolves, and no damage goes unnoticed.
 *
 * @packageDocumentation
 */

// Log
export {
  createFileSigningLog,
  type FileSigningLog,
  type FileSigningLogOptions,
} from "./signing-log.ts";
