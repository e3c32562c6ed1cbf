import type { HistoricReport } from "./report.ts";

/** Bit vectors, and arrays over them. */
export const bitVectorReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#6894"],
    state: "closed",
    truth: "sat",
    because: "flag is false and z is 0: the shift gives 1, and so does the extension",
    script: `(declare-const flag Bool)(declare-const z (_ BitVec 1))
      (define-fun s () (_ BitVec 1) (ite flag #b0 (bvshl #b1 z)))
      (assert (= #b1 ((_ extract 0 0)
        (ite (bvsle (ite (and (= z #b1) (= s #b1)) #b1 #b0) #b1) #b01 ((_ zero_extend 1) s)))))`,
    witness: "(assert (not flag))(assert (= z #b0))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#2173"],
    state: "closed",
    truth: "sat",
    because: "100 srem 7 is 2, and 9 - (-5) = 14 is above 10 for x = -5",
    script: `(declare-const x (_ BitVec 8))
      (assert (not (bvsge #x0a (bvsub #x09 (bvsrem x #x07)))))`,
    witness: "(assert (= x #xfb))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#3994"],
    state: "closed",
    truth: "unsat",
    because: "the quotient is 0, and 0 divided by 0 is all ones, which is above 0",
    script: `(declare-const n (_ BitVec 5))
      (define-fun q () (_ BitVec 9) (bvudiv ((_ zero_extend 4) n) (_ bv77 9)))
      (assert (bvule (bvudiv q q) q))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#6620"],
    state: "closed",
    truth: "unsat",
    because: "both sides are 0 for every x, 0 itself included",
    script: `(declare-const x (_ BitVec 12))(assert (distinct (bvurem x x) (bvlshr x x)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4795"],
    state: "closed",
    truth: "unsat",
    because: "b divided by 1 is b: each place is stored what it holds",
    script: `(declare-const m (Array (_ BitVec 6) (_ BitVec 8)))(declare-const b (_ BitVec 6))
      (assert (distinct m (store (store m b (select m (bvsdiv b (_ bv1 6)))) b (select m b))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#6595"],
    state: "closed",
    truth: "sat",
    because: "2 is above 1 and not 1",
    script: `(declare-const n (_ BitVec 12))
      (assert (bvsgt ((_ zero_extend 8) n) (_ bv1 20)))
      (assert (distinct (_ bv1 20) ((_ zero_extend 8) n)))`,
    witness: "(assert (= n #x002))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#6426"],
    state: "closed",
    truth: "unsat",
    because: "with one choice for both, the sides are the same",
    script: `(declare-const a (_ BitVec 9))(declare-const fixed (_ BitVec 9))
      (assert (forall ((any (_ BitVec 9)))
        (distinct (bvadd (bvneg (bvand a any)) a) (bvand a (bvnot fixed)))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4909"],
    state: "closed",
    truth: "sat",
    because: "an odd number of truths is true",
    script: "(assert (xor true true true true true))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#10480"],
    state: "closed",
    truth: "unsat",
    because: "what is stored is 0 here, and 1 or 2 there",
    script: `(declare-const bit (_ BitVec 1))
      (assert (exists ((m (Array (_ BitVec 4) (_ BitVec 4))))
        (= (store m #x3 #x0) (store m #x3 (bvadd #x1 ((_ zero_extend 3) bit))))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#3716"],
    state: "open",
    truth: "unsat",
    because: "no bit differs from both of its values",
    script: `(declare-const b (_ BitVec 1))
      (assert (exists ((c (_ BitVec 1))) (and (distinct b c) (distinct c (bvnot b)))))`,
    judge: "valid",
  },
  {
    reports: ["SRI-CSL/yices2#146"],
    state: "closed",
    truth: "unsat",
    because: "k = i + j = 1 + j, so i = 1, and r = k - j = i",
    script: `(declare-const i (_ BitVec 16))(declare-const j (_ BitVec 16))
      (declare-const k (_ BitVec 16))(declare-const r (_ BitVec 16))
      (assert (and (= k (bvadd i j)) (= k (bvadd j #x0001)) (= r (bvsub k j))))
      (assert (distinct (bvmul #x0004 i) (bvmul #x0004 r)))`,
    judge: "valid",
  },
  {
    reports: ["SRI-CSL/yices2#32"],
    state: "closed",
    truth: "unsat",
    because: "rotating left and right by as much is the same number again",
    script: `(declare-const x (_ BitVec 11))
      (assert (distinct x ((_ rotate_left 4) ((_ rotate_right 15) x))))`,
    judge: "valid",
  },
  {
    reports: ["bitwuzla/bitwuzla#131"],
    state: "closed",
    truth: "sat",
    because: "the upper bit is set, so that the number is negative",
    script: `(declare-const z (_ BitVec 1))
      (assert (bvslt (bvor (concat #b1 (bvshl #b1 z)) (bvmul #b10 ((_ zero_extend 1) z))) #b00))`,
    witness: "(assert (= z #b0))",
    judge: "refuted",
  },
  {
    reports: ["bitwuzla/bitwuzla#110"],
    state: "closed",
    truth: "sat",
    because: "0 times anything is 0",
    script: "(assert (= (bvmul #b0 #b0) (bvmul #b0 #b1)))",
    judge: "refuted",
  },
  {
    reports: ["bitwuzla/bitwuzla#134", "bitwuzla/bitwuzla#168"],
    state: "closed",
    truth: "sat",
    because: "a memory of zeros, and a flag that is the comparison's",
    script: `(declare-const m (Array (_ BitVec 8) (_ BitVec 4)))(declare-const n (Array (_ BitVec 8) (_ BitVec 4)))
      (declare-const sp (_ BitVec 8))(declare-const zf (_ BitVec 1))
      (assert (= n (store m (bvsub sp #x04) (select m sp))))
      (assert (= zf (ite (= (select n (bvsub sp #x04)) #x0) #b1 #b0)))
      (assert (= #b1 (bvand zf (bvcomp (select m sp) (select n sp)))))`,
    witness: "(assert (= m ((as const (Array (_ BitVec 8) (_ BitVec 4))) #x0)))",
    judge: "refuted",
  },
];
