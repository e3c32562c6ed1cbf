import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { concatBytes, equalBytes } from "@aethel/models";
import { PbftError } from "../errors.ts";
import { appendAll, createFresh } from "./durable-file.ts";
import type { AppendFile, FileLook, FileSystem } from "./file-system.ts";
import { frame, frameLease, MAGIC, scan } from "./framing.ts";
import { errnoOf } from "./storage-failure.ts";

/**
 * Bytes at the end of the file that are compared with what this process wrote there: the check of
 * the last record.
 */
const TAIL_BYTES = 8;
const TOKEN_BYTES = 16;
const MODE = 0o600;
const DRAFT_END = ".new";

/**
 * Log of records in a file. Only the process that has the lease of the file may append to it.
 *
 * The operating system's lock is the first protection. The lease is the second, for file systems
 * whose locks do not reach other machines, and for second names of the file that have another lock.
 * A process that opens the log reads it, appends a lease, and replaces the file by a new one if
 * nothing else was appended to the old one. A process that has the log open checks before and after
 * each record that the path still names its file, with its own record at the end. Each process
 * writes before it looks (Dekker's algorithm). So either the opener has read the record or gives
 * up, or the writer learns that it has lost the lease, and signs nothing with that record. A lease
 * does not bind the next process that opens the log, so a crash leaves no holder behind.
 *
 * After a failed sync nothing in a file is trusted: the kernel marks pages as clean that were never
 * written, and the next sync succeeds (Rebello et al., "Can Applications Recover from fsync
 * Failures?", USENIX ATC 2020). The log is then written from memory into another file. For the same
 * reason a log that is opened is rewritten: an earlier process may have had that failure.
 */
export class LeasedLog {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  /**
   * Temporary name of a new file until it is complete. No other opening of the log uses this name.
   */
  readonly #context: string;
  #records: Uint8Array[];
  #file: AppendFile | undefined;
  /**
   * Identity of the file that this opening last put at the path. Undefined if it has put none
   * there.
   */
  #identity: string | undefined;
  #end = 0;
  #tail: Uint8Array = new Uint8Array(0);
  /** Number of bytes that a failed append may have left after the end. */
  #leftover = 0;
  /** Whether this opening of the log has appended its lease. */
  #isLeased = false;
  /** Whether this opening of the log has written the current file. */
  #isOwn = false;
  /** Whether the file may lack data that was written to it. */
  #isSuspect = false;
  #taken: PbftError | undefined;

  private constructor(options: {
    readonly fileSystem: FileSystem;
    readonly path: string;
    readonly records: readonly Uint8Array[];
    readonly file?: AppendFile;
  }) {
    this.#fileSystem = options.fileSystem;
    this.#path = options.path;
    this.#context = `${options.path}.${randomBytes(TOKEN_BYTES).toString("hex")}${DRAFT_END}`;
    this.#records = [...options.records];
    this.#file = options.file;
  }

  /** Creates a log with `records`. There must be none yet. */
  static async create(options: {
    readonly fileSystem: FileSystem;
    readonly path: string;
    readonly records: readonly Uint8Array[];
  }): Promise<LeasedLog> {
    const log = new LeasedLog(options);
    await log.#replace(options.records);
    return log;
  }

  /**
   * Takes over the log in `file`, which is open at `path`. If the disk cannot be written, the log
   * can still be read. It is then rewritten and leased before the first record is appended.
   * @throws PbftError `SIGNING_STATE_DAMAGED`, before anything is changed.
   */
  static async takeOver(options: {
    readonly fileSystem: FileSystem;
    readonly path: string;
    readonly file: AppendFile;
  }): Promise<LeasedLog> {
    const { path, file } = options;
    try {
      const { records, whole, size } = await readIntact(path, file);
      const log = new LeasedLog({ ...options, records });
      log.#identity = (await file.look()).identity;
      log.#end = whole.length;
      log.#tail = whole.slice(-TAIL_BYTES);
      log.#leftover = size - whole.length;
      try {
        await log.#removeDrafts();
        await log.#replace(records);
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
      }
      return log;
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
  }

  /** Returns all durable records, in order. */
  records(): readonly Uint8Array[] {
    return [...this.#records];
  }

  /**
   * Appends a record, which is durable when this resolves. If it rejects, the log is unchanged, or
   * is repaired before the next append.
   */
  async append(record: Uint8Array): Promise<void> {
    if (this.#isSuspect || !this.#isOwn) await this.#replace(this.#records);
    await this.#checkLease("content");
    const framed = frame(record);
    const file = this.#opened();
    this.#leftover = framed.length;
    try {
      await appendAll(file, framed);
    } catch (error) {
      await this.#undo(file);
      throw error;
    }
    try {
      await file.sync();
      await this.#keep(framed);
    } catch (error) {
      this.#isSuspect = true;
      throw error;
    }
    this.#records.push(record);
  }

  /** Counts a record as written, unless another process has taken the lease meanwhile. */
  async #keep(framed: Uint8Array): Promise<void> {
    const [end, tail] = [this.#end, this.#tail];
    this.#leftover = 0;
    this.#end += framed.length;
    this.#tail = framed.subarray(-TAIL_BYTES);
    try {
      // Its end is this record, when it is as long as that: writes go to the end of a file.
      await this.#checkLease("names");
    } catch (error) {
      this.#leftover = framed.length;
      this.#end = end;
      this.#tail = tail;
      throw error;
    }
  }

  /** Replaces all records by `records`, which are durable when this resolves. */
  async compact(records: readonly Uint8Array[]): Promise<void> {
    await this.#replace(records);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  #opened(): AppendFile {
    if (this.#file === undefined) throw new PbftError({ code: "STOPPED" });
    return this.#file;
  }

  /** Cuts off the bytes that a failed write has left. Records that were synced before stay. */
  async #undo(file: AppendFile): Promise<void> {
    try {
      const { size } = await file.look();
      if (size > this.#end + this.#leftover) return;
      await file.truncate(this.#end);
      await file.sync();
      this.#leftover = 0;
    } catch {
      this.#isSuspect = true;
    }
  }

  /** Removes the unfinished files of processes that ended while writing them. */
  async #removeDrafts(): Promise<void> {
    const folder = dirname(this.#path);
    for (const name of await this.#fileSystem.list(folder)) {
      const isDraft = name.startsWith(`${basename(this.#path)}.`) && name.endsWith(DRAFT_END);
      if (isDraft) await this.#fileSystem.remove(join(folder, name));
    }
  }

  /**
   * Appends a lease to the file. It tells any process that has the file open that this opening has
   * read the log.
   */
  async #lease(file: AppendFile): Promise<void> {
    await this.#checkLease("content");
    // Only what a crash has torn: another process may be about to add to a whole log.
    if (this.#leftover > 0) await file.truncate(this.#end);
    const lease = frameLease(randomBytes(TOKEN_BYTES));
    this.#leftover = lease.length;
    await appendAll(file, lease);
    this.#leftover = 0;
    this.#end += lease.length;
    this.#tail = lease.subarray(-TAIL_BYTES);
    this.#isLeased = true;
  }

  /** Replaces the current file by a new one with `records`, if this opening still has the lease. */
  async #replace(records: readonly Uint8Array[]): Promise<void> {
    if (this.#file !== undefined && !this.#isLeased) await this.#lease(this.#file);
    const lease = frameLease(randomBytes(TOKEN_BYTES));
    const bytes = concatBytes(MAGIC, lease, ...records.map(frame));
    const path = this.#context;
    const file = await createFresh(this.#fileSystem, { path, bytes, mode: MODE });
    let identity: string;
    try {
      ({ identity } = await file.look());
      const seen = this.#identity === undefined ? "nothing" : await this.#checkLease("content");
      const isReplaced = await this.#fileSystem.replace(path, this.#path, seen);
      if (!isReplaced) throw this.#lose("somebody else wrote into it");
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.#fileSystem.remove(path).catch(() => undefined);
      throw error;
    }
    // From here on the old file is nobody's; until the folder is synced it may come back.
    const stale = this.#file;
    this.#file = file;
    this.#identity = identity;
    this.#end = bytes.length;
    this.#tail = bytes.subarray(-TAIL_BYTES);
    this.#leftover = 0;
    this.#records = [...records];
    this.#isLeased = true;
    this.#isOwn = true;
    this.#isSuspect = true;
    await stale?.close().catch(() => undefined);
    await this.#fileSystem.syncFolder(dirname(this.#path));
    this.#isSuspect = false;
  }

  /**
   * Checks that the file at the path is as this process left it.
   * @throws PbftError `SIGNING_STATE_TAKEN` if it is not. The log then stays unusable, unless the
   * file is only missing.
   */
  async #checkLease(depth: "names" | "content"): Promise<FileLook> {
    if (this.#taken !== undefined) throw this.#taken;
    const there = await this.#fileSystem.look(this.#path);
    // A disk that was unplugged may come back with the file as it was.
    if (there === undefined) throw this.#takenBecause("the file was removed");
    const reason =
      this.#findIntrusion(there) ??
      (depth === "content" && !(await this.#hasOwnEnd()) ? "somebody else changed it" : undefined);
    if (reason !== undefined) throw this.#lose(reason);
    return there;
  }

  #lose(reason: string): PbftError {
    this.#taken = this.#takenBecause(reason);
    return this.#taken;
  }

  #takenBecause(reason: string): PbftError {
    const remedy =
      "find out who did that; stop every other validator with this key, then start this one again";
    return new PbftError({ code: "SIGNING_STATE_TAKEN", path: this.#path, reason, remedy });
  }

  #findIntrusion(there: FileLook): string | undefined {
    if (there.identity !== this.#identity) return "another file is in its place";
    if (there.size > this.#end + this.#leftover) return "somebody else wrote into it";
    // What a failed write has left is not known, and does not count.
    return there.size < this.#end && this.#isSound() ? "somebody else cut it" : undefined;
  }

  async #hasOwnEnd(): Promise<boolean> {
    if (!this.#isSound()) return true;
    const at = this.#end - this.#tail.length;
    const tail = await this.#opened().read({ at, length: this.#tail.length });
    return equalBytes(tail, this.#tail);
  }

  #isSound(): boolean {
    return !this.#isSuspect && this.#leftover === 0;
  }
}

interface Intact {
  readonly records: readonly Uint8Array[];
  /** Bytes of the file up to the end of the last whole record. */
  readonly whole: Uint8Array;
  readonly size: number;
}

async function readIntact(path: string, file: AppendFile): Promise<Intact> {
  const bytes = await file.read({ at: 0, length: (await file.look()).size });
  const scanned = scan(bytes);
  if (scanned.type === "intact" && scanned.records.length > 0) {
    const { records, end } = scanned;
    return { records, whole: bytes.subarray(0, end), size: bytes.length };
  }
  const nothing = { offset: MAGIC.length, reason: "all records are gone" };
  const { offset, reason } = scanned.type === "damaged" ? scanned : nothing;
  const remedy =
    "keep the file for inspection, move it away, and start once with allowNewSigningState: " +
    '"listen-first"; check the disk';
  throw new PbftError({ code: "SIGNING_STATE_DAMAGED", path, offset, reason, remedy });
}
