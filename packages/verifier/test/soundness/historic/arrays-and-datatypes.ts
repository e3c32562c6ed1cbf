import type { HistoricReport } from "./report.ts";

/** Arrays, algebraic datatypes, uninterpreted sorts and functions. */
export const structureReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#1847"],
    state: "closed",
    truth: "unsat",
    because: "one store makes the arrays equal only if there is one index, but there are two items",
    script: `(declare-sort Item 0)(declare-const at Item)(declare-const a Item)(declare-const b Item)
      (assert (distinct a b))
      (assert (= ((as const (Array Item Item)) b) (store ((as const (Array Item Item)) a) at b)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#2549"],
    state: "closed",
    truth: "unsat",
    because: "the arrays differ at every index but one",
    script: `(declare-const low (Array Int Int))(declare-const high (Array Int Int))
      (assert (= low ((as const (Array Int Int)) 4)))(assert (= high ((as const (Array Int Int)) 5)))
      (assert (= (store high 9 0) (store low 9 0)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#5593"],
    state: "closed",
    truth: "unsat",
    because: "of four places the arrays differ at two",
    script: `(define-fun xs () (Array (_ BitVec 2) String) ((as const (Array (_ BitVec 2) String)) "x"))
      (define-fun ys () (Array (_ BitVec 2) String) ((as const (Array (_ BitVec 2) String)) "y"))
      (assert (= (store xs #b10 "y") (store ys #b01 "x")))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#9550", "Z3Prover/z3#9705"],
    state: "closed",
    truth: "unsat",
    because: "three stores reach three places, and there are four",
    script: `(declare-const x Int)(declare-const y Int)(declare-const e Int)
      (declare-const i (_ BitVec 2))(declare-const j (_ BitVec 2))(declare-const k (_ BitVec 2))
      (define-fun xs () (Array (_ BitVec 2) Int) ((as const (Array (_ BitVec 2) Int)) x))
      (define-fun ys () (Array (_ BitVec 2) Int) ((as const (Array (_ BitVec 2) Int)) y))
      (assert (distinct x y))
      (assert (= (store (store xs i e) j y) (store ys k x)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#5365"],
    state: "closed",
    truth: "unsat",
    because: "both places of the array hold 3",
    script: `(declare-const a (Array Bool Int))(assert (= 3 (select a true)))
      (assert (distinct ((as const (Array Bool Int)) 3) (store a false 3)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4102"],
    state: "closed",
    truth: "unsat",
    because: "what holds of all arrays holds of this one",
    script: `(declare-fun tidy ((Array Int (Array Int Bool))) Bool)
      (declare-const table (Array Int (Array Int Bool)))
      (assert (forall ((any (Array Int (Array Int Bool)))) (tidy any)))(assert (not (tidy table)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#354"],
    state: "closed",
    truth: "unsat",
    because: "a conditional of arrays is read as a conditional of what is read",
    script: `(declare-const c Bool)(declare-const a (Array Int Int))(declare-const b (Array Int Int))
      (assert (distinct (select (ite c a b) 1) (ite c (select a 1) (select b 1))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#1897"],
    state: "closed",
    truth: "sat",
    because:
      "joining is a free function: it may give back its second argument though x is not empty",
    script: `(declare-sort Elem 0)
      (declare-datatypes ((Chain 0)) (((end) (link (value Elem) (rest Chain)))))
      (declare-fun join (Chain Chain) Chain)
      (declare-const x Chain)(declare-const y Chain)
      (assert (distinct (= y (join x y)) (= x end)))
      (assert (= (join x y) (ite (= x end) y (link (value x) (join (rest x) y)))))
      (assert (= (join (rest x) y)
        (ite (= (rest x) end) y (link (value (rest x)) (join (rest (rest x)) y)))))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#3971"],
    state: "closed",
    truth: "unsat",
    because: "all chains of the family are equal to the rest of one of them, which is shorter",
    script: `(declare-datatypes ((Chain 0)) (((link (rest Chain)) (end))))
      (declare-sort Key 0)(declare-fun at (Key) Chain)(declare-const k Key)
      (assert (forall ((i Key)) (=> ((_ is link) (at i)) (forall ((j Key)) (= (at j) (rest (at i)))))))
      (assert ((_ is link) (at k)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#3970"],
    state: "closed",
    truth: "unsat",
    because: "a chain is never its own rest",
    script: `(declare-datatypes ((Chain 0)) (((link (rest Chain)) (end))))
      (declare-const c Chain)(declare-const d Chain)
      (assert ((_ is link) c))(assert (= d (rest c)))(assert (= c d))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#183"],
    state: "closed",
    truth: "sat",
    because: "a record with one field that may be any number, read by a free function",
    script: `(declare-datatypes ((Row 0)) (((row (flag Bool) (size Int)))))
      (declare-sort Body 0)(declare-fun open (Body) Row)(declare-fun sizeOf (Body) Int)
      (declare-const b Body)
      (assert (= (sizeOf b) (size (open b))))(assert (distinct 0 (sizeOf b)))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#1005"],
    state: "closed",
    truth: "unsat",
    because: "p - 3 = q, so that both calls have the same arguments and one value, above p and not",
    script: `(declare-const p Int)(declare-const q Int)(declare-const r Real)
      (declare-fun ih (Real Int) Int)
      (assert (= r (to_real (- p 3))))(assert (= r (to_real q)))
      (assert (not (or (< p (ih (to_real (- p 3)) (+ q 3))) (<= (ih r p) p))))`,
    judge: "valid",
  },
  {
    reports: ["SRI-CSL/yices2#337"],
    state: "closed",
    truth: "sat",
    because: "there are more than three arrays of truth values",
    script: `(declare-const a (Array Int Bool))(declare-const b (Array Int Bool))
      (declare-const c (Array Int Bool))(assert (distinct a b c))`,
    judge: "unknown",
  },
];
