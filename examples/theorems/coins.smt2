; Claim: every amount of at least 8 can be paid in coins of 3 and 5. By induction in steps of 3:
; 8, 9 and 10 can be paid, and if n can then n + 3 can.
(set-logic LIA)
(define-fun payable ((n Int)) Bool
  (exists ((x Int) (y Int)) (and (>= x 0) (>= y 0) (= n (+ (* 3 x) (* 5 y))))))
(assert (not (and (payable 8) (payable 9) (payable 10)
                  (forall ((n Int)) (=> (payable n) (payable (+ n 3)))))))
(check-sat)
