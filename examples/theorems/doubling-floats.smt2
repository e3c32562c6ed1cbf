; Claim: in half precision x + x is exactly 2x, whatever the rounding, for every ordinary x.
(set-logic QF_FP)
(declare-const x (_ FloatingPoint 5 11))
(declare-const r RoundingMode)
(define-fun two () (_ FloatingPoint 5 11) ((_ to_fp 5 11) RNE 2.0))
(assert (not (fp.isNaN x)))
(assert (not (fp.eq (fp.add r x x) (fp.mul r two x))))
(check-sat)
