; Claim: between two different real numbers lies a third, and no real number is the largest.
(set-logic LRA)
(assert (not (and (forall ((x Real) (y Real)) (=> (< x y) (exists ((z Real)) (and (< x z) (< z y)))))
                  (forall ((x Real)) (exists ((y Real)) (< x y))))))
(check-sat)
