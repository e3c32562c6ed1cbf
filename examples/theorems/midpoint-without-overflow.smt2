; Claim: for unsigned 32-bit low <= high, low + (high - low) / 2 lies between them
; (where (low + high) / 2 may overflow: see false-midpoint.smt2).
(set-logic QF_BV)
(declare-const low (_ BitVec 32))
(declare-const high (_ BitVec 32))
(define-fun middle () (_ BitVec 32) (bvadd low (bvlshr (bvsub high low) #x00000001)))
(assert (bvule low high))
(assert (not (and (bvule low middle) (bvule middle high))))
(check-sat)
