import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { toSequence, toTimestamp } from "@aethel/models";
import { PbftError } from "../errors.ts";
import type { SigningLog } from "../ports.ts";
import { SigningRecord } from "../record.ts";
import { frame, MAGIC, scan } from "./framing.ts";
import { acquireLock, codeOf } from "./lock.ts";

/** Where the signing state is, and what to do when it is not. */
export interface FileSigningLogOptions {
  readonly path: string;
  /**
   * What a missing file means. Without this option it is an error, since a key that has signed
   * before must not sign again without knowing what.
   *
   * - `new-key`: the key has never signed; the replica votes at once.
   * - `listen-first`: the state was lost; the replica votes only after a block that was proposed
   *   after this start is final.
   */
  readonly allowNewSigningState?: "new-key" | "listen-first";
}

/** A signing log in a file, held exclusively until it is closed. */
export interface FileSigningLog extends SigningLog, AsyncDisposable {
  /** Releases the file and its lock; waits for what is being written. */
  close(): Promise<void>;
}

/**
 * Opens the signing state of one validator key.
 *
 * Appends are durable (`fdatasync`) before they resolve. A tail torn by a crash is cut when the
 * file is opened; any other damage is refused. `compact` replaces the file by `rename`.
 *
 * @throws PbftError `SIGNING_STATE_MISSING`, `SIGNING_STATE_DAMAGED` or `SIGNING_STATE_LOCKED`,
 *   each with what to do.
 */
export async function createFileSigningLog(
  options: FileSigningLogOptions,
): Promise<FileSigningLog> {
  const { path } = options;
  await mkdir(dirname(path), { recursive: true });
  const release = await acquireLock(path);
  try {
    const file = await readIfThere(path);
    if (file === undefined) await replaceFile(path, firstRecords(options));
    const opened = await readIntact(path);
    return new OpenSigningLog({ path, release, ...opened });
  } catch (error) {
    await release();
    throw error;
  }
}

class OpenSigningLog implements FileSigningLog {
  readonly #path: string;
  readonly #release: () => Promise<void>;
  #records: Uint8Array[];
  #handle: FileHandle;
  #end: number;
  #tail: Promise<void> = Promise.resolve();
  #broken: unknown;
  #closed = false;

  constructor(opened: {
    readonly path: string;
    readonly release: () => Promise<void>;
    readonly handle: FileHandle;
    readonly records: readonly Uint8Array[];
    readonly end: number;
  }) {
    this.#path = opened.path;
    this.#release = opened.release;
    this.#handle = opened.handle;
    this.#records = [...opened.records];
    this.#end = opened.end;
  }

  load(): Promise<readonly Uint8Array[]> {
    const records = this.#records;
    // They are needed once, at the start; keeping blocks in memory would double them.
    this.#records = [];
    return Promise.resolve(records);
  }

  append(record: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const framed = frame(record);
      await this.#handle.write(framed, 0, framed.length, this.#end);
      await this.#handle.datasync();
      this.#end += framed.length;
    });
  }

  compact(records: readonly Uint8Array[]): Promise<void> {
    return this.#inTurn(async () => {
      this.#end = await replaceFile(this.#path, records);
      const stale = this.#handle;
      this.#handle = await open(this.#path, "r+");
      await stale.close();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail.catch(() => {});
    await this.#handle.close();
    await this.#release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** One write after the other, and none after one has failed: the end of the file is unknown then. */
  #inTurn(write: () => Promise<void>): Promise<void> {
    if (this.#closed) return Promise.reject(new PbftError({ code: "STOPPED" }));
    const turn = this.#tail.then(async () => {
      if (this.#broken !== undefined) throw this.#broken;
      try {
        await write();
      } catch (error) {
        this.#broken = error;
        throw error;
      }
    });
    this.#tail = turn.catch(() => {});
    return turn;
  }
}

function firstRecords({ path, allowNewSigningState }: FileSigningLogOptions): Uint8Array[] {
  switch (allowNewSigningState) {
    case "new-key":
      // A log is never empty, so one that lost everything cannot pass for a new one.
      return [SigningRecord.encode({ entries: [{ type: "floor", sequence: toSequence(0) }] })];
    case "listen-first": {
      const since = toTimestamp(Date.now());
      return [SigningRecord.encode({ entries: [{ type: "listen", since }] })];
    }
    default:
      throw new PbftError({
        code: "SIGNING_STATE_MISSING",
        path,
        remedy:
          "restore the file; if it is lost for good, start once with allowNewSigningState: " +
          '"listen-first"; only for a key that has never signed, with "new-key"',
      });
  }
}

async function readIntact(
  path: string,
): Promise<{ handle: FileHandle; records: readonly Uint8Array[]; end: number }> {
  const scanned = scan(await readFile(path));
  if (scanned.type === "damaged" || scanned.records.length === 0) {
    const nothing = { offset: MAGIC.length, reason: "all records are gone" };
    const { offset, reason } = scanned.type === "damaged" ? scanned : nothing;
    const remedy =
      "keep the file for inspection, move it away, and start once with allowNewSigningState: " +
      '"listen-first"; check the disk';
    throw new PbftError({ code: "SIGNING_STATE_DAMAGED", path, offset, reason, remedy });
  }
  const handle = await open(path, "r+");
  await handle.truncate(scanned.end);
  await handle.sync();
  return { handle, records: scanned.records, end: scanned.end };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a whole new log beside the old one and renames it: a crash leaves one or the other. */
async function replaceFile(path: string, records: readonly Uint8Array[]): Promise<number> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  const bytes = Buffer.concat([MAGIC, ...records.map(frame)]);
  const handle = await open(fresh, "wx");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
  return bytes.length;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    // Not every platform can flush a folder; where it cannot, the rename is durable by itself.
    if (codeOf(error) !== "EISDIR" && codeOf(error) !== "EPERM" && codeOf(error) !== "EINVAL") {
      throw error;
    }
  } finally {
    await folder.close();
  }
}
