import { faultCodeOf } from "../errors.ts";
import type { SigningLog } from "../ports.ts";
import { decodeSigningLog, type SigningEntry, SigningRecord } from "../record.ts";

/**
 * Bytes that must be appended since the last compaction to make another one worthwhile.
 * `COMPACT_RECORDS`: the same as a number of records.
 */
const COMPACT_BYTES = 1_048_576;
const COMPACT_RECORDS = 256;

/** Failed call of the signing log. */
export interface LogFailure {
  readonly call: "append" | "compact";
  readonly error: unknown;
}

/**
 * Signing log as a list of entries, with one record for each `persist`.
 *
 * After a failure, nothing that the log has is trusted. The log accepts no record until `repair`
 * has replaced its content with all entries that must last. This object keeps those in memory.
 */
export interface SigningRecords {
  /**
   * Loads all entries of the signing log.
   *
   * @throws PbftError `SIGNING_RECORD`, or whatever the log throws.
   */
  load(): Promise<readonly SigningEntry[]>;
  /**
   * Appends entries as one record. They are durable when this resolves to undefined. If the log has
   * failed before, they are only kept in memory until `repair`.
   */
  persist(entries: readonly SigningEntry[]): Promise<LogFailure | undefined>;
  /**
   * Drops all entries except `entries`. Compacts the log only if that is worthwhile. Returns the
   * failure of the log; undefined if there is none.
   */
  forget(entries: readonly SigningEntry[]): Promise<LogFailure | undefined>;
  /**
   * Rewrites the signing log with all entries that must last. When this resolves to undefined, all
   * of them are durable.
   */
  repair(): Promise<LogFailure | undefined>;
}

/**
 * Creates records over a log that has not been loaded yet.
 *
 * @throws from any call: PbftError `SIGNING_STATE_TAKEN`, after which no retry is safe.
 */
export function createSigningRecords(log: SigningLog): SigningRecords {
  let bytes = 0;
  let records = 0;
  let works = true;
  /** All entries that must last, whether they are in the signing log or not. */
  let lasting: readonly SigningEntry[] = [];

  const replace = async (): Promise<LogFailure | undefined> => {
    const kept = lasting.map((entry) => SigningRecord.encode({ entries: [entry] }));
    const failure = await attempt("compact", () => log.compact(kept));
    works = failure === undefined;
    if (!works) return failure;
    bytes = 0;
    records = kept.length;
    return undefined;
  };
  return {
    async load() {
      const loaded = await log.load();
      // The first occasion to compact after a start is taken, whatever the log holds.
      bytes = COMPACT_BYTES;
      records = loaded.length;
      lasting = decodeSigningLog(loaded);
      return lasting;
    },
    async persist(entries) {
      const record = SigningRecord.encode({ entries });
      lasting = [...lasting, ...entries];
      if (!works) return undefined;
      const failure = await attempt("append", async () => {
        await log.append(record);
      });
      works = failure === undefined;
      if (!works) return failure;
      bytes += record.length;
      records += 1;
      return undefined;
    },
    async forget(entries) {
      // A log without records stays empty: an observer signs nothing.
      if (records === 0 && works) return undefined;
      lasting = entries;
      if (!works || (bytes < COMPACT_BYTES && records < COMPACT_RECORDS)) return undefined;
      return replace();
    },
    repair: replace,
  };
}

async function attempt(
  call: LogFailure["call"],
  write: () => Promise<void>,
): Promise<LogFailure | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    const code = faultCodeOf(error);
    if (code !== undefined && code !== "STORAGE") throw error;
    return { call, error };
  }
}
