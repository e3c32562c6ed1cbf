; Claim: moving an amount between two cells of a ledger, in that order, keeps the sum of any three
; different accounts, also when the two cells are one.
(set-logic QF_ALIA)
(declare-const ledger (Array Int Int))
(declare-const from Int)
(declare-const to Int)
(declare-const other Int)
(declare-const amount Int)
(define-fun debited () (Array Int Int) (store ledger from (- (select ledger from) amount)))
(define-fun after () (Array Int Int) (store debited to (+ (select debited to) amount)))
(define-fun sum ((l (Array Int Int))) Int (+ (select l from) (ite (= from to) 0 (select l to)) (select l other)))
(assert (and (distinct other from) (distinct other to)))
(assert (distinct (sum ledger) (sum after)))
(check-sat)
