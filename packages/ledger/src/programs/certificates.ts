import type { Trust } from "@aethel/models";
import {
  CERTIFICATE_BYTES_MAX,
  certificateDigest,
  decodeCertificate,
  encodeCertificate,
} from "@aethel/verifier/certificate";
import { type Certification, certificateCoding } from "../state/records.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import type { Judged } from "./judge-port.ts";
import type { Program } from "./programs.ts";

/**
 * Returns the trust of a judgement. `none`: the verdict is not `valid`. `certified`: there is a
 * certificate that is short enough to be stored. `solver`: only the solver found it valid.
 */
export function trustOf({ verdict, trust, certificate }: Judged): Trust {
  if (verdict !== "valid") return "none";
  if (trust !== "certified" || certificate === undefined) return "solver";
  return certificate.length <= CERTIFICATE_BYTES_MAX ? "certified" : "solver";
}

/** Program with the part of a certificate that covers its own intents. */
export interface CertifiedProgram {
  readonly program: Program;
  readonly certificate: Uint8Array;
}

/**
 * Divides the certificate of a source into one for each program of the source. Each part certifies
 * the canonical text of its program. Returns undefined if an intent has no certificate.
 */
export function certifyPrograms(
  programs: readonly Program[],
  judged: Judged,
): readonly CertifiedProgram[] | undefined {
  const { certificate } = judged;
  if (certificate === undefined || trustOf(judged) !== "certified") return undefined;
  const rows = decodeCertificate(certificate);
  const count = programs.reduce((sum, { places }) => sum + places.length, 0);
  if (rows?.length !== count) return undefined;
  return programs.map((program) => ({
    program,
    certificate: encodeCertificate(program.places.map((place) => rows[place] ?? [])),
  }));
}

/**
 * Writes a certificate into the state. Returns the facts about it that the record of the claim
 * holds.
 */
export function storeCertificate(
  overlay: StateOverlay,
  key: Uint8Array,
  stored: { readonly certificate: Uint8Array; readonly kernelVersion: number },
): Certification {
  const { certificate, kernelVersion } = stored;
  overlay.write(key, certificateCoding, certificate);
  return { kernelVersion, certificateHash: certificateDigest(certificate) };
}
