; Claim: x & -x is zero or a power of two, it is a bit of x, and x & (x - 1) clears exactly it.
(set-logic QF_BV)
(declare-const x (_ BitVec 32))
(define-fun lowest () (_ BitVec 32) (bvand x (bvneg x)))
(assert (not (and (= (bvand lowest (bvsub lowest #x00000001)) #x00000000)
                  (= (bvand x lowest) lowest)
                  (= (bvand x (bvsub x #x00000001)) (bvxor x lowest)))))
(check-sat)
