import { CERTIFICATE_BYTES_MAX, encodeCertificate } from "../certificate/container.ts";
import { type CertificateEntry, encodeEntry } from "../certificate/entry.ts";
import type { Claim } from "../kernel/index.ts";
import type { TermValue } from "../term.ts";
import { type Certifier, proveClaim } from "./certifier.ts";

/**
 * Evidence for one obligation. Once certified, it becomes the obligation's entry in the
 * certificate.
 */
export type Evidence =
  | { readonly type: "witness"; readonly values: readonly TermValue[] }
  | { readonly type: "proof"; readonly claim: Claim }
  /**
   * Cut of the obligation (see `Cut`). `lemmas` are the lemmas that it assumes, without those in
   * the evidence of earlier obligations of the intent.
   */
  | { readonly type: "cut"; readonly lemmas: readonly Claim[]; readonly claim: Claim };

/** Size of a certificate's entry in bytes, and the kernel's work on it in units. */
export interface CertifiedEntry {
  readonly bytes: number;
  readonly work: number;
}

/**
 * Certificate of all evidence, or the position of the first evidence that could not be certified.
 */
export type Production =
  | {
      readonly type: "certified";
      readonly certificate: Uint8Array;
      readonly entries: readonly (readonly CertifiedEntry[])[];
    }
  | {
      readonly type: "uncertified";
      readonly row: number;
      readonly place: number;
      readonly reason: string;
    };

/** Makes the certificate of a source (one row for each intent) or of a theorem. A pure function. */
export function produceCertificate(
  using: Certifier,
  evidence: readonly (readonly Evidence[])[],
  stepsMax: number,
): Production {
  const rows: Uint8Array[][] = [];
  const entries: CertifiedEntry[][] = [];
  let [steps, bytes] = [0, 0];
  for (const [row, own] of evidence.entries()) {
    const encoded: Uint8Array[] = [];
    const certified: CertifiedEntry[] = [];
    for (const [place, one] of own.entries()) {
      const made = makeEntry(using, one, stepsMax - steps);
      if (made.type === "uncertified") {
        return { type: "uncertified", row, place, reason: made.reason };
      }
      const entry = encodeEntry(made.entry);
      steps += made.steps;
      bytes += entry.length;
      if (bytes > CERTIFICATE_BYTES_MAX) {
        return { type: "uncertified", row, place, reason: TOO_LONG };
      }
      encoded.push(entry);
      certified.push({ bytes: entry.length, work: made.work });
    }
    rows.push(encoded);
    entries.push(certified);
  }
  const certificate = encodeCertificate(rows);
  if (certificate.length > CERTIFICATE_BYTES_MAX) {
    return { type: "uncertified", row: 0, place: 0, reason: TOO_LONG };
  }
  return { type: "certified", certificate, entries };
}

const TOO_LONG = `the certificates of the source have more than ${CERTIFICATE_BYTES_MAX} bytes`;

type Made =
  | {
      readonly type: "made";
      readonly entry: CertificateEntry;
      readonly steps: number;
      readonly work: number;
    }
  | { readonly type: "uncertified"; readonly reason: string };

function makeEntry(using: Certifier, evidence: Evidence, stepsMax: number): Made {
  if (evidence.type === "witness") return { type: "made", entry: evidence, steps: 0, work: 0 };
  const claims = evidence.type === "cut" ? [...evidence.lemmas, evidence.claim] : [evidence.claim];
  const proofs: Uint8Array[] = [];
  let [steps, work] = [0, 0];
  for (const claim of claims) {
    const proved = proveClaim(using, claim, stepsMax - steps);
    if (proved.type === "uncertified") return proved;
    proofs.push(proved.proof);
    steps += proved.steps;
    work += proved.work;
  }
  const proof = proofs.at(-1) ?? new Uint8Array();
  const entry: CertificateEntry =
    evidence.type === "cut"
      ? { type: "cut", lemmas: proofs.slice(0, -1), proof }
      : { type: "proof", proof };
  return { type: "made", entry, steps, work };
}
