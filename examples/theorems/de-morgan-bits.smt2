; Claim: De Morgan's law holds bit by bit on 64-bit words, and minus x is not x plus one.
(set-logic QF_BV)
(declare-const x (_ BitVec 64))
(declare-const y (_ BitVec 64))
(assert (or (distinct (bvnot (bvand x y)) (bvor (bvnot x) (bvnot y)))
            (distinct (bvneg x) (bvadd (bvnot x) #x0000000000000001))))
(check-sat)
