import { type ProofBody, SOURCE_BYTES_MAX, sha256, UNITS } from "@aethel/models";
import { compileContract } from "@aethel/verifier";
import type { StoredClaim } from "../metering/units.ts";
import { registerAssets } from "../state/assets.ts";
import { IntentRecord, SourceRecord, TheoremRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import {
  type CertifiedProgram,
  certifyPrograms,
  storeCertificate,
  trustOf,
} from "./certificates.ts";
import type { Judged } from "./judge-port.ts";
import { prepareContract } from "./record-contract.ts";
import {
  findUnfit,
  KEYS_OF_A_CLAIM,
  leastRecord,
  loadOf,
  type NoRoom,
  type Recordable,
  type Recording,
  type Unrecordable,
} from "./recording.ts";

/** Body of a proof that the Judge must judge: a publication or a theorem. */
export type JudgedBody = Exclude<ProofBody, { readonly type: "invoke" }>;

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
    : prepareSource(body.source, judged, recording);
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
  return { isStorable: () => true, record, compiling: 0, storedBytes, units, growth, cellBytes: 0 };
}

/**
 * Prepares the records of a source. A source that was published before is recognized by its bytes.
 * If not even the certificate fits into the block, nothing is compiled.
 */
function prepareSource(
  source: Uint8Array,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable | NoRoom {
  const { overlay, room } = recording;
  const sourceKey = stateKey.source(sha256(source));
  if (overlay.read(sourceKey, SourceRecord) !== undefined) return "recorded";
  if (trustOf(judged) !== "certified") return "uncertified";
  const unfit = findUnfit(room, leastRecord(judged));
  if (unfit !== undefined) return unfit;
  const compiled = compileContract(source);
  return compiled.type === "contract"
    ? prepareContract(compiled.contract, source, judged, recording)
    : prepareIntents(source, judged, recording);
}

/** Prepares the records of intents. Either all new intents of the source are recorded or none is. */
function prepareIntents(
  source: Uint8Array,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable | NoRoom {
  const { overlay, programs, room, about } = recording;
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
      overlay.write(stateKey.source(sha256(source)), SourceRecord, { sequence: about.sequence });
    },
    compiling: claim.canonical * UNITS.programByte,
    storedBytes: claim.certificates,
    cellBytes: 0,
    ...load,
  };
}

/** Sums the sizes of the records of programs and of the record of their source. */
function storedClaim(fresh: readonly CertifiedProgram[]): StoredClaim {
  let [canonical, certificates, keys] = [0, 0, 1];
  for (const { program, certificate } of fresh) {
    canonical += utf8Length(program.canonical);
    certificates += certificate.length;
    keys += KEYS_OF_A_CLAIM + program.assets.length;
  }
  return { canonical, certificates, values: 0, keys };
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
