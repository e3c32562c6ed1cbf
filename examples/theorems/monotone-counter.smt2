; Claim: if each reading is at least the last, and the third is at most the first, all are equal,
; and so are the records f keeps of them.
(set-logic QF_UFLIA)
(declare-fun f (Int) Int)
(declare-const first Int)
(declare-const second Int)
(declare-const third Int)
(assert (and (<= first second) (<= second third) (<= third first)))
(assert (distinct (f (+ second 1)) (f (+ third 1))))
(check-sat)
