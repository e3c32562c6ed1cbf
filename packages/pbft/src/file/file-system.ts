import type { FileLock } from "./lock.ts";

/**
 * What the signing state needs of a file system, so that tests can put a disk under it that loses
 * whatever was not synced. Every call rejects with the system's error (`code` such as `ENOSPC`).
 */
export interface FileSystem {
  /** Opens a file that is there, to read it and to append to it; undefined when it is not. */
  open(path: string): Promise<AppendFile | undefined>;
  /** Creates a file that is not there yet, to append to it. */
  create(path: string, mode: number): Promise<AppendFile>;
  /** Gives `from` the name `to`, atomically. Durable once the folder is synced. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; no error when there is none. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it, durably. */
  makeFolder(path: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
  /** Tells files apart, whatever their names; undefined when there is none. */
  identify(path: string): Promise<string | undefined>;
  /** Follows links to the name that the file itself has. */
  resolve(path: string): Promise<string>;
  /** @throws PbftError `LOCKED` while another process, or this one, holds it. */
  lock(path: string): FileLock;
}

/** An open file whose writes go to its end, wherever that is by then. */
export interface AppendFile {
  /** Returns how many bytes were written: a disk that fills writes fewer than it was given. */
  append(bytes: Uint8Array): Promise<number>;
  /** Returns fewer bytes than asked for at the end of the file. */
  read(range: { readonly at: number; readonly length: number }): Promise<Uint8Array>;
  size(): Promise<number>;
  identify(): Promise<string>;
  truncate(size: number): Promise<void>;
  /** Makes what was written durable. After it has failed, nothing in the file is. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
