import type { HistoricReport } from "./report.ts";

/** Integers and reals, linear and not. */
export const arithmeticReports: readonly HistoricReport[] = [
  {
    reports: ["Z3Prover/z3#7368"],
    state: "closed",
    truth: "sat",
    because: "with s = 2 the inner quotient is 2 / 2, and n is as large as is needed",
    script: `(declare-const n Int)(declare-const free Bool)(declare-const s Real)
      (assert (or free (< 1.0 (+ s (to_real n) (to_real
        (to_int (* s (/ s (+ s (* s (ite false 0.0 (/ 0.0 (* s s))))))))))))) `,
    witness: "(assert (not free))(assert (= s 2.0))(assert (= n 0))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4837"],
    state: "closed",
    truth: "unsat",
    because: "a remainder is below the divisor's magnitude, and the one by 0 is not both",
    script: `(declare-const d Int)(define-fun r () Int (mod (- 7) d))
      (assert (and (< r d) (< r (- d)) (<= 0 r)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#6194"],
    state: "closed",
    truth: "unsat",
    because: "an odd number less an even one is odd",
    script: `(declare-const n Int)(assert (= 0 (mod n 2)))(assert (= 0 (mod (- 255 n) 2)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#10509"],
    state: "closed",
    truth: "sat",
    because: "0 and 0, whatever a remainder by zero is",
    script: `(declare-const a Int)(declare-const b Int)
      (assert (and (<= 0 a 1) (<= 0 b) (< b 1)))
      (assert (<= (ite (= 0 (mod 2 0)) (+ b 1) a) 4))`,
    witness: "(assert (= a 0))(assert (= b 0))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#6637"],
    state: "closed",
    truth: "sat",
    because: "the free function may be 1 at 0 and 4 at k, and the rest is a remainder by 1 or 0",
    script: `(declare-fun pow (Int) Int)(declare-const k Int)(declare-const n Int)
      (assert (and (< 0 n) (< n (pow k)) (= 1 (pow 0))))
      (assert (= 0 (mod (pow 0) (ite (= 0 (pow (div n (pow k)))) 1 0))))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#3028"],
    state: "closed",
    truth: "sat",
    because: "2 is above its lowest bit",
    script: `(declare-const t Int)(declare-const b (_ BitVec 1))
      (assert (= (ite (= b #b1) 1 0) (mod t 2)))(assert (> t (ite (= b #b1) 1 0)))`,
    witness: "(assert (= t 2))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#1945"],
    state: "closed",
    truth: "unsat",
    because: "j is at most n before the step and one more after it, but not above n + 1",
    script: `(declare-const n Int)(declare-const j Int)(declare-const next Int)
      (declare-const hit Bool)
      (assert (and (<= 0 j) (<= j n) (= next (ite hit j (+ j 1)))))
      (assert (or (> next (+ n 1)) (< next 0)))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#991"],
    state: "closed",
    truth: "sat",
    because: "1 x 1 + 1/2 is rounded down to 1",
    script: `(declare-const a Int)(declare-const b Int)(declare-const out Int)
      (assert (and (= a 1) (= b 1) (= out 1)))
      (define-fun least () Real (ite (< (to_real a) 1.0) (to_real b) (to_real a)))
      (assert (= out (to_int (+ (/ 1.0 2.0) (* least (to_real a))))))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#8024", "Z3Prover/z3#7272"],
    state: "closed",
    truth: "sat",
    because: "three times 1/2 is not whole",
    script: `(declare-const x Real)(assert (xor (<= 1 1) (is_int (* 3.0 x))))`,
    witness: "(assert (= x 0.5))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#9139"],
    state: "open",
    truth: "sat",
    because: "for b = -1 the difference is 1/4 + 1",
    script: `(declare-const b Real)(assert (< (- 2.0) b))
      (define-fun q () Real (/ (+ 2.0 b) (- 1.0)))
      (assert (is_int (- (* q q) b)))`,
    witness: "(assert (= b (- 1.0)))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#1608"],
    state: "closed",
    truth: "unsat",
    because: "a whole number and 4 is whole",
    script: "(declare-const x Real)(assert (is_int x))(assert (not (is_int (+ 4.0 x))))",
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#7114"],
    state: "closed",
    truth: "sat",
    because: "the circle and the curve meet at an a between 0 and 1",
    script: `(declare-const a Real)(declare-const b Real)
      (assert (and (< 0.0 a) (= (* a (+ b a)) (- b)) (= 1.0 (+ (* b b) (* a a)))))`,
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#7489", "Z3Prover/z3#8015"],
    state: "open",
    truth: "sat",
    because: "three equal shares",
    script: `(declare-const a Real)(declare-const b Real)(declare-const c Real)
      (declare-const k Real)
      (assert (and (< 0.0 a) (< 0.0 b) (< 0.0 c) (= k (* a b c))))
      (assert (= 24.0 (+ a b c)))(assert (<= 512.0 k))`,
    witness: "(assert (= a b c 8.0))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#2391"],
    state: "closed",
    truth: "unsat",
    because: "f is below the one quotient by zero, that is below 0, and d is above 0 and below f",
    script: `(declare-const a Real)(declare-const d Real)(declare-const e Real)(declare-const f Real)
      (declare-const none Real)
      (assert (and (= none 0.0) (or (= e 1.0) (= e 2.0)) (< 0.0 d) (< d f)))
      (assert (= d (ite (<= f (/ a none)) (+ d 0.0) f)))(assert (< (/ a (/ none e)) 0.0))`,
    judge: "valid",
  },
  {
    reports: ["Z3Prover/z3#4804", "Z3Prover/z3#4986"],
    state: "closed",
    truth: "sat",
    because: "s = 5, t = 10 and p = -5",
    script: `(declare-const s Real)(declare-const t Real)(declare-const p Real)(declare-const on Bool)
      (assert (=> on (= t 10.0)))(assert (or (<= (* s p) 0.0) (not on)))
      (assert (= 0.0 (+ (* s 2.0) (* p s) (* 3.0 s) (* 0.0 t))))(assert (and on (< 0.0 s)))`,
    witness: "(assert (= s 5.0))(assert (= p (- 5.0)))",
    judge: "refuted",
  },
  {
    reports: ["Z3Prover/z3#4891", "Z3Prover/z3#4928"],
    state: "closed",
    truth: "sat",
    because: "g = 0, a = -1 - d h with d = h = 1, and the rest 0",
    script: `(declare-const a Int)(declare-const d Int)(declare-const g Int)(declare-const h Int)
      (assert (= g (* g d)))(assert (= (+ a (* d h) 1) (* g h)))
      (assert (distinct (* d h) 0))(assert (>= d 0))(assert (>= h 0))`,
    witness: "(assert (and (= g 0) (= d 1) (= h 1) (= a (- 2))))",
    judge: "refuted",
  },
  {
    reports: ["cvc5/cvc5#5452"],
    state: "closed",
    truth: "sat",
    because: "for -3 the last divisor is -3, and 1 / -3 is below 0",
    script: `(declare-const a Real)
      (assert (> 0.0 (/ a a (- 3.0 (* a (+ 1.0 a))))))`,
    witness: "(assert (= a (- 3.0)))",
    judge: "refuted",
  },
  {
    reports: ["cvc5/cvc5#6776"],
    state: "closed",
    truth: "sat",
    because: "a quotient by zero may be 0",
    script: `(assert (str.in_re "x" (ite (= 0 (div 3 0)) (str.to_re "x") (str.to_re "y"))))`,
    judge: "refuted",
  },
];
