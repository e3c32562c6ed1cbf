import type { FileLock } from "./lock.ts";

/**
 * Operations that the signing state needs of a file system, so that tests can put a disk under it
 * that loses whatever was not synced. Every call rejects with the system's error (`code` such as
 * `ENOSPC`).
 */
export interface FileSystem {
  /** Opens an existing file, to read it and to append to it; undefined if there is none. */
  open(path: string): Promise<AppendFile | undefined>;
  /** Creates a file that is not there yet, to append to it. */
  create(path: string, mode: number): Promise<AppendFile>;
  /**
   * Renames `from` to `to`, if the file with that name is still as it was `seen`. The check and the
   * renaming follow each other at once, since no system has them in one. Durable once the folder is
   * synced.
   *
   * @returns false when something else is there; then nothing has changed.
   */
  replace(from: string, to: string, seen: FileLook | "nothing" | "anything"): Promise<boolean>;
  /** Removes a file; no error when there is none. */
  remove(path: string): Promise<void>;
  /** Returns the names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a folder and those above it, durably. */
  makeFolder(path: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
  /** Looks at the file that has this name now; undefined when there is none. */
  look(path: string): Promise<FileLook | undefined>;
  /** Returns the path of the file itself, with links followed. */
  resolve(path: string): Promise<string>;
  /**
   * Takes the lock that `path` names.
   * @throws PbftError `LOCKED` while another process, or this one, holds it.
   */
  lock(path: string): FileLock;
}

/** Identity of a file, which does not depend on its names, and its length in bytes. */
export interface FileLook {
  readonly identity: string;
  readonly size: number;
}

/** An open file whose writes go to its end, even if another process has moved that. */
export interface AppendFile {
  /** Returns how many bytes were written: a disk that fills writes fewer than it was given. */
  append(bytes: Uint8Array): Promise<number>;
  /** Returns fewer bytes than asked for at the end of the file. */
  read(range: { readonly at: number; readonly length: number }): Promise<Uint8Array>;
  /** Looks at the open file, whatever has its name by now. */
  look(): Promise<FileLook>;
  /** Cuts the file to `size` bytes. */
  truncate(size: number): Promise<void>;
  /** Makes what was written durable. If it fails, nothing in the file counts as durable. */
  sync(): Promise<void>;
  /** Closes the file; what was not synced may be lost. */
  close(): Promise<void>;
}
