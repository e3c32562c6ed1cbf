import { type ProofBody, SOURCE_BYTES_MAX, sha256, UNITS } from "@aethel/models";
import type { Load, Room } from "../metering/meter.ts";
import { recordUnits, type StoredClaim } from "../metering/units.ts";
import { registerAssets } from "../state/assets.ts";
import { IntentRecord, SourceRecord, TheoremRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import {
  type CertifiedProgram,
  certifyPrograms,
  storeCertificate,
  trustOf,
} from "./certificates.ts";
import type { Judged } from "./judge-port.ts";
import type { Programs } from "./programs.ts";

/** Body of a proof that the Judge must judge: a publication or a theorem. */
export type JudgedBody = Exclude<ProofBody, { readonly type: "invoke" }>;

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
 * Prepares the record of a claim that the Judge found valid, or returns the reason for which it is
 * not recorded.
 */
export function prepareRecord(
  body: JudgedBody,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable | NoRoom {
  return body.type === "theorem"
    ? prepareTheorem(body.script, judged, recording)
    : prepareIntents(body.source, judged, recording);
}

function prepareTheorem(
  script: Uint8Array,
  judged: Judged,
  { overlay, about, kernelVersion, room }: Recording,
): Recordable | Unrecordable | NoRoom {
  const digest = sha256(script);
  const key = stateKey.theorem(digest);
  if (overlay.read(key, TheoremRecord) !== undefined) return "recorded";
  const trust = trustOf(judged);
  const certificate = trust === "certified" ? judged.certificate : undefined;
  const storedBytes = certificate?.length ?? 0;
  const { units, growth } = leastRecord({ certificate });
  const unfit = findUnfit(room, { units, growth });
  if (unfit !== undefined) return unfit;
  const record = (): void => {
    const certification =
      certificate === undefined
        ? undefined
        : storeCertificate(overlay, stateKey.theoremCertificate(digest), {
            certificate,
            kernelVersion,
          });
    const { resource } = judged;
    overlay.write(key, TheoremRecord, { ...about, resource, trust, certification });
  };
  return { isStorable: () => true, record, compiling: 0, storedBytes, units, growth };
}

/**
 * Prepares the records of a source. A source that was published before is recognized by its bytes.
 * If not even the certificate fits into the block, nothing is compiled. Either all new intents of
 * the source are recorded or none is.
 */
function prepareIntents(
  source: Uint8Array,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable | NoRoom {
  const { overlay, programs, room, about } = recording;
  const sourceKey = stateKey.source(sha256(source));
  if (overlay.read(sourceKey, SourceRecord) !== undefined) return "recorded";
  if (trustOf(judged) !== "certified") return "uncertified";
  const unfit = findUnfit(room, leastRecord(judged));
  if (unfit !== undefined) return unfit;
  const certified = certifyPrograms(programs.compile(source, "published"), judged);
  if (certified === undefined) return "uncertified";
  const fresh = certified.filter(
    ({ program }) => overlay.read(stateKey.intent(program.digest), IntentRecord) === undefined,
  );
  if (fresh.length === 0) return "recorded";
  // What is too long to compile again is not tried.
  if (fresh.some(({ program }) => program.canonical.length > SOURCE_BYTES_MAX)) {
    return "not-storable";
  }
  const claim = storedClaim(fresh);
  const load = loadOf(claim);
  const without = findUnfit(room, load);
  if (without !== undefined) return without;
  return {
    isStorable: () => fresh.every(({ program }) => programs.isStorable(program, "published")),
    record: () => {
      for (const one of fresh) recordProgram(one, "published", recording);
      overlay.write(sourceKey, SourceRecord, { sequence: about.sequence });
    },
    compiling: claim.canonical * UNITS.programByte,
    storedBytes: claim.certificates,
    ...load,
  };
}

/**
 * Returns the least units and growth of the record of a claim, computed from the certificate alone.
 * For a theorem they are exact.
 */
export function leastRecord({ certificate }: Pick<Judged, "certificate">): Load {
  return loadOf({ canonical: 0, certificates: certificate?.length ?? 0, keys: KEYS_OF_A_CLAIM });
}

function loadOf(claim: StoredClaim): Load {
  const growth = claim.canonical + claim.certificates + claim.keys * RECORD_BYTES;
  return { units: recordUnits(claim), growth };
}

/** Most bytes of the key and value of a record, without its texts and certificates. */
const RECORD_BYTES = 256;

/** Number of keys that a claim takes in the state: its record and its certificate. */
const KEYS_OF_A_CLAIM = 2;

/** Sums the sizes of the records of programs and of the record of their source. */
function storedClaim(fresh: readonly CertifiedProgram[]): StoredClaim {
  let [canonical, certificates, keys] = [0, 0, 1];
  for (const { program, certificate } of fresh) {
    canonical += utf8Length(program.canonical);
    certificates += certificate.length;
    keys += KEYS_OF_A_CLAIM + program.assets.length;
  }
  return { canonical, certificates, keys };
}

/**
 * Finds out whether a record fits. Returns `too-large` if it fits into no block, the needed amounts
 * if it does not fit into this one, and undefined if it fits.
 */
function findUnfit(
  { meter, reserved, most }: RecordRoom,
  load: Load,
): "too-large" | NoRoom | undefined {
  const units = reserved + load.units;
  if (units > most.units || load.growth > most.growth) return "too-large";
  return meter.fits({ units, growth: load.growth }) ? undefined : { needs: load };
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Writes the record of a program and its certificate, and registers its assets. */
export function recordProgram(
  { program, certificate }: CertifiedProgram,
  origin: IntentRecord["origin"],
  { overlay, about, kernelVersion }: Omit<Recording, "programs" | "room">,
): void {
  const { digest, canonical, assets } = program;
  registerAssets(overlay, assets);
  const certification = storeCertificate(overlay, stateKey.intentCertificate(digest), {
    certificate,
    kernelVersion,
  });
  overlay.write(stateKey.intent(digest), IntentRecord, {
    ...about,
    canonical: new TextEncoder().encode(canonical),
    origin,
    trust: "certified",
    certification,
  });
}
