import { type HistoricReport, historicReports } from "./historic/index.ts";

/** Satisfiable scripts that the pinned Z3 calls unsatisfiable, by the operator refused for it. */
export const falselyProved: ReadonlyMap<string, readonly HistoricReport[]> = new Map(
  Object.entries({
    to_fp: ["Z3Prover/z3#10881", "Z3Prover/z3#9953"],
    "fp.rem": ["Z3Prover/z3#10609"],
    "fp.fma": ["Z3Prover/z3#10628"],
    "seq.*": ["Z3Prover/z3#10621"],
  }).map(([operator, numbers]) => [
    operator,
    historicReports.filter(({ reports }) => numbers.includes(reports[0] ?? "")),
  ]),
);
