import { arithmeticReports } from "./arithmetic.ts";
import { structureReports } from "./arrays-and-datatypes.ts";
import { bitVectorReports } from "./bit-vectors.ts";
import { floatConversionReports } from "./float-conversions.ts";
import { floatReports } from "./floats.ts";
import { patternReports } from "./patterns.ts";
import { quantifierReports } from "./quantifiers.ts";
import type { HistoricReport } from "./report.ts";
import { sequenceReports } from "./sequences.ts";
import { stringReports } from "./strings.ts";

export type { HistoricReport } from "./report.ts";

/** All reports. */
export const historicReports: readonly HistoricReport[] = [
  ...floatReports,
  ...floatConversionReports,
  ...bitVectorReports,
  ...structureReports,
  ...arithmeticReports,
  ...quantifierReports,
  ...stringReports,
  ...patternReports,
  ...sequenceReports,
];

/** The script of a report, as a claim. */
export function claimOf({ script }: HistoricReport): string {
  return `${script}(check-sat)`;
}

/** The script with the values that make it true; `undefined` where the report names none. */
export function witnessOf({ script, witness }: HistoricReport): string | undefined {
  return witness === undefined ? undefined : `${script}${witness}(check-sat)`;
}
