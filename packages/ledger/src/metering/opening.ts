import { type Evidence, evidenceUnits, type QuorumCertificate, UNITS } from "@aethel/models";

/** Units of the opening of a block: the signatures of the certificate, and the evidence. */
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
