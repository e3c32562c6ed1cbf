import { assert, concatBytes, equalBytes, sha256 } from "@aethel/models";
import { PbftError, type SigningLog } from "@aethel/pbft";
import { TestkitError } from "./errors.ts";
import type { Random } from "./random.ts";
import type { VirtualProcess } from "./virtual-time/process.ts";

/**
 * How a disk fails while a fault is set. What it answers is an error each time; the difference is
 * what is left behind:
 *
 * - `full`, `io`, `read-only`: nothing was written.
 * - `short`: a part was written, as by a device that ran full in the middle.
 * - `sync`: everything was written and nothing of it is durable, nor is anything that is written to
 *   the same file later, although the disk then says that it is (Rebello et al., Can Applications
 *   Recover from fsync Failures?, USENIX ATC 2020).
 */
export type DiskFault = "full" | "io" | "short" | "sync" | "read-only";

/**
 * The disk of one node: it outlives the node's processes. What was written and not synced when the
 * process ended is lost, but for a beginning of it of any length: a torn write.
 */
export interface VirtualDisk {
  /** The log as one process sees it; a disk has one log and one process at a time. */
  open(process: VirtualProcess): SigningLog;
  /** What happens to unsynced writes when the power goes. */
  crash(): void;
  /** From now on a write fails with this probability; undefined: every write works. */
  setFault(fault: DiskFault | undefined, rate?: number): void;
  /** Whether a write fails that begins now, and how. Draws. */
  drawFault(): DiskFault | undefined;
  /** Cuts bytes off the end of what is synced, as a file system that lied about a sync does. */
  truncate(bytes: number): void;
  /** Turns one bit over, as a failing medium does. */
  flipBit(at: number): void;
  /** An empty log with these records in it, as an operator makes who has lost the old one. */
  format(records: readonly Uint8Array[]): void;
  /** What is synced now, to put it back later. */
  image(): Uint8Array;
  /** Puts an image in place of all that there is. */
  restore(image: Uint8Array): void;
  /** Bytes that survive a crash. */
  readonly syncedBytes: number;
}

const HEADER_BYTES = 12;

/** An empty disk whose every sync takes `syncMs`. */
export function createVirtualDisk(options: {
  readonly random: Random;
  readonly syncMs?: number;
}): VirtualDisk {
  const { random, syncMs = 1 } = options;
  let synced: Uint8Array = new Uint8Array(0);
  /** Frames of which the sync has not ended. */
  let unsynced: Uint8Array = new Uint8Array(0);
  /** What stands in the file since a write failed: no sync makes it durable any more. */
  let doomed: Uint8Array | undefined;
  /** What a crash may bring back: the file before a rename whose folder was not flushed. */
  let before: Uint8Array | undefined;
  let fault: DiskFault | undefined;
  let rate = 1;

  const drawFault = (): DiskFault | undefined =>
    fault !== undefined && (rate === 1 || random.chance(rate)) ? fault : undefined;
  const replaceBy = (next: Uint8Array): void => {
    synced = next;
    doomed = undefined;
    before = undefined;
  };
  const append = (frame: Uint8Array, failing: DiskFault | undefined): void => {
    // Syncs end in the order in which they began: this frame is the first one waiting.
    assert(equalBytes(unsynced.subarray(0, frame.length), frame), "syncs keep their order");
    unsynced = unsynced.slice(frame.length);
    if (failing === "short") {
      doomed = concatBytes(doomed ?? NOTHING, frame.slice(0, random.below(frame.length)));
    } else if (failing === "sync" || (failing === undefined && doomed !== undefined)) {
      doomed = concatBytes(doomed ?? NOTHING, frame);
    } else if (failing === undefined) {
      synced = concatBytes(synced, frame);
    }
  };
  const compact = (next: Uint8Array, failing: DiskFault | undefined): void => {
    // A new file takes the old one's name in one go: until then the old one counts.
    if (failing === undefined) return replaceBy(next);
    if (failing !== "sync" || random.chance(0.5)) return;
    const old = before ?? synced;
    replaceBy(next);
    before = old;
  };
  const write = (
    process: VirtualProcess,
    act: (failing: DiskFault | undefined) => void,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const failing = drawFault();
      process.after(syncMs, () => {
        act(failing);
        if (failing === undefined) resolve();
        else reject(diskError(failing));
      });
    });

  return {
    get syncedBytes() {
      return synced.length;
    },
    setFault(next, nextRate = 1) {
      fault = next;
      rate = nextRate;
    },
    drawFault,
    open: (process) => ({
      // What the log's owner does first: what is torn off must not stand before new records.
      load: async () => {
        const { records, end } = readFrames(synced);
        synced = synced.slice(0, end);
        return records;
      },
      append(record) {
        const frame = frameOf(record);
        unsynced = concatBytes(unsynced, frame);
        return write(process, (failing) => append(frame, failing));
      },
      compact(records) {
        const next = concatBytes(...records.map((record) => frameOf(record)));
        return write(process, (failing) => compact(next, failing));
      },
    }),
    crash() {
      if (before !== undefined && random.chance(0.5)) synced = before;
      const written = concatBytes(doomed ?? NOTHING, unsynced);
      replaceBy(concatBytes(synced, written.slice(0, random.below(written.length + 1))));
      unsynced = NOTHING;
    },
    format(records) {
      replaceBy(concatBytes(...records.map((record) => frameOf(record))));
      unsynced = NOTHING;
    },
    image: () => synced,
    restore(image) {
      replaceBy(image);
      unsynced = NOTHING;
    },
    truncate(bytes) {
      synced = synced.slice(0, Math.max(0, synced.length - bytes));
    },
    flipBit(at) {
      const index = Math.floor(at / 8) % Math.max(1, synced.length);
      const byte = synced[index];
      if (byte !== undefined) synced = synced.with(index, byte ^ (1 << (at % 8)));
    },
  };
}

const NOTHING = new Uint8Array(0);

/** The error that a disk with this fault gives. */
export function diskError(fault: DiskFault): PbftError {
  const errnos = { full: "ENOSPC", short: "ENOSPC", io: "EIO", sync: "EIO", "read-only": "EROFS" };
  const errno = errnos[fault];
  return new PbftError({ code: "STORAGE", path: "the virtual disk", errno, reason: fault });
}

/** Length, checksum of the length, checksum of the record, record. */
function frameOf(record: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, record.length);
  return concatBytes(length, checksum(length), checksum(record), record);
}

function checksum(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, 4);
}

/** All whole frames. What is cut off at the end never counted; damage before it is refused. */
function readFrames(bytes: Uint8Array): {
  readonly records: readonly Uint8Array[];
  readonly end: number;
} {
  const records: Uint8Array[] = [];
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const header = bytes.subarray(at, at + HEADER_BYTES);
    // A length with a wrong checksum is damage; a whole frame that is not there is a torn write.
    if (!equalBytes(checksum(header.subarray(0, 4)), header.subarray(4, 8))) damaged(at);
    const end = at + HEADER_BYTES + new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
    if (end > bytes.length) break;
    const record = bytes.slice(at + HEADER_BYTES, end);
    if (!equalBytes(checksum(record), header.subarray(8))) damaged(at);
    records.push(record);
    at = end;
  }
  return { records, end: at };
}

function damaged(offset: number): never {
  throw new TestkitError({ code: "DISK_DAMAGED", offset });
}
