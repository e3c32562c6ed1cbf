import type { HistoricReport } from "./report.ts";

/** Sequences of Z3, which no standard has, and other extensions. */
export const sequenceReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#10621"],
    state: "closed",
    truth: "sat",
    because: "the last two of four are 1 and 0, whatever the first two are",
    script: `(declare-const flag Bool)(declare-const s (Seq Int))
      (assert (= s (seq.extract (seq.++ (seq.++ (seq.unit (seq.len s)) (seq.unit (ite flag 0 5)))
        (seq.++ (seq.unit 1) (seq.unit 0))) 2 2)))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#2035", "Z3Prover/z3#2819"],
    state: "closed",
    truth: "sat",
    because: "a sequence of one",
    script: `(declare-const s (Seq Int))(assert (= 1 (seq.len s)))(assert (= 4 (seq.nth s 0)))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#2956"],
    state: "closed",
    truth: "unsat",
    because: "what is cut from the empty sequence is empty",
    script: `(declare-const s (Seq Bool))(assert (= 0 (seq.len s)))
      (assert (distinct 0 (seq.len (seq.extract s 1 1))))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#2221"],
    state: "closed",
    truth: "unsat",
    because: "the arrays differ at 0",
    script: `(declare-const a (Array Int Int))(declare-const b (Array Int Int))
      (assert (= a (lambda ((i Int)) (ite (= i 0) 5 64))))
      (assert (= b (lambda ((i Int)) (ite (= i 0) 6 64))))(assert (= a b))`,
    judge: "rejected",
  },
];
