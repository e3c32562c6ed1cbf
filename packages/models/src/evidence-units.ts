import { Evidence } from "./consensus/evidence.ts";
import { UNITS } from "./ledger/units.ts";

/**
 * Returns the cost of checking one piece of evidence, in execution units. A false header costs more
 * than other kinds: its check compiles the source in the claim, derives the obligations of one
 * intent and evaluates one.
 */
export function evidenceUnits(item: Evidence): number {
  const bytes = Evidence.encode(item).length;
  const common = UNITS.evidence + 2 * UNITS.signature + Math.ceil(bytes / 16) * UNITS.proofBytes16;
  if (item.type !== "false-header") return common;
  return common + UNITS.obligations + item.claim.length * UNITS.sourceByte;
}
