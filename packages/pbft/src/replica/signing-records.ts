import type { SigningLog } from "../ports.ts";
import { decodeSigningLog, type SigningEntry, SigningRecord } from "../record.ts";

/** A log is compacted when it is worth it: this many bytes, or records, since the last time. */
const COMPACT_BYTES = 1_048_576;
const COMPACT_RECORDS = 256;

/** The signing log as the engine speaks of it: in entries, one record for each `persist`. */
export interface SigningRecords {
  /** @throws PbftError `SIGNING_RECORD`, or whatever the log throws. */
  load(): Promise<readonly SigningEntry[]>;
  persist(entries: readonly SigningEntry[]): Promise<void>;
  /** Everything but `entries` is obsolete. */
  forget(entries: readonly SigningEntry[]): Promise<void>;
}

/** Records over a log that has not been loaded yet. */
export function createSigningRecords(log: SigningLog): SigningRecords {
  let bytes = 0;
  let records = 0;
  return {
    async load() {
      const loaded = await log.load();
      // The first occasion to compact after a start is taken, whatever the log holds.
      bytes = COMPACT_BYTES;
      records = loaded.length;
      return decodeSigningLog(loaded);
    },
    async persist(entries) {
      const record = SigningRecord.encode({ entries });
      await log.append(record);
      bytes += record.length;
      records += 1;
    },
    async forget(entries) {
      // A log without records stays empty: an observer signs nothing.
      if (records === 0 || (bytes < COMPACT_BYTES && records < COMPACT_RECORDS)) return;
      await log.compact([SigningRecord.encode({ entries })]);
      bytes = 0;
      records = 1;
    },
  };
}
