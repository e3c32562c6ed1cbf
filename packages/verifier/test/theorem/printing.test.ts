import { describe, expect, test } from "vitest";
import { readOriginals } from "../../src/theorem/print/fresh-names.ts";
import { printed, screen } from "./screening.ts";

const asserted = (declarations: string, term: string): string =>
  `${declarations}(assert ${term})(check-sat)`;

describe("what Z3 reads", () => {
  test("has names of its own for all that the script names, and nothing unused", () => {
    const script = `(declare-sort Color 0)(declare-sort Unused 0)
      (declare-datatypes ((List 1)) ((par (T) ((nil) (cons (head T) (tail (List T)))))))
      (declare-const red Color)(declare-fun cos (Color) Real)(declare-const spare Int)
      (declare-const l (List Color))
      (assert (! (= (cos red) 2.0) :named first))
      (assert (= (head l) red))(assert (not first))(check-sat)`;

    expect(printed(script).split("\n")).toEqual([
      "(declare-sort s_0 0)",
      "(declare-fun f_0 (s_0) Real)",
      "(declare-fun f_1 () s_0)",
      "(declare-datatypes ((s_1 0)) (((c_0) (c_1 (d_0 s_0) (d_1 s_1)))))",
      "(declare-fun f_2 () s_1)",
      "(assert (= (f_0 f_1) 2.0))",
      "(assert (= (d_0 f_2) f_1))",
      "(assert (not (= (f_0 f_1) 2.0)))",
    ]);
  });

  test("has a datatype for each instance of one with parameters", () => {
    const box = "(declare-datatypes ((Box 1)) ((par (X) ((box (in X))))))";

    expect(printed(asserted(box, "(= (in (box 1)) (ite (in (box true)) 2 3))"))).toBe(
      "(declare-datatypes ((s_0 0)) (((c_0 (d_0 Int)))))\n" +
        "(declare-datatypes ((s_1 0)) (((c_1 (d_1 Bool)))))\n" +
        "(assert (= (d_0 (c_0 1)) (ite (d_1 (c_1 true)) 2 3)))",
    );
  });

  test("declares together the datatypes that are made of each other, and first what they need", () => {
    const types = `(declare-sort U 0)(declare-datatypes ((Tree 0) (Forest 0))
      (((node (label U) (below Forest))) ((none) (more (first Tree) (rest Forest)))))
      (declare-const f Forest)`;

    expect(printed(asserted(types, "((_ is more) f)")).split("\n").slice(0, 2)).toEqual([
      "(declare-sort s_0 0)",
      "(declare-datatypes ((s_1 0) (s_2 0)) (((c_0) (c_1 (d_0 s_2) (d_1 s_1))) ((c_2 (d_2 s_0) (d_3 s_1)))))",
    ]);
  });

  test("numbers variables by how many are bound around them", () => {
    const script = asserted(
      "(declare-fun r (Int Int) Bool)",
      "(forall ((x Int) (y Int)) (and (r y x) (exists ((x Int)) (r x y)) (exists ((z Int)) (r x z))))",
    );

    expect(printed(script)).toBe(
      "(declare-fun f_0 (Int Int) Bool)\n" +
        "(assert (forall ((v_0 Int) (v_1 Int)) (and (f_0 v_1 v_0) " +
        "(exists ((v_2 Int)) (f_0 v_2 v_1)) (exists ((v_2 Int)) (f_0 v_0 v_2)))))",
    );
  });

  test("names what stands more than once where all its variables are bound", () => {
    const script = asserted(
      "(declare-fun f (Int) Int)",
      "(forall ((x Int)) (and (< (f x) (f x)) (exists ((y Int)) (= (+ (f x) y) (+ (f x) y) (f (f 1))))" +
        " (< (f (f 1)) x)))",
    );

    expect(printed(script)).toBe(
      "(declare-fun f_0 (Int) Int)\n" +
        "(assert (let ((t_0 (f_0 (f_0 1)))) (forall ((v_0 Int)) (let ((t_1 (f_0 v_0))) " +
        "(and (< t_1 t_1) (exists ((v_1 Int)) (let ((t_2 (+ t_1 v_1))) " +
        "(and (= t_2 t_2) (= t_2 t_0)))) (< t_0 v_0))))))",
    );
  });

  test("names what two binders have in common in each of them", () => {
    const script = asserted(
      "(declare-fun f (Int) Int)",
      "(and (forall ((x Int)) (< (f x) (f x))) (exists ((y Int)) (> (f y) (f y))))",
    );

    expect(printed(script)).toBe(
      "(declare-fun f_0 (Int) Int)\n" +
        "(assert (and (forall ((v_0 Int)) (let ((t_0 (f_0 v_0))) (< t_0 t_0))) " +
        "(exists ((v_0 Int)) (let ((t_1 (f_0 v_0))) (> t_1 t_1)))))",
    );
  });

  test("keeps patterns and weights, and drops names and the rest", () => {
    const script = asserted(
      "(declare-fun f (Int) Int)",
      "(! (forall ((x Int)) (! (> (f x) 0) :qid q :pattern ((f x)) :pattern (x) :weight 3)) :named a :lblpos l)",
    );

    expect(printed(script)).toBe(
      "(declare-fun f_0 (Int) Int)\n" +
        "(assert (forall ((v_0 Int)) (! (> (f_0 v_0) 0) :pattern ((f_0 v_0)) :weight 3)))",
    );
  });

  test.each([
    ["(= 007 -5)", "(= 7 (- 5))"],
    [
      "(= 1.50 00.25 (- 3.0) (/ 1.0 3.0))",
      "(and (= 1.5 0.25) (= 0.25 (- 3.0)) (= (- 3.0) (/ 1.0 3.0)))",
    ],
    ["(= 0.0 (/ 2.5 (- 0.5)))", "(= 0.0 (- (/ 250.0 50.0)))"],
    ['(= "a""b" "")', '(= "a""b" "")'],
    ['(= "\\u{41}\\u0042\\x" (_ char #x1F600))', '(= "AB\\u{5c}x" "\\u{1f600}")'],
    ["(= #xaB (_ bv3 8) #b00000001)", "(and (= #xab #x03) (= #x03 #x01))"],
    ["(= #b101 (_ bv2 3))", "(= #b101 #b010)"],
    [
      "(fp.eq (_ NaN 5 11) (fp #b0 #b00001 #b0000000001))",
      "(fp.eq (_ NaN 5 11) (fp #b0 #b00001 #b0000000001))",
    ],
    ["(= RNE roundNearestTiesToEven)", "(= roundNearestTiesToEven roundNearestTiesToEven)"],
    ["((_ divisible 3) 4)", "(= (mod 4 3) 0)"],
  ])("writes %s as %s", (term, text) => {
    expect(printed(asserted("", term))).toBe(`(assert ${text})`);
  });
});

describe("what people read", () => {
  test("has the script's names again, but for what stands in strings", () => {
    const screening = screen("(declare-const f_7 Int)(assert (= f_7 1))(check-sat)");
    const originals = screening.type === "accepted" ? screening.originals : new Map();

    expect(readOriginals('(= f_0 "f_0" f_00 f_1 xf_0 f_0!val!1)', originals)).toBe(
      '(= f_7 "f_0" f_00 f_1 xf_0 f_7!val!1)',
    );
  });
});
