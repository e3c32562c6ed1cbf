import { type ProofBody, SOURCE_BYTES_MAX, sha256 } from "@aethel/models";
import { registerAssets } from "./assets.ts";
import {
  type CertifiedProgram,
  certifyPrograms,
  storeCertificate,
  trustOf,
} from "./certificates.ts";
import type { Load } from "./costs/meter.ts";
import { recordUnits, type StoredClaim } from "./costs/units.ts";
import type { Draft } from "./draft.ts";
import type { Room } from "./invoke.ts";
import type { Judged } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { IntentRecord, SourceRecord, stateKey, TheoremRecord } from "./state-layout.ts";

/** A proof that goes to the Judge. */
export type JudgedBody = Exclude<ProofBody, { readonly type: "invoke" }>;

/** A claim that can be recorded; nothing is written before `record` is called. */
export interface Recordable {
  readonly record: () => void;
  /** Bytes of certificates that the state holds more after it. */
  readonly storedBytes: number;
  /** Units of compiling what is stored, and of storing it. */
  readonly units: number;
  /** Bytes of the state that are paid for. */
  readonly growth: number;
}

/** Why there is nothing to record of a valid claim; `no-room`: not in this block. */
export type Unrecordable = "recorded" | "not-storable" | "uncertified" | "no-room";

/** Place and manner of a record. */
export interface Recording {
  readonly draft: Draft;
  readonly programs: Programs;
  /** Fields of the record that the block knows. */
  readonly about: Pick<TheoremRecord, "author" | "difficulty" | "judgeVersion" | "sequence">;
  readonly kernelVersion: number;
  /** Room of the block; without it, for what no block limits. */
  readonly room?: Room;
}

/** Prepares the record of what the Judge calls valid. */
export function prepareRecord(
  body: JudgedBody,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable {
  return body.type === "theorem"
    ? prepareTheorem(body.script, judged, recording)
    : prepareIntents(body.source, judged, recording);
}

function prepareTheorem(
  script: Uint8Array,
  judged: Judged,
  { draft, about, kernelVersion, room }: Recording,
): Recordable | Unrecordable {
  const digest = sha256(script);
  const key = stateKey.theorem(digest);
  if (draft.read(key, TheoremRecord) !== undefined) return "recorded";
  const trust = trustOf(judged);
  const certificate = trust === "certified" ? judged.certificate : undefined;
  const storedBytes = certificate?.length ?? 0;
  const units = recordUnits({ canonical: 0, certificates: storedBytes, keys: KEYS_OF_A_CLAIM });
  const growth = storedBytes + KEYS_OF_A_CLAIM * RECORD_BYTES;
  if (!hasRoom(room, { units, growth })) return "no-room";
  const record = (): void => {
    const certification =
      certificate === undefined
        ? undefined
        : storeCertificate(draft, stateKey.theoremCertificate(digest), {
            certificate,
            kernelVersion,
          });
    const { resource } = judged;
    draft.write(key, TheoremRecord, { ...about, resource, trust, certification });
  };
  return { record, storedBytes, units, growth };
}

/** A source that was published as it is, is known by its bytes: nothing is compiled. */
function prepareIntents(
  source: Uint8Array,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable {
  const { draft, programs, room, about } = recording;
  const sourceKey = stateKey.source(sha256(source));
  if (draft.read(sourceKey, SourceRecord) !== undefined) return "recorded";
  const certified = certifyPrograms(programs.compile(source, "published"), judged);
  if (certified === undefined) return "uncertified";
  const fresh = certified.filter(
    ({ program }) => draft.read(stateKey.intent(program.digest), IntentRecord) === undefined,
  );
  if (fresh.length === 0) return "recorded";
  // What is too long to compile again is not tried.
  if (fresh.some(({ program }) => program.canonical.length > SOURCE_BYTES_MAX)) {
    return "not-storable";
  }
  const claim = storedClaim(fresh);
  const units = recordUnits(claim);
  if (units > RECORD_UNITS_MAX) return "not-storable";
  const growth = claim.canonical + claim.certificates + claim.keys * RECORD_BYTES;
  if (!hasRoom(room, { units, growth })) return "no-room";
  if (!fresh.every(({ program }) => programs.isStorable(program, "published"))) {
    return "not-storable";
  }
  return {
    record: () => {
      for (const one of fresh) recordProgram(one, "published", recording);
      draft.write(sourceKey, SourceRecord, { sequence: about.sequence });
    },
    storedBytes: claim.certificates,
    units,
    growth,
  };
}

/** Key and value of a record apart from the texts and certificates in it, at most. */
const RECORD_BYTES = 256;
/** A record and its certificate. */
const KEYS_OF_A_CLAIM = 2;
/** Units of what one source may record: the smallest block that a chain can choose has room for it. */
const RECORD_UNITS_MAX = 1_500_000;

/** Everything that the state holds more once programs are recorded, with the record of the source. */
function storedClaim(fresh: readonly CertifiedProgram[]): StoredClaim {
  let [canonical, certificates, keys] = [0, 0, 1];
  for (const { program, certificate } of fresh) {
    canonical += utf8Length(program.canonical);
    certificates += certificate.length;
    keys += KEYS_OF_A_CLAIM + program.assets.length;
  }
  return { canonical, certificates, keys };
}

function hasRoom(room: Room | undefined, { units, growth }: Load): boolean {
  return room?.meter.fits({ units: room.reserved + units, growth }) ?? true;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Writes the record of a program, its assets, and its certificate beside it. */
export function recordProgram(
  { program, certificate }: CertifiedProgram,
  origin: IntentRecord["origin"],
  { draft, about, kernelVersion }: Omit<Recording, "programs" | "room">,
): void {
  const { digest, canonical, assets } = program;
  registerAssets(draft, assets);
  const certification = storeCertificate(draft, stateKey.intentCertificate(digest), {
    certificate,
    kernelVersion,
  });
  draft.write(stateKey.intent(digest), IntentRecord, {
    ...about,
    canonical: new TextEncoder().encode(canonical),
    origin,
    trust: "certified",
    certification,
  });
}
