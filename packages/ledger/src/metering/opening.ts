import { type Evidence, evidenceUnits, type QuorumCertificate, UNITS } from "@aethel/models";

/**
 * Returns the execution units for checking the parent's certificate and the evidence of a block
 * (`all`), and those for the evidence alone.
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
