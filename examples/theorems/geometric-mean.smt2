; Claim: for real x and y, 2xy is at most the sum of their squares.
(set-logic QF_NRA)
(declare-const x Real)
(declare-const y Real)
(assert (> (* 2.0 x y) (+ (* x x) (* y y))))
(check-sat)
