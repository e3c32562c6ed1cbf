import { assert, concatBytes, equalBytes } from "@aethel/models";
import { PbftError, type SigningLog } from "@aethel/pbft";
import type { Random } from "../random.ts";
import type { VirtualProcess } from "../virtual-time/process.ts";
import { frameOf, readFrames } from "./frames.ts";

/**
 * Kind of failure of a disk. Each call fails with an error; the kinds differ in what is on the disk
 * afterwards:
 *
 * - `full`, `io`, `read-only`: nothing was written.
 * - `short`: a part was written, as by a device that ran full in the middle.
 * - `sync`: everything was written, but it is not durable. Nor is anything that is written to the
 *   same file later, although the disk then reports success (Rebello et al., Can Applications
 *   Recover from fsync Failures?, USENIX ATC 2020).
 */
export type DiskFault = "full" | "io" | "short" | "sync" | "read-only";

/**
 * The disk of one node, which outlives the node's processes. When the process ends, writes that
 * were not synced are lost, except for a prefix of random length: a torn write.
 */
export interface VirtualDisk {
  /**
   * Opens the signing log for one process. A disk has one log, and one process uses it at a time.
   */
  open(process: VirtualProcess): SigningLog;
  /** Loses the unsynced writes except for a prefix of random length, as when the power fails. */
  crash(): void;
  /**
   * Makes writes fail with this probability (default 1) from now on. Undefined: every write works.
   */
  setFault(fault: DiskFault | undefined, rate?: number): void;
  /** Draws whether a write that begins now fails, and how. Undefined: it works. */
  drawFault(): DiskFault | undefined;
  /**
   * Cuts bytes off the end of what is synced, as happens when a file system reports a sync that it
   * did not do.
   */
  truncate(bytes: number): void;
  /**
   * Flips the bit at this position, counted from the start of the log and modulo its length, as a
   * failing medium does.
   */
  flipBit(at: number): void;
  /** Replaces the log by an empty one with these records, as an operator does after a loss. */
  format(records: readonly Uint8Array[]): void;
  /** Returns the synced bytes, for `restore`. */
  image(): Uint8Array;
  /** Replaces all contents by an image. Unsynced writes are lost. */
  restore(image: Uint8Array): void;
  /** Number of bytes that survive a crash. */
  readonly syncedBytes: number;
}

/** Creates an empty disk. Each sync takes `syncMs` virtual milliseconds. */
export function createVirtualDisk(options: {
  readonly random: Random;
  readonly syncMs?: number;
}): VirtualDisk {
  return new MemoryDisk(options.random, options.syncMs ?? 1);
}

/** A disk in memory, with one file. */
class MemoryDisk implements VirtualDisk {
  readonly #random: Random;
  readonly #syncMs: number;
  #synced: Uint8Array = NOTHING;
  /** Frames whose sync has not ended. */
  #unsynced: Uint8Array = NOTHING;
  /**
   * Bytes that were written after a failed write: no sync makes them durable any more. Undefined if
   * no write has failed.
   */
  #doomed: Uint8Array | undefined;
  /**
   * Old file, if a rename has replaced it and the directory was not synced: a crash may bring it
   * back. Undefined if there is none.
   */
  #before: Uint8Array | undefined;
  #fault: DiskFault | undefined;
  #rate = 1;

  constructor(random: Random, syncMs: number) {
    this.#random = random;
    this.#syncMs = syncMs;
  }

  get syncedBytes(): number {
    return this.#synced.length;
  }

  open(process: VirtualProcess): SigningLog {
    return {
      // The owner of a log loads it first: a torn frame must not stand before new records.
      load: async () => {
        const { records, end } = readFrames(this.#synced);
        this.#synced = this.#synced.slice(0, end);
        return records;
      },
      append: (record) => {
        const frame = frameOf(record);
        this.#unsynced = concatBytes(this.#unsynced, frame);
        return this.#write(process, (failing) => this.#append(frame, failing));
      },
      compact: (records) => {
        const next = framesOf(records);
        return this.#write(process, (failing) => this.#compact(next, failing));
      },
    };
  }

  crash(): void {
    if (this.#before !== undefined && this.#random.chance(0.5)) this.#synced = this.#before;
    const written = concatBytes(this.#doomed ?? NOTHING, this.#unsynced);
    const kept = written.slice(0, this.#random.below(written.length + 1));
    this.restore(concatBytes(this.#synced, kept));
  }

  setFault(fault: DiskFault | undefined, rate = 1): void {
    this.#fault = fault;
    this.#rate = rate;
  }

  drawFault(): DiskFault | undefined {
    if (this.#fault === undefined) return undefined;
    return this.#rate === 1 || this.#random.chance(this.#rate) ? this.#fault : undefined;
  }

  truncate(bytes: number): void {
    this.#synced = this.#synced.slice(0, Math.max(0, this.#synced.length - bytes));
  }

  flipBit(at: number): void {
    const index = Math.floor(at / 8) % Math.max(1, this.#synced.length);
    const byte = this.#synced[index];
    if (byte !== undefined) this.#synced = this.#synced.with(index, byte ^ (1 << (at % 8)));
  }

  format(records: readonly Uint8Array[]): void {
    this.restore(framesOf(records));
  }

  image(): Uint8Array {
    return this.#synced;
  }

  restore(image: Uint8Array): void {
    this.#replaceBy(image);
    this.#unsynced = NOTHING;
  }

  #write(process: VirtualProcess, change: (failing: DiskFault | undefined) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const failing = this.drawFault();
      process.after(this.#syncMs, () => {
        change(failing);
        if (failing === undefined) resolve();
        else reject(diskError(failing));
      });
    });
  }

  #append(frame: Uint8Array, failing: DiskFault | undefined): void {
    // Syncs end in the order in which they began: this frame is the first one waiting.
    assert(equalBytes(this.#unsynced.subarray(0, frame.length), frame), "syncs keep their order");
    this.#unsynced = this.#unsynced.slice(frame.length);
    const doomed = this.#doomed ?? NOTHING;
    if (failing === "short") {
      this.#doomed = concatBytes(doomed, frame.slice(0, this.#random.below(frame.length)));
    } else if (failing === "sync" || (failing === undefined && this.#doomed !== undefined)) {
      this.#doomed = concatBytes(doomed, frame);
    } else if (failing === undefined) {
      this.#synced = concatBytes(this.#synced, frame);
    }
  }

  #compact(next: Uint8Array, failing: DiskFault | undefined): void {
    // A new file takes the old one's name atomically: until then the old one counts.
    if (failing === undefined) return this.#replaceBy(next);
    if (failing !== "sync" || this.#random.chance(0.5)) return;
    const old = this.#before ?? this.#synced;
    this.#replaceBy(next);
    this.#before = old;
  }

  #replaceBy(file: Uint8Array): void {
    this.#synced = file;
    this.#doomed = undefined;
    this.#before = undefined;
  }
}

function framesOf(records: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...records.map((record) => frameOf(record)));
}

const NOTHING = new Uint8Array(0);

/** Returns the error that a disk with this fault reports. */
export function diskError(fault: DiskFault): PbftError {
  const errnos = { full: "ENOSPC", short: "ENOSPC", io: "EIO", sync: "EIO", "read-only": "EROFS" };
  const errno = errnos[fault];
  return new PbftError({ code: "STORAGE", path: "the virtual disk", errno, reason: fault });
}
