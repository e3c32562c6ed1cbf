import { type ProofBody, sha256 } from "@aethel/models";
import { registerAssets } from "./assets.ts";
import {
  type CertifiedProgram,
  certifyPrograms,
  storeCertificate,
  trustOf,
} from "./certificates.ts";
import type { Draft } from "./draft.ts";
import type { Judged } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { IntentRecord, stateKey, TheoremRecord } from "./state-layout.ts";

/** A proof that goes to the Judge. */
export type JudgedBody = Exclude<ProofBody, { readonly type: "invoke" }>;

/** A claim that can be recorded; nothing is written before `record` is called. */
export interface Recordable {
  readonly record: () => void;
  /** Bytes of certificates that the state holds more after it. */
  readonly storedBytes: number;
}

/** Why there is nothing to record of a valid claim. */
export type Unrecordable = "recorded" | "not-storable" | "uncertified";

/** Place and manner of a record. */
export interface Recording {
  readonly draft: Draft;
  readonly programs: Programs;
  /** Fields of the record that the block knows. */
  readonly about: Pick<TheoremRecord, "author" | "difficulty" | "judgeVersion" | "sequence">;
  readonly kernelVersion: number;
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
  { draft, about, kernelVersion }: Recording,
): Recordable | Unrecordable {
  const digest = sha256(script);
  const key = stateKey.theorem(digest);
  if (draft.read(key, TheoremRecord) !== undefined) return "recorded";
  const trust = trustOf(judged);
  const certificate = trust === "certified" ? judged.certificate : undefined;
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
  return { record, storedBytes: certificate?.length ?? 0 };
}

function prepareIntents(
  source: Uint8Array,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable {
  const { draft, programs } = recording;
  const certified = certifyPrograms(programs.compile(source, "published"), judged);
  if (certified === undefined) return "uncertified";
  const fresh = certified.filter(
    ({ program }) => draft.read(stateKey.intent(program.digest), IntentRecord) === undefined,
  );
  if (fresh.length === 0) return "recorded";
  if (!fresh.every(({ program }) => programs.isStorable(program, "published"))) {
    return "not-storable";
  }
  return {
    record: () => {
      for (const one of fresh) recordProgram(one, "published", recording);
    },
    storedBytes: fresh.reduce((sum, { certificate }) => sum + certificate.length, 0),
  };
}

/** Writes the record of a program, its assets, and its certificate beside it. */
export function recordProgram(
  { program, certificate }: CertifiedProgram,
  origin: IntentRecord["origin"],
  { draft, about, kernelVersion }: Omit<Recording, "programs">,
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
