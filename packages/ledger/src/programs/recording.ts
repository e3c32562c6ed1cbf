import type { Load, Room } from "../metering/meter.ts";
import { recordUnits, type StoredClaim } from "../metering/units.ts";
import type { TheoremRecord } from "../state/records.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import type { Judged } from "./judge-port.ts";
import type { Programs } from "./programs.ts";

/** Valid claim that can be recorded in this block. Nothing is written until `record` is called. */
export interface Recordable {
  /**
   * Tells whether the texts can be compiled again from their stored form. Calling it compiles them,
   * and `compiling` is charged for that.
   */
  readonly isStorable: () => boolean;
  readonly record: () => void;
  /** Execution units for compiling the texts. They are part of `units`. */
  readonly compiling: number;
  /** Bytes of certificates that the record adds to the state. */
  readonly storedBytes: number;
  /** Execution units for compiling the stored texts, and for storing the record. */
  readonly units: number;
  /** Bytes by which the record grows the state, for the fee. */
  readonly growth: number;
  /** Bytes of cells that the record adds to the state, for the deposit. */
  readonly cellBytes: number;
}

/**
 * Reason for which a valid claim is not recorded. The block includes the proof nevertheless and
 * charges its fee.
 */
export type Unrecordable = "recorded" | "not-storable" | "too-large" | "uncertified";

/**
 * Valid claim whose record does not fit into the rest of this block. `needs`: units and growth of
 * the record, as far as they are known.
 */
export interface NoRoom {
  readonly needs: Load;
}

/**
 * Meter of a block for a proof and its record. `most`: the most that one proof may take of any
 * block.
 */
export interface RecordRoom extends Room {
  readonly most: Load;
}

/** Context in which a claim is recorded. */
export interface Recording {
  readonly overlay: StateOverlay;
  readonly programs: Programs;
  /** Fields of the record that do not depend on the program or certificate. */
  readonly about: Pick<TheoremRecord, "author" | "difficulty" | "judgeVersion" | "sequence">;
  readonly kernelVersion: number;
  readonly room: RecordRoom;
}

/**
 * Returns the least units and growth of the record of a claim, computed from the certificate alone.
 * For a theorem they are exact.
 */
export function leastRecord({ certificate }: Pick<Judged, "certificate">): Load {
  const certificates = certificate?.length ?? 0;
  return loadOf({ canonical: 0, certificates, values: 0, keys: KEYS_OF_A_CLAIM });
}

/** Returns the units and growth of records of plain intents or a theorem, by their sizes. */
export function loadOf(claim: StoredClaim): Load {
  const growth = claim.canonical + claim.certificates + claim.keys * RECORD_BYTES;
  return { units: recordUnits(claim), growth };
}

/** Most bytes of the key and value of a record, without its texts and certificates. */
const RECORD_BYTES = 256;

/** Number of keys that a claim takes in the state: its record and its certificate. */
export const KEYS_OF_A_CLAIM = 2;

/**
 * Finds out whether a record fits. Returns `too-large` if it fits into no block, the needed amounts
 * if it does not fit into this one, and undefined if it fits.
 */
export function findUnfit(
  { meter, reserved, most }: RecordRoom,
  load: Load,
): "too-large" | NoRoom | undefined {
  const units = reserved + load.units;
  if (units > most.units || load.growth > most.growth) return "too-large";
  return meter.fits({ units, growth: load.growth }) ? undefined : { needs: load };
}
