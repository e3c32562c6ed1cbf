import type { HistoricReport } from "./report.ts";

/** Regular expressions. */
export const patternReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#5603"],
    state: "open",
    truth: "sat",
    because: "the range is empty, so that s is empty, and u is not in the repetition of v",
    script: `(declare-const s String)(assert (str.in_re s (re.* (re.range "h" "g"))))
      (assert (not (str.in_re (str.++ s "u") (re.* (str.to_re (ite (= s "") "v" "w"))))))`,
    witness: '(assert (= s ""))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#5562"],
    state: "open",
    truth: "sat",
    because: "rain or fog",
    script: `(declare-const s String)(assert (<= (str.len s) 60))
      (define-fun word () RegLan (re.union (str.to_re "rain") (str.to_re "fog")))
      (assert (str.in_re s (re.++ word (re.opt (re.++ (str.to_re " or ") word)))))`,
    witness: '(assert (= s "rain or fog"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#6144", "Z3Prover/z3#10016"],
    state: "closed",
    truth: "sat",
    because: "the range from + to + has +",
    script: `(declare-const s String)(declare-const t String)(assert (= 1 (str.len t)))
      (assert (str.in_re s (re.range "+" t)))`,
    witness: '(assert (= s t "+"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4794"],
    state: "closed",
    truth: "sat",
    because: "the empty text is its own, and in the repetition of nothing",
    script: `(declare-const s String)(declare-const t String)
      (assert (str.in_re s (re.inter (re.* (str.to_re ""))
        (re.union (str.to_re t) (str.to_re s) (str.to_re "qr")))))`,
    witness: '(assert (= s ""))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4940"],
    state: "closed",
    truth: "sat",
    because: "two characters are neither of two",
    script: `(assert (not (str.in_re (str.++ "k" "j") (re.union (str.to_re "k") (str.to_re "z")))))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#6855"],
    state: "closed",
    truth: "unsat",
    because: "nothing is outside of all texts",
    script: `(declare-const s String)(assert (str.in_re s (re.comp re.all)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4339"],
    state: "closed",
    truth: "sat",
    because: "the third letter is one character, and neither of the two",
    script: `(declare-const s String)
      (assert (= (str.in_re s (str.to_re "NN")) (str.in_re s (re.++ (str.to_re "N") (re.+ (str.to_re "N"))))))
      (assert (distinct (str.in_re s re.allchar)
        (str.in_re s (re.union (str.to_re "M") (str.to_re "N")))))`,
    witness: '(assert (= s "O"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4049"],
    state: "closed",
    truth: "sat",
    because: "t empty, and s any text",
    script: `(declare-const s String)(declare-const t String)
      (assert (str.in_re (str.++ "y" t) (re.++ (re.* (re.union (str.to_re "y") (str.to_re "x")))
        (re.union (str.to_re "") (str.to_re "k")))))
      (assert (not (str.in_re (str.++ s "k") (re.inter (re.* (str.to_re "")) (str.to_re "")))))`,
    witness: '(assert (= t ""))(assert (= s ""))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4421"],
    state: "closed",
    truth: "unsat",
    because: "no text is two different texts",
    script: `(declare-const s String)(declare-const t String)
      (assert (str.in_re (str.++ s "y" t) (re.inter (str.to_re "y") (str.to_re "x"))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#912"],
    state: "closed",
    truth: "unsat",
    because:
      "the first B of s is made small, so t has no B unless s has two, and then a small b too",
    script: `(declare-const s String)(declare-const t String)(assert (<= (str.len s) 2))
      (assert (= t (str.replace s "B" "b")))
      (assert (str.in_re t (re.++ (re.* (re.range "C" "Z")) (str.to_re "B"))))`,
    judge: "valid",
  },
  {
    reports: ["cvc5/cvc5#5510"],
    state: "closed",
    truth: "sat",
    because: "A, B, A is A B and A",
    script: `(declare-const s String)(declare-const t String)(assert (str.in_re t (str.to_re "K")))
      (assert (str.in_re (str.++ s "L" t)
        (re.* (re.++ (str.to_re "K") (re.union (re.* (str.to_re "K")) (str.to_re "L"))))))`,
    witness: '(assert (= s "K"))(assert (= t "K"))',
    judge: "refuted",
  },
  {
    reports: ["cvc5/cvc5#6608"],
    state: "closed",
    truth: "sat",
    because: "an empty match is not replaced: the pattern has zz, but not za",
    script: `(assert (not (str.in_re "za" (re.++ (str.to_re "z")
      (str.to_re (str.replace_re_all "z" (str.to_re "") ""))))))`,
    judge: "unknown",
  },
  {
    reports: ["Z3Prover/z3#5306"],
    state: "closed",
    truth: "unsat",
    because: "the order is reflexive",
    script: `(declare-const s String)
      (assert (not (str.<= (str.replace_re s (str.to_re "q") "") (str.replace_re s (str.to_re "q") ""))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#10137"],
    state: "closed",
    truth: "sat",
    because: "all that ends in @k is in the pattern for that, and something is",
    script: `(declare-const s String)
      (assert (str.in_re s (re.++ (re.++ (re.* re.allchar) (str.to_re "@")) (str.to_re "k"))))`,
    witness: '(assert (= s "x@k"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10017"],
    state: "closed",
    truth: "sat",
    because: "a single character is in the range from itself to itself",
    script: `(declare-const s String)
      (assert (= (str.contains s s) (str.in_re (str.replace s s s) (re.range s s))))`,
    witness: '(assert (= s "m"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10014"],
    state: "closed",
    truth: "sat",
    because: "s empty makes the range one from c to z, which has d",
    script: `(declare-const s String)(assert (str.in_re s (re.* (re.range "c" "u"))))
      (assert (str.in_re "d" (re.* (re.range "c" (ite (= s "") "z" "")))))`,
    witness: '(assert (= s ""))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10015"],
    state: "closed",
    truth: "sat",
    because: "h is between g and w",
    script: `(declare-const s String)(assert (str.in_re "h" (re.range s "w")))`,
    witness: '(assert (= s "g"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10370"],
    state: "closed",
    truth: "unsat",
    because: "two times and more of two characters is not one character",
    script: `(declare-const s String)
      (assert (str.in_re s ((_ re.loop 2 4) (str.to_re "xy"))))(assert (<= (str.len s) 3))`,
    judge: "valid",
  },
];
