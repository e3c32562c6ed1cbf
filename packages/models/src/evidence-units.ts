import { Evidence } from "./consensus/evidence.ts";
import { UNITS } from "./ledger/units.ts";

/**
 * Units of one piece of evidence. That a verdict is wrong is shown by a run: its source is compiled,
 * the obligations of one intent are derived, and one of them is evaluated.
 */
export function evidenceUnits(item: Evidence): number {
  const bytes = Evidence.encode(item).length;
  const common = UNITS.evidence + 2 * UNITS.signature + Math.ceil(bytes / 16) * UNITS.proofBytes16;
  if (item.type !== "invalid-verification") return common;
  const { body } = item.proof;
  const source = body.type === "publish" ? body.source.length : 0;
  return common + UNITS.obligations + source * UNITS.sourceByte;
}
