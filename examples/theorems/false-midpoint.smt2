; False: (low + high) / 2 of unsigned 32-bit numbers lies between them. It overflows.
(set-logic QF_BV)
(declare-const low (_ BitVec 32))
(declare-const high (_ BitVec 32))
(define-fun middle () (_ BitVec 32) (bvlshr (bvadd low high) #x00000001))
(assert (bvule low high))
(assert (not (and (bvule low middle) (bvule middle high))))
(check-sat)
