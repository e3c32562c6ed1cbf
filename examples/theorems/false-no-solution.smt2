; False: there are no whole numbers x and y above 10 with 3x - 2y = 1 and x below 20.
(set-logic QF_LIA)
(declare-const x Int)
(declare-const y Int)
(assert (and (> x 10) (> y 10) (< x 20)))
(assert (= (- (* 3 x) (* 2 y)) 1))
(check-sat)
