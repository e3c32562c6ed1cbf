import { assert, concatBytes, equalBytes, sha256 } from "@aethel/models";
import type { SigningLog } from "@aethel/pbft";
import { TestkitError } from "../errors.ts";
import type { VirtualProcess } from "./process.ts";
import type { Random } from "./random.ts";

/**
 * The disk of one node: it outlives the node's processes. What was written and not synced when the
 * process ended is lost, but for a beginning of it of any length: a torn write.
 */
export interface VirtualDisk {
  /** The log as one process sees it; a disk has one log and one process at a time. */
  open(process: VirtualProcess): SigningLog;
  /** What happens to unsynced writes when the power goes. */
  crash(): void;
  /** Cuts bytes off the end of what is synced, as a file system that lied about a sync does. */
  truncate(bytes: number): void;
  /** Turns one bit over, as a failing medium does. */
  flipBit(at: number): void;
  /** An empty log with these records in it, as an operator makes who has lost the old one. */
  format(records: readonly Uint8Array[]): void;
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
  let unsynced: Uint8Array = new Uint8Array(0);
  return {
    get syncedBytes() {
      return synced.length;
    },
    open: (process) => ({
      // What the log's owner does first: what is torn off must not stand before new records.
      load: async () => {
        const { records, end } = readFrames(synced);
        synced = synced.slice(0, end);
        return records;
      },
      append: (record) =>
        new Promise((resolve) => {
          const frame = frameOf(record);
          unsynced = concatBytes(unsynced, frame);
          process.after(syncMs, () => {
            // Syncs end in the order in which they began: this frame is the first one waiting.
            assert(equalBytes(unsynced.subarray(0, frame.length), frame), "syncs keep their order");
            synced = concatBytes(synced, frame);
            unsynced = unsynced.slice(frame.length);
            resolve();
          });
        }),
      compact: (records) =>
        new Promise((resolve) => {
          const next = concatBytes(...records.map((record) => frameOf(record)));
          // A new file takes the old one's name in one go: until then the old one counts.
          process.after(syncMs, () => {
            synced = next;
            resolve();
          });
        }),
    }),
    crash() {
      const torn = unsynced.slice(0, random.below(unsynced.length + 1));
      synced = concatBytes(synced, torn);
      unsynced = new Uint8Array(0);
    },
    format(records) {
      synced = concatBytes(...records.map((record) => frameOf(record)));
      unsynced = new Uint8Array(0);
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
