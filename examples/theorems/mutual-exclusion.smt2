; Claim: Peterson's lock for two processes keeps mutual exclusion: from every state that satisfies
; the invariant, every step leads to one that does, and the invariant excludes that both are inside.
; Locations: 0 idle, 1 flag raised, 2 waiting, 3 inside.
(set-logic QF_LIA)
(define-fun inv ((p Int) (q Int) (fp Bool) (fq Bool) (turn Int)) Bool
  (and (<= 0 p 3) (<= 0 q 3) (or (= turn 0) (= turn 1))
       (= fp (>= p 1)) (= fq (>= q 1))
       (not (and (= p 3) (= q 3)))
       (=> (and (= p 3) (= q 2)) (= turn 0))
       (=> (and (= q 3) (= p 2)) (= turn 1))))
(define-fun step ((p Int) (fp Bool) (fother Bool) (turn Int) (mine Int)
                  (p1 Int) (fp1 Bool) (turn1 Int)) Bool
  (or (and (= p 0) (= p1 1) fp1 (= turn1 turn))
      (and (= p 1) (= p1 2) (= fp1 fp) (= turn1 (- 1 mine)))
      (and (= p 2) (or (not fother) (= turn mine)) (= p1 3) (= fp1 fp) (= turn1 turn))
      (and (= p 3) (= p1 0) (not fp1) (= turn1 turn))))
(declare-const p Int) (declare-const q Int) (declare-const p1 Int) (declare-const q1 Int)
(declare-const fp Bool) (declare-const fq Bool) (declare-const fp1 Bool) (declare-const fq1 Bool)
(declare-const turn Int) (declare-const turn1 Int)
(assert (inv p q fp fq turn))
(assert (or (and (step p fp fq turn 0 p1 fp1 turn1) (= q1 q) (= fq1 fq))
            (and (step q fq fp turn 1 q1 fq1 turn1) (= p1 p) (= fp1 fp))))
(assert (not (inv p1 q1 fp1 fq1 turn1)))
(check-sat)
