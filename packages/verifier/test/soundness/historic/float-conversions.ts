import type { HistoricReport } from "./report.ts";

const f16 = "(_ FloatingPoint 5 11)";
const f32 = "(_ FloatingPoint 8 24)";

/** Conversions of floats, and floats within other theories. */
export const floatConversionReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#2136"],
    state: "closed",
    truth: "unsat",
    because: "every signed byte is a float, so that there and back is the same",
    script: `(declare-const b (_ BitVec 8))
      (define-fun there () ${f16} ((_ to_fp 5 11) RNE b))
      (assert (not (= b ((_ fp.to_sbv 8) RNE there))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#6974"],
    state: "closed",
    truth: "unsat",
    because: "the same in any mode, since nothing is rounded",
    script: `(declare-const way RoundingMode)(declare-const b (_ BitVec 6))
      (assert (distinct b ((_ fp.to_sbv 6) way ((_ to_fp 4 8) way b))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#1191"],
    state: "closed",
    truth: "sat",
    because: "the theory leaves open what negative floats are as unsigned numbers, one by one",
    script: `(declare-const a ${f16})(declare-const b ${f16})
      (assert (fp.leq a ((_ to_fp 5 11) RNE (- 2.0))))
      (assert (fp.leq b ((_ to_fp 5 11) RNE (- 2.0))))
      (assert (distinct ((_ fp.to_ubv 5) RTZ a) ((_ fp.to_ubv 5) RTZ b)))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#162"],
    state: "closed",
    truth: "unsat",
    because: "0.058 is nearer to 0 than to 1",
    script: `(declare-const v ${f32})(assert (= v ((_ to_fp 8 24) RNE 0.058)))
      (assert (not (= ((_ fp.to_sbv 8) RNE v) #x00)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#10"],
    state: "closed",
    truth: "unsat",
    because: "a zero is not subnormal",
    script: `(declare-const v ${f16})(assert (fp.isZero v))(assert (fp.isSubnormal v))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#7135"],
    state: "open",
    truth: "sat",
    because: "63 is beyond the largest float of the format, 15.5, and rounds to infinity",
    script: `(declare-const b (_ BitVec 6))
      (assert (= (_ +oo 3 5) ((_ to_fp_unsigned 3 5) RNE b)))`,
    witness: "(assert (= b #b111111))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10216"],
    state: "closed",
    truth: "sat",
    because: "the quotient of two subnormals, 1/3, rounded once",
    script: `(declare-const a ${f16})(declare-const b ${f16})
      (assert (= a (fp #b0 #b00000 #b0000000001)))(assert (= b (fp #b0 #b00000 #b0000000011)))
      (assert (= (fp.div RNE a b) (fp #b0 #b01101 #b0101010101)))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#102"],
    state: "closed",
    truth: "sat",
    because: "-0 is equal to +0",
    script: `(declare-const v (_ FloatingPoint 11 53))
      (assert (fp.eq v ((_ to_fp 11 53) RNE 0.0)))(assert (fp.isNegative v))`,
    witness: "(assert (= v (_ -zero 11 53)))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#5791"],
    state: "closed",
    truth: "sat",
    because: "the pair is a value of the sort, and its text has one character",
    script: `(declare-datatypes ((Duo 2)) ((par (A B) ((duo (left A) (right B))))))
      (declare-const d (Duo String ${f32}))
      (assert (= 1 (str.len (left d))))
      (assert (= d (duo "q" ((_ to_fp 8 24) RNE 8.25))))`,
    judge: "refuted",
  },
  {
    reports: ["bitwuzla/bitwuzla#72"],
    state: "closed",
    truth: "unsat",
    because: "the root of zero is zero in any mode, so that both read one place",
    script: `(declare-sort Item 0)(declare-const way RoundingMode)
      (declare-const shelf (Array ${f16} Item))
      (assert (distinct (select shelf (fp.sqrt way (_ +zero 5 11))) (select shelf (_ +zero 5 11))))`,
    judge: "valid",
  },
  {
    reports: ["bitwuzla/bitwuzla#164", "bitwuzla/bitwuzla#130"],
    state: "open",
    truth: "sat",
    because: "a quotient that is too large is rounded down to the largest float",
    script: `(assert (fp.lt (_ +zero 5 11)
      (fp.div RTN ((_ to_fp 5 11) RNA #x0143) (fp #b0 #b00000 #b0000000001))))`,
    judge: "refuted",
  },
  {
    reports: ["cvc5/cvc5#12354"],
    state: "closed",
    truth: "sat",
    because: "the theory leaves open what NaN is as a number, 0 among the choices",
    script: `(define-fun open () (_ BitVec 8) ((_ fp.to_ubv 8) RNE (_ NaN 5 11)))
      (assert (= (_ +zero 5 11) ((_ to_fp 5 11) RNE (bvand open #x01))))`,
    judge: "refuted",
  },
  {
    reports: ["cvc5/cvc5#12780"],
    state: "closed",
    truth: "sat",
    because: "the first alternative holds of all that is between the bounds",
    script: `(declare-const t Real)(assert (and (< 2.5 t) (< t 2.6)))
      (assert (or (< 0.0 t) (= 0.0 (fp.to_real ((_ to_fp 5 11) RNE t)))))`,
    witness: "(assert (= t 2.55))",
    judge: "rejected",
  },
];
