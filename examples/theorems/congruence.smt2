; Claim: if f applied three times is the identity at a, and five times too, then f(a) = a.
(set-logic QF_UF)
(declare-sort Thing 0)
(declare-fun f (Thing) Thing)
(declare-const a Thing)
(assert (= (f (f (f a))) a))
(assert (= (f (f (f (f (f a))))) a))
(assert (distinct (f a) a))
(check-sat)
