import { Evidence } from "./consensus/evidence.ts";
import { UNITS } from "./ledger/units.ts";

/**
 * Units of one piece of evidence. A false header is shown by a run: the source in the claim is
 * compiled, the obligations of one intent are derived, and one of them is evaluated.
 */
export function evidenceUnits(item: Evidence): number {
  const bytes = Evidence.encode(item).length;
  const common = UNITS.evidence + 2 * UNITS.signature + Math.ceil(bytes / 16) * UNITS.proofBytes16;
  if (item.type !== "false-header") return common;
  return common + UNITS.obligations + item.claim.length * UNITS.sourceByte;
}
