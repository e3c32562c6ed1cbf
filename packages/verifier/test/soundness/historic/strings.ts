import type { HistoricReport } from "./report.ts";

/** Strings without regular expressions. */
export const stringReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#4019"],
    state: "closed",
    truth: "sat",
    because: "what is not there is not replaced",
    script: `(declare-const s String)(assert (= "" (str.replace "" s "new")))`,
    witness: '(assert (= s "x"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4065"],
    state: "closed",
    truth: "unsat",
    because: "s = K leaves nothing, the empty s is put before K, and any other leaves K",
    script: `(declare-const s String)(assert (= s (str.replace "K" s "")))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4018"],
    state: "closed",
    truth: "unsat",
    because: "nothing is left of the empty text, and replacing it puts s before s",
    script: `(declare-const s String)(declare-const t String)
      (assert (distinct (str.++ s s) (str.replace s (str.replace "" t "") s)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4875"],
    state: "closed",
    truth: "sat",
    because: "s = D: D gives D and then CD, but CD and then CCD",
    script: `(declare-const s String)
      (assert (distinct (str.replace (str.replace s "D" "CD") s "CD")
        (str.replace (str.replace s "D" s) s "CD")))`,
    witness: '(assert (= s "D"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#5071"],
    state: "closed",
    truth: "sat",
    because: "each of two words is doubled",
    script: `(assert (= "xy1xy1xy1xy1" (str.replace_all "xy1xy1" "xy1" "xy1xy1")))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10410"],
    state: "closed",
    truth: "sat",
    because: "t empty and s = 5: the first part is empty, the second 5",
    script: `(declare-const s String)(declare-const t String)(declare-const n Int)
      (assert (= "5" (str.++ (str.substr t (str.indexof "bb" "5" n) 2) (str.replace "" t s))))`,
    witness: '(assert (= t ""))(assert (= s "5"))(assert (= n 0))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#6144"],
    state: "closed",
    truth: "sat",
    because: "from a negative place nothing is cut out; the empty text is replaced by itself",
    script: `(declare-const s String)(declare-const n Int)(assert (< n (- 2)))
      (assert (not (str.prefixof (str.replace s (str.substr s n 1) "") "")))`,
    witness: '(assert (= s "k"))(assert (= n (- 3)))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#2736"],
    state: "closed",
    truth: "unsat",
    because: "no number is written with two zeros",
    script: `(declare-const n Int)(assert (<= n 3))(assert (= "00" (str.from_int n)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#2699"],
    state: "closed",
    truth: "sat",
    because: "the empty text is found at the end of a text of one character",
    script: `(declare-const s String)(declare-const t String)
      (assert (str.contains s t))(assert (= (str.len s) (str.indexof s t 1)))`,
    witness: '(assert (= s "a"))(assert (= t ""))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4314"],
    state: "closed",
    truth: "sat",
    because: "every number of a text is above -2, so the text must be 03",
    script: `(declare-const s String)(assert (xor (> (str.to_int s) (- 2)) (distinct s "03")))`,
    witness: '(assert (= s "03"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#7306"],
    state: "closed",
    truth: "unsat",
    because: "no text is before its own beginning",
    script: `(declare-const s String)(declare-const t String)(assert (str.< (str.++ s t) s))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#7754"],
    state: "closed",
    truth: "unsat",
    because: "the order is total",
    script: `(declare-const s String)(declare-const t String)
      (assert (not (or (= s t) (str.< t s) (str.< s t))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#703"],
    state: "closed",
    truth: "sat",
    because: "the empty text is found in the empty text",
    script: `(declare-const s String)(declare-const t String)
      (assert (distinct "" (str.replace "" s t)))`,
    witness: '(assert (= s ""))(assert (= t "x"))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#957"],
    state: "closed",
    truth: "unsat",
    because: "no number is written with a letter",
    script: `(declare-const n Int)(assert (= "1b" (str.from_int n)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#1513"],
    state: "closed",
    truth: "unsat",
    because: "what is written and read again is the same number",
    script: `(declare-datatypes ((Maybe 0)) (((none) (some (it Int)))))(declare-const n Int)
      (assert (< 0 n))
      (define-fun again () Int (str.to_int (ite (<= 0 n) (str.from_int n) " ")))
      (assert (distinct (some n) (ite (<= 0 again) (some again) none)))`,
    judge: "valid",
  },
  {
    reports: ["VeriFIT/z3-noodler#412"],
    state: "closed",
    truth: "unsat",
    because: "y is abe or less, where s of two letters is not found unless it is cut",
    script: `(declare-const x String)(declare-const y String)(declare-const s String)
      (assert (= x (str.++ "ab" s)))(assert (= y (str.substr x 0 (+ 1 (str.indexof x s 0)))))
      (assert (= "abcd" (str.replace y s "cd")))
      (assert (str.in_re s (re.++ (re.range "f" "h") (re.range "f" "h"))))`,
    judge: "valid",
  },
  {
    reports: ["cvc5/cvc5#6834"],
    state: "closed",
    truth: "sat",
    because: "nothing is cut out for n = 0",
    script: `(declare-const n Int)
      (assert (= "z" (str.++ (str.substr "y" 0 n) "z" (str.substr "y" 0 n))))`,
    witness: "(assert (= n 0))",
    judge: "refuted",
  },
  {
    reports: ["cvc5/cvc5#6913"],
    state: "closed",
    truth: "unsat",
    because: "the right side's second character is a code that is the length of s, and no s fits",
    script: `(declare-const s String)
      (assert (= (str.++ s "0" (str.at (str.substr (str.++ s s s) 0 3) (str.len s)) "A")
        (str.++ "0" (str.from_code (str.len s)) (str.replace "AA" (str.++ s "AA") s))))`,
    judge: "valid",
  },
  {
    reports: ["cvc5/cvc5#8918"],
    state: "closed",
    truth: "unsat",
    because: "a 0 before a number, or before nothing, is a number",
    script: `(declare-const s String)
      (assert (< (str.to_int (str.++ "0" (str.from_int (str.to_int (str.at s 1))))) 0))`,
    judge: "valid",
  },
];
