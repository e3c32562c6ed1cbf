import type { FileLock } from "./lock.ts";

/**
 * Operations of a file system that the signing state needs. Tests implement it with a disk that
 * loses whatever was not synced. Every call rejects with the system's error (`code` such as
 * `ENOSPC`).
 */
export interface FileSystem {
  /** Opens an existing file for reading and appending. Undefined if there is none. */
  open(path: string): Promise<AppendFile | undefined>;
  /** Creates a file for appending. Fails if it exists. */
  create(path: string, mode: number): Promise<AppendFile>;
  /**
   * Renames `from` to `to` if the file that `to` names is still the one in `seen`. The renaming
   * follows immediately after the check, because no system does both in one step. It is durable
   * after `syncFolder`.
   * @returns false if another file is there; then nothing has changed.
   */
  replace(from: string, to: string, seen: FileLook | "nothing" | "anything"): Promise<boolean>;
  /** Removes a file. It is no error if there is none. */
  remove(path: string): Promise<void>;
  /** Returns the names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a folder and its missing parents, durably. */
  makeFolder(path: string): Promise<void>;
  /** Makes the names of files in a folder durable, for example after a rename. */
  syncFolder(path: string): Promise<void>;
  /**
   * Returns the identity and length of the file that has this name now; undefined if there is none.
   */
  look(path: string): Promise<FileLook | undefined>;
  /** Returns the path of the file itself. Links in `path` are followed. */
  resolve(path: string): Promise<string>;
  /**
   * Takes the lock with the name `path`.
   * @throws PbftError `LOCKED` if another process, or this one, holds it.
   */
  lock(path: string): FileLock;
}

/** Identity of a file, which stays the same if the file is renamed, and its length in bytes. */
export interface FileLook {
  readonly identity: string;
  readonly size: number;
}

/** Open file whose writes go to the end of the file, even if another process has appended to it. */
export interface AppendFile {
  /**
   * Appends bytes and returns how many were written. That may be fewer than given if the disk
   * becomes full.
   */
  append(bytes: Uint8Array): Promise<number>;
  /** Reads bytes from position `at`. Returns fewer than `length` at the end of the file. */
  read(range: { readonly at: number; readonly length: number }): Promise<Uint8Array>;
  /**
   * Returns the identity and length of the open file, even if its name now belongs to another file.
   */
  look(): Promise<FileLook>;
  /** Truncates the file to `size` bytes. */
  truncate(size: number): Promise<void>;
  /** Makes written data durable. If this fails, nothing in the file counts as durable. */
  sync(): Promise<void>;
  /** Closes the file. Data that was not synced may be lost. */
  close(): Promise<void>;
}
