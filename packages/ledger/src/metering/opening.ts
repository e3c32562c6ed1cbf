import { type Evidence, evidenceUnits, type QuorumCertificate, UNITS } from "@aethel/models";

/**
 * Returns the execution units of the opening of a block: of all of it, and of the evidence alone.
 * The rest is for the signatures of the certificate.
 */
export function openingUnits({
  evidence,
  parentCertificate,
}: {
  readonly evidence: readonly Evidence[];
  readonly parentCertificate: QuorumCertificate | undefined;
}): { readonly all: number; readonly evidence: number } {
  const signers = parentCertificate?.signers.filter(Boolean).length ?? 0;
  const ofEvidence = evidence.reduce((sum, item) => sum + evidenceUnits(item), 0);
  return {
    all: signers * UNITS.signature + ofEvidence,
    evidence: ofEvidence,
  };
}
