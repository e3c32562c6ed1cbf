; Claim: if one text starts with another and both have the same length, they are equal.
(set-logic QF_SLIA)
(declare-const s String)
(declare-const t String)
(assert (str.prefixof s t))
(assert (= (str.len s) (str.len t)))
(assert (distinct s t))
(check-sat)
