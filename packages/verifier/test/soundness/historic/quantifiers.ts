import type { HistoricReport } from "./report.ts";

/** Quantified claims. */
export const quantifierReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#6091"],
    state: "closed",
    truth: "sat",
    because: "the quantified side is false, so that b is not 0: a = 2 and b = -2",
    script: `(declare-const a Int)(declare-const b Int)
      (assert (= (- a) b))(assert (= 0 (+ (* b a) (* 2 a))))
      (assert (= (forall ((c Int)) (= c 1)) (= b 0)))`,
    witness: "(assert (= a 2))",
    judge: "unknown",
  },
  {
    reports: ["Z3Prover/z3#10510"],
    state: "closed",
    truth: "sat",
    because: "modulo 4 1 leaves 1, and modulo 4 mod 3 = 1 nothing",
    script: `(declare-const c Int)(declare-const d Int)(assert (distinct c d))
      (assert (exists ((k Int)) (and (= 0 (mod k (mod c d))) (not (= 0 (mod k c))))))`,
    witness: "(assert (= c 4))(assert (= d 3))",
    judge: "unknown",
  },
  {
    reports: ["Z3Prover/z3#3973"],
    state: "closed",
    truth: "unsat",
    because: "1 is not three times a whole number",
    script: "(assert (forall ((n Int)) (exists ((m Int)) (= n (* 3 m)))))",
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4129", "Z3Prover/z3#3914"],
    state: "closed",
    truth: "sat",
    because: "with c = 4 and d = 1 the squares and the bounds agree for every e",
    script: `(declare-const a Real)(declare-const b Real)(declare-const c Real)(declare-const d Real)
      (assert (forall ((e Real)) (not (=> (= (<= (- 2.0) e b) (<= (* e e) c))
        (= c (* (- (+ a 1.0) d) (- (+ a 1.0) d))) (= d 0.0)))))`,
    witness: "(assert (and (= a (- 2.0)) (= b 2.0) (= c 4.0) (= d 1.0)))",
    judge: "unknown",
  },
  {
    reports: ["Z3Prover/z3#4765", "Z3Prover/z3#2650"],
    state: "closed",
    truth: "sat",
    because:
      "with a = 5 the implication is false of f = 0 and true of others, so that xor holds of some f",
    script: `(declare-const a Real)(declare-const b Real)(declare-const g Real)
      (assert (not (exists ((e Real)) (forall ((f Real))
        (=> (xor (=> (= f 0.0) (= a 0.0)) (<= g (* e e))) (< b 0.0))))))`,
    witness: "(assert (and (= a 5.0) (= b 1.0) (= g (- 1.0))))",
    judge: "unknown",
  },
  {
    reports: ["Z3Prover/z3#2592"],
    state: "closed",
    truth: "sat",
    because: "j = 0 and d = 1 make the first side true, and the second false for k = 1",
    script: `(declare-const d Real)(declare-const j Real)(declare-const m Real)(declare-const b Real)
      (assert (not (exists ((k Real)) (= (< j d) (or (= (= 0.0 m) (and (<= k m) (< 0.0 b))))))))
      (assert (< j d))`,
    witness: "(assert (and (= j 0.0) (= d 1.0) (= m 0.0) (= b 0.0)))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4302"],
    state: "closed",
    truth: "unsat",
    because: "less a square over a positive number, less something positive, is below 0",
    script: `(declare-const c Real)(declare-const f Real)(declare-const n Real)(declare-const u Real)
      (assert (forall ((any Real)) (and (< n 0.0) (< 0.0 f)
        (<= 0.0 (- n (/ (* (+ (* f u) c) (+ (* f u) c)) (* 2.0 f)))))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#2397"],
    state: "closed",
    truth: "sat",
    because: "for every d some e makes e + 1 differ from 0",
    script: `(declare-const c Real)
      (assert (forall ((d Real)) (exists ((e Real))
        (or (not (= d 0.0)) (not (= 0.0 (+ e (/ c c))))))))`,
    judge: "unknown",
  },
  {
    reports: ["Z3Prover/z3#2546"],
    state: "closed",
    truth: "unsat",
    because: "no j and k keep j + 17 l below 1 for every l",
    script: `(assert (forall ((i Real)) (exists ((j Real) (k Real)) (forall ((l Real))
      (<= (+ j (* 17.0 l) (* 2.0 k) (- i)) 1.0)))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#9943"],
    state: "closed",
    truth: "sat",
    because: "the function that is 0 wherever its second argument is empty",
    script: `(declare-fun n (String String) Int)(declare-const u String)
      (assert (forall ((x String) (y String))
        (or (= 0 (n y "")) (= 0 (str.len (str.++ x (str.from_int (n x y))))))))
      (assert (= u (str.from_int (n u "z"))))`,
    judge: "refuted",
  },
  {
    reports: ["cvc5/cvc5#8890"],
    state: "closed",
    truth: "sat",
    because: 'a is "-" and v empty: the number of an empty text is -1, which is not 0',
    script: `(declare-const v String)(declare-const a String)
      (assert (distinct 1 (str.len v)))
      (assert (forall ((e String) (n Int)) (or (= n 0) (distinct 0
        (ite (str.prefixof "-" a) (str.to_int (str.substr v 1 (str.len e))) (str.to_int e))))))`,
    witness: '(assert (= a "-"))(assert (= v ""))',
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#1520"],
    state: "closed",
    truth: "sat",
    because: "the axioms are true of quotient and remainder, and 7 is not above 7",
    script: `(declare-fun quo (Int Int) Int)(declare-fun rest (Int Int) Int)
      (assert (forall ((x Int) (y Int)) (! (=> (distinct y 0)
        (= x (+ (* y (quo x y)) (rest x y)))) :pattern ((quo x y)))))
      (assert (= 7 (quo 7 1)))(assert (= 0 (rest 7 1)))`,
    judge: "unknown",
  },
  {
    reports: ["Z3Prover/z3#4188", "Z3Prover/z3#6946", "Z3Prover/z3#10630"],
    state: "closed",
    truth: "sat",
    because: "with a = 3 both sides ask whether b is 3",
    script: `(declare-const a Real)(assert (forall ((b Real)) (= (= b 3.0) (= b a))))`,
    witness: "(assert (= a 3.0))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#3969"],
    state: "closed",
    truth: "sat",
    because: "a = 1 makes every c into 1, which is not 0",
    script: `(declare-const a (_ BitVec 1))(declare-const b (_ BitVec 1))
      (assert (forall ((c (_ BitVec 1))) (not (= b (bvor a c)))))`,
    witness: "(assert (= a #b1))(assert (= b #b0))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#3415"],
    state: "closed",
    truth: "unsat",
    because: "for a = 24 and c = 168 neither 3 <= b nor its negation suits both d = 7 and d = 0",
    script: `(assert (forall ((a Int)) (exists ((b Int)) (forall ((c Int))
      (or (distinct (* 7 a) c) (forall ((d Int)) (xor (distinct (* 24 d) c) (<= 3 b))))))))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#3270"],
    state: "closed",
    truth: "unsat",
    because: "a is 1 or -1, at both of which the function is 0 and not 1",
    script: `(declare-const a Int)(declare-fun f (Int) Int)
      (assert (= 0 (f (- 1)) (f 1)))(assert (= 1 (f a) (* a a)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4998"],
    state: "closed",
    truth: "unsat",
    because: "no function differs everywhere from itself, put together by its own definition",
    script: `(declare-datatypes ((Nat 0)) (((zero) (next (less Nat)))))
      (declare-fun plus (Nat Nat) Nat)
      (assert (forall ((m Nat) (n Nat))
        (= (plus m n) (ite ((_ is zero) m) n (next (plus (less m) n))))))
      (assert (distinct (plus (next zero) (next zero)) (next (next zero))))`,
    judge: "valid",
  },
];
