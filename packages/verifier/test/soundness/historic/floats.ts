import type { HistoricReport } from "./report.ts";

const f16 = "(_ FloatingPoint 5 11)";
const f32 = "(_ FloatingPoint 8 24)";

/** Floating-point arithmetic. */
export const floatReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#10881"],
    state: "open",
    truth: "sat",
    because: "1 + 2^-12 is rounded to 1, and differs from it",
    script: `(declare-const exact Real)
      (assert (= ((_ to_fp 5 11) RNE exact) ((_ to_fp 5 11) RNE 1.0)))(assert (< 1.0 exact))`,
    witness: "(assert (= exact (+ 1.0 (/ 1.0 4096.0))))",
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#9953"],
    state: "open",
    truth: "sat",
    because: "both sides round the same exact sum once",
    script: `(declare-const one ${f32})(declare-const tenths ${f32})
      (assert (fp.eq one ((_ to_fp 8 24) RNE 1.0)))
      (assert (fp.eq tenths ((_ to_fp 8 24) RNE 0.7)))
      (assert (fp.eq (fp.add RNE tenths one)
        ((_ to_fp 8 24) RNE (+ (fp.to_real tenths) 1.0))))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#9472"],
    state: "closed",
    truth: "sat",
    because: "the interval holds 3/4, which is a float",
    script: `(declare-const inside Real)(declare-const result ${f16})
      (assert (and (< (/ 5.0 8.0) inside) (<= inside (/ 3.0 4.0))))
      (assert (= result ((_ to_fp 5 11) RTN inside)))
      (assert (= result (fp #b0 #b01110 #b1000000000)))`,
    witness: "(assert (= inside (/ 3.0 4.0)))",
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#9471"],
    state: "closed",
    truth: "sat",
    because: "the fraction is the value of a subnormal float",
    script: `(declare-const tiny (_ FloatingPoint 3 5))(declare-const value Real)
      (assert (not (fp.isNaN tiny)))(assert (not (fp.isInfinite tiny)))
      (assert (= value (fp.to_real tiny)))(assert (= value (/ 5.0 64.0)))`,
    witness: "(assert (= tiny (fp #b0 #b000 #b0101)))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10176"],
    state: "open",
    truth: "unsat",
    because: "a number below 1 that is whole is at most 0, and rounds to at most 0",
    script: `(declare-const whole Int)
      (define-fun float () ${f16} ((_ to_fp 5 11) RTN (to_real whole)))
      (assert (<= whole 0))
      (assert (< 0 (ite (fp.isInfinite float) 0 (to_int (fp.to_real float)))))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#6593", "Z3Prover/z3#6553"],
    state: "closed",
    truth: "sat",
    because: "1 / oo is 0, and 1 / 0.5 is not",
    script: `(declare-const way RoundingMode)(declare-const top ${f32})
      (assert (fp.isZero (fp.div way top (_ +oo 8 24))))
      (assert (not (fp.isZero (fp.div way top
        ((_ to_fp 8 24) way (/ (ite (fp.lt top (_ +oo 8 24)) 1.0 0.0) 2.0))))))`,
    witness: "(assert (= top ((_ to_fp 8 24) RNE 1.0)))",
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#2191"],
    state: "closed",
    truth: "unsat",
    because: "what is rounded to an integral value is integral",
    script: `(declare-const before (_ FloatingPoint 3 5))(declare-const after (_ FloatingPoint 3 5))
      (assert (= after (fp.roundToIntegral RNE before)))
      (assert (distinct after (fp.roundToIntegral RNE after)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#2894"],
    state: "closed",
    truth: "unsat",
    because: "the same in any mode",
    script: `(declare-const v (_ FloatingPoint 3 9))(declare-const way RoundingMode)
      (define-fun whole () (_ FloatingPoint 3 9) (fp.roundToIntegral way v))
      (assert (not (= whole (fp.roundToIntegral way whole))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#69"],
    state: "closed",
    truth: "unsat",
    because: "0.9 is nearer to 1 than to 0",
    script: `(declare-const v ${f32})(assert (= v ((_ to_fp 8 24) RNE 0.9)))
      (assert (not (= (fp.roundToIntegral RNE v) ((_ to_fp 8 24) RNE 1.0))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#6117", "Z3Prover/z3#10608"],
    state: "closed",
    truth: "sat",
    because: "2^-14 + the largest float is rounded towards zero to the largest",
    script: `(declare-const small ${f16})(declare-const large ${f16})
      (assert (= small (fp #b0 #b00001 #b0000000000)))
      (assert (= large (fp #b0 #b11110 #b1111111111)))
      (assert (= large (fp.fma RTZ small ((_ to_fp 5 11) RNE 1.0) large)))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#10628", "Z3Prover/z3#9319"],
    state: "closed",
    truth: "sat",
    because: "1 x 1 + 0 is 1 in every format",
    script: `(define-fun one () (_ FloatingPoint 3 3) ((_ to_fp 3 3) RNE 1.0))
      (assert (= one (fp.fma RNE one one (_ +zero 3 3))))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#872"],
    state: "closed",
    truth: "unsat",
    because: "3 x 5 + 7 is 22, which is a float",
    script: `(declare-const r ${f16})
      (assert (= r (fp.fma RNA ((_ to_fp 5 11) RNE 3.0) ((_ to_fp 5 11) RNE 5.0)
        ((_ to_fp 5 11) RNE 7.0))))
      (assert (not (= r ((_ to_fp 5 11) RNE 22.0))))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#10609"],
    state: "closed",
    truth: "sat",
    because: "the remainder of the largest values by 275 x 2^-24 is 85 x 2^-24, by exact division",
    script: `(declare-const dividend ${f16})(declare-const divisor ${f16})
      (assert (or (= dividend (fp #b0 #b11110 #b1001110111)) (fp.isNaN dividend)))
      (assert (or (= divisor (fp #b0 #b00000 #b0100010011)) (fp.isNaN divisor)))
      (assert (= (fp.rem dividend divisor) (fp #b0 #b00000 #b0001010101)))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#2381"],
    state: "open",
    truth: "unsat",
    because: "3 / 4 is nearer to 1 than to 0: the remainder is -1",
    script: `(declare-const r ${f16})
      (assert (= r (fp.rem ((_ to_fp 5 11) RNE 3.0) ((_ to_fp 5 11) RNE 4.0))))
      (assert (not (= r ((_ to_fp 5 11) RNE (- 1.0)))))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#561"],
    state: "closed",
    truth: "sat",
    because: "7 - 2 x 4 = -1",
    script: `(declare-const r ${f16})
      (assert (= r (fp.rem ((_ to_fp 5 11) RNE 7.0) ((_ to_fp 5 11) RNE 4.0))))
      (assert (= r ((_ to_fp 5 11) RNE (- 1.0))))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#4564"],
    state: "closed",
    truth: "unsat",
    because: "a remainder is at most half of the divisor, or the dividend, which is finite",
    script: `(declare-const a (_ FloatingPoint 3 5))(declare-const b (_ FloatingPoint 3 5))
      (assert (fp.isInfinite (fp.rem a b)))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#508"],
    state: "closed",
    truth: "unsat",
    because: "the remainder's magnitude is at most the divisor's",
    script: `(declare-const a (_ FloatingPoint 3 4))(declare-const b (_ FloatingPoint 3 4))
      (assert (and (fp.isPositive a) (fp.isNormal a) (fp.isPositive b) (fp.isNormal b)))
      (assert (fp.gt (fp.abs (fp.rem a b)) b))`,
    judge: "rejected",
  },
  {
    reports: ["Z3Prover/z3#1190"],
    state: "closed",
    truth: "unsat",
    because:
      "the sum lies exactly between two floats: away from zero is the one of larger magnitude",
    script: `(declare-const a ${f16})(declare-const b ${f16})
      (assert (= a (fp #b1 #b00010 #b0000000001)))(assert (= b (fp #b1 #b00000 #b0000000001)))
      (assert (distinct (fp.add RNA a b) (fp #b1 #b00010 #b0000000010)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#17"],
    state: "closed",
    truth: "unsat",
    because: "the sum of two positive floats is not below the larger",
    script: `(declare-const a ${f16})(declare-const b ${f16})
      (assert (fp.isPositive a))(assert (fp.isPositive b))
      (assert (fp.lt (fp.add RNE a b) (fp.max a b)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#6983"],
    state: "closed",
    truth: "sat",
    because: "a word that is negative, and whose complement is not positive enough",
    script: `(declare-const bytes (Array (_ BitVec 8) (_ BitVec 8)))
      (define-fun word () (_ BitVec 16) (concat (select bytes #x00) (select bytes #x01)))
      (assert (fp.leq ((_ to_fp 5 11) word) (_ +zero 5 11)))
      (assert (not (fp.geq ((_ to_fp 5 11) (bvxnor #x0000 word)) (_ +zero 5 11))))`,
    witness: `(assert (= (select bytes #x00) #x80))(assert (= (select bytes #x01) #x7f))
      (assert (fp.isNaN ((_ to_fp 5 11) (bvxnor #x0000 word))))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#6970"],
    state: "closed",
    truth: "sat",
    because: "a complement that is not zero leaves the second branch, 1, which is not negative",
    script: `(declare-const bytes (Array (_ BitVec 4) (_ BitVec 8)))
      (define-fun word () (_ BitVec 16) (concat (select bytes #x0) (select bytes #x1)))
      (define-fun flag () (_ BitVec 8)
        (ite (fp.eq (_ +zero 5 11) ((_ to_fp 5 11) (bvnand #x0001 word))) #x00 #x01))
      (assert (not (bvslt ((_ sign_extend 8) flag) #x0000)))`,
    judge: "refuted",
  },
];
