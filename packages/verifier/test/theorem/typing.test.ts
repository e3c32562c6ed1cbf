import { describe, expect, test } from "vitest";
import { complaint, printed, refusal } from "./screening.ts";

const asserted = (declarations: string, term: string): string =>
  `${declarations}(assert ${term})(check-sat)`;

describe("an ill-sorted script is refused at its place, with the expected and the found sort", () => {
  test.each([
    [
      "(declare-fun f (Int) Bool)\n(assert\n  (f 3.75))(check-sat)",
      "line 3, column 6: `f` expects Int, found Real",
    ],
    ["(assert (= (div 7.5 2) 3))(check-sat)", "line 1, column 17: `div` expects Int, found Real"],
    [
      "(declare-const a (Array Int Int))(assert (= (select a 1.5) 1))(check-sat)",
      "line 1, column 55: `select` expects Int, found Real",
    ],
    [
      "(declare-datatype P ((mk (px Int))))(assert (= (px (mk 2.5)) 2))(check-sat)",
      "line 1, column 56: `mk` expects Int, found Real",
    ],
    [
      "(declare-const p Bool)(assert (< 1 p))(check-sat)",
      "line 1, column 36: `<` expects Int, found Bool",
    ],
    [
      "(declare-const b (_ BitVec 1))(assert b)(check-sat)",
      "line 1, column 39: `assert` expects Bool, found (_ BitVec 1)",
    ],
    [
      "(declare-const b (_ BitVec 1))(assert (and b true))(check-sat)",
      "line 1, column 44: `and` expects Bool, found (_ BitVec 1)",
    ],
    [
      "(declare-const b (_ BitVec 8))(assert (= b (+ b #x01)))(check-sat)",
      "line 1, column 47: `+` expects Int or Real, found (_ BitVec 8)",
    ],
    ["(assert (= 1 true))(check-sat)", "line 1, column 14: `=` expects Int, found Bool"],
    ["(assert (ite 1 true false))(check-sat)", "line 1, column 14: `ite` expects Bool, found Int"],
    [
      "(assert (= (ite true 1 1.0) 1))(check-sat)",
      "line 1, column 24: `ite` expects Int, found Real",
    ],
    [
      "(assert (forall ((x Int)) (+ x 1)))(check-sat)",
      "line 1, column 27: `forall` expects Bool, found Int",
    ],
    [
      "(define-fun f () Int 1.0)(assert (= f f))(check-sat)",
      "line 1, column 22: `f` is declared as Int, its body is Real",
    ],
    [
      "(assert (= ((as const (Array Int Int)) 1.0) ((as const (Array Int Int)) 1)))(check-sat)",
      "line 1, column 40: `const` expects Int, found Real",
    ],
    [
      "(declare-const x (Array Int))(check-sat)",
      "line 1, column 18: sort Array takes 2 sorts, found 1",
    ],
    ["(declare-const x Nat)(check-sat)", "line 1, column 18: sort Nat is not declared"],
    ["(assert (p 1))(check-sat)", "line 1, column 10: `p` is not declared"],
    ["(assert (= x 1))(check-sat)", "line 1, column 12: `x` is not declared"],
    [
      "(declare-fun f (Int) Int)(assert (= f f))(check-sat)",
      "line 1, column 37: `f` takes 1 term, found 0",
    ],
    [
      "(declare-const x Int)(assert (= (x 1) 1))(check-sat)",
      "line 1, column 34: `x` takes no terms, found 1",
    ],
    [
      "(assert (let ((x 1)) (= (x 1) 1)))(check-sat)",
      "line 1, column 26: `x` is bound to a term, not a function",
    ],
    [
      "(declare-const a (_ BitVec 4))(assert (= a ((_ extract 4 0) a)))(check-sat)",
      "line 1, column 45: `(_ extract 4 0)`: bit 4 of 4 bits",
    ],
  ])("%s", (script, message) => {
    expect(complaint(script)).toBe(message);
  });
});

describe("numerals", () => {
  test.each<readonly [string, string, string]>([
    ["are integers where no logic says else", "", "(= 1 2)"],
    ["are integers in mixed logics", "(set-logic QF_LIRA)", "(= (to_real 1) 2.0)"],
    [
      "are integers where a logic has those beside floats",
      "(set-logic UFLIAFP)",
      "(= 0 (div 1 2))",
    ],
    ["are reals in a logic without integers", "(set-logic QF_LRA)", "(= 1 2.0 (/ 1 3) (- 5) -5)"],
    ["are reals beside functions", "(set-logic QF_UFNRA)", "(= 1 2.0)"],
    [
      "are reals beside floats",
      "(set-logic QF_FP)",
      "(= ((_ to_fp 8 24) RNE (/ 1 3)) (_ NaN 8 24))",
    ],
  ])("%s", (_, logic, term) => expect(refusal(asserted(logic, term))).toBe("accepted"));

  test.each<readonly [string, string]>([
    ["", "(= 1 2.0)"],
    ["(set-logic QF_LIRA)", "(= 1 2.0)"],
    ["(set-logic ALL)", "(= (/ 1 3) 0.5)"],
    ["(set-logic QF_LRA)", "(= 1 (to_int 2.0))"],
    ["(set-logic QF_LRA)", "(= (div 1 2) 2)"],
  ])("of the wrong kind are refused: %s %s", (logic, term) => {
    expect(refusal(asserted(logic, term))).toBe("sort");
  });

  test("are printed with their sort", () => {
    expect(printed(asserted("(set-logic QF_LRA)", "(= 01 2.50 (/ 1 3) (- 5))"))).toBe(
      "(assert (and (= 1.0 2.5) (= 2.5 (/ 1.0 3.0)) (= (/ 1.0 3.0) (- 5.0))))",
    );
  });
});

describe("datatypes", () => {
  const list = "(declare-datatypes ((List 1)) ((par (T) ((nil) (cons (head T) (tail (List T)))))))";

  test.each([
    "(= (cons 1 (as nil (List Int))) (as nil (List Int)))",
    "(= ((as cons (List Int)) 1 (as nil (List Int))) (as nil (List Int)))",
    "(= (head (cons 1.0 (as nil (List Real)))) 1.0)",
    "((_ is cons) (as nil (List Bool)))",
    "(is-cons (as nil (List Bool)))",
    "(exists ((l (List (List Int)))) (= (head l) (as nil (List Int))))",
    "(match (as nil (List Int)) ((nil true) ((cons h t) (> h 0))))",
    "(match (as nil (List Int)) (((cons h t) (> h 0)) (other (= other other))))",
    "(match (as nil (List Int)) (((cons _ t) ((_ is nil) t)) (_ true)))",
  ])("%s is well sorted", (term) => {
    expect(refusal(asserted(list, term))).toBe("accepted");
  });

  test.each([
    ["(= nil nil)", "the sort of `nil` is open: write (as nil ...) with its sort"],
    [
      "(= (cons 1 (as nil (List Real))) (as nil (List Int)))",
      "`cons` expects (List Int), found (List Real)",
    ],
    ["(= (as nil Int) 1)", "`nil` builds (List ...), not Int"],
    ["(= (head 1) 1)", "`head` expects (List ...), found Int"],
    ["((_ is cons) 1)", "`(_ is cons)` expects (List ...), found Int"],
    ["((_ is snoc) (as nil (List Int)))", "no constructor snoc is declared"],
    ["(match 1 ((x true)))", "`match` expects a datatype, found Int"],
    ["(match (as nil (List Int)) ((nil true)))", "`match` has no case for cons"],
    ["(match (as nil (List Int)) ((x true) (nil true)))", "this case of `match` is never reached"],
    [
      "(match (as nil (List Int)) ((nil true) (nil true) (x true)))",
      "this case of `match` is never reached",
    ],
    ["(match (as nil (List Int)) ((nil true) ((cons h) true)))", "cons has 2 fields, found 1"],
    ["(match (as nil (List Int)) ((nil true) ((cons h h) true)))", "h occurs twice in one list"],
    ["(= 1 (match (as nil (List Int)) ((nil 1) (x 1.0))))", "`match` expects Int, found Real"],
  ])("%s: %s", (term, message) => {
    expect(complaint(asserted(list, term)).replace(/^line 1, column [0-9]+: /, "")).toBe(message);
  });

  test.each([
    ["without a value", "(declare-datatype T ((c (f T))))", "T has no value"],
    [
      "without a value, two by turns",
      "(declare-datatypes ((A 0) (B 0)) (((a (fa B))) ((b (fb A)))))",
      "A has no value",
    ],
    [
      "without a value, in an instance",
      "(declare-datatypes ((Box 1) (T 0)) ((par (X) ((box (in X)))) ((c (f (Box T))))))",
      "T has no value",
    ],
    [
      "in its own index",
      "(declare-datatype T ((c (f (Array T Bool)))))",
      "(Array T Bool) is part of itself",
    ],
    [
      "in an array, through another",
      "(declare-datatypes ((S 1)) ((par (X) ((s (in (Array X Bool)))))))" +
        "(declare-datatype T ((leaf) (c (f (S T)))))",
      "(Array T Bool) is part of itself",
    ],
    [
      "of endlessly many sorts",
      "(declare-datatypes ((N 1)) ((par (X) ((leaf) (node (deeper (N (N X))))))))",
      "this datatype contains infinitely many sorts",
    ],
    [
      "with two fields of one name",
      "(declare-datatype T ((a (x Int)) (b (x Int))))",
      "x occurs twice in one list",
    ],
    [
      "with a parameter twice",
      "(declare-datatypes ((T 2)) ((par (X X) ((c (x X))))))",
      "X occurs twice in one list",
    ],
    [
      "with too few parameters",
      "(declare-datatypes ((T 2)) ((par (X) ((c (x X))))))",
      "a datatype of 2 parameters, found 1",
    ],
  ])("%s are refused", (_, declaration, message) => {
    expect(complaint(`${declaration}(check-sat)`).replace(/^.*?: /, "")).toBe(message);
  });

  test.each([
    "(declare-datatypes ((Tree 0) (Forest 0)) (((node (below Forest))) ((none) (more (first Tree) (rest Forest)))))",
    `${list}(declare-datatype Rose ((rose (children (List Rose)))))`,
    "(declare-sort Bag 1)(declare-datatype T ((leaf) (c (f (Bag T)))))",
    "(declare-datatype T ((c (f (Array Int Bool)))))",
  ])("%s is admitted", (declaration) => {
    expect(refusal(`${declaration}(check-sat)`)).toBe("accepted");
  });

  test("a match is the conditional that the standard says it is", () => {
    const claim = (term: string): string =>
      printed(asserted(`${list}(declare-const l (List Int))`, `(= 0 ${term})`));

    expect(claim("(match l ((nil 7) ((cons h t) (+ h 1))))")).toBe(
      claim("(ite ((_ is nil) l) 7 (+ (head l) 1))"),
    );
    expect(claim("(match l (((cons h t) h) (other (ite (= other l) 1 2))))")).toBe(
      claim("(ite ((_ is cons) l) (head l) (ite (= l l) 1 2))"),
    );
  });
});

describe("scope", () => {
  const one = "(declare-const x Int)(declare-const y Int)";

  test.each([
    ["(forall ((x Int) (x Real)) true)"],
    ["(let ((x 1) (x 2)) (= x 1))"],
    ["(exists ((x Int) (y Int) (x Int)) true)"],
  ])("binders of one list are distinct: %s", (term) => {
    expect(refusal(asserted("", term))).toBe("redefinition");
  });

  test("parameters of a definition are distinct", () => {
    expect(refusal("(define-fun f ((a Int) (a Int)) Int a)(check-sat)")).toBe("redefinition");
  });

  test.each([
    [
      "a binder shadows a constant",
      "(forall ((x Real)) (< x 1.0))",
      "(forall ((z Real)) (< z 1.0))",
    ],
    ["a let shadows a constant", "(let ((x 1.5)) (< x 2.0))", "(< 1.5 2.0)"],
    ["the values of a let are read outside it", "(let ((x y) (y x)) (< x y))", "(< y x)"],
    [
      "an inner binder shadows an outer one",
      "(forall ((z Int)) (and (> z 0) (exists ((z Bool)) z)))",
      "(forall ((a Int)) (and (> a 0) (exists ((b Bool)) b)))",
    ],
    [
      "a shadow ends with its binder",
      "(and (forall ((x Bool)) x) (< x 1))",
      "(and (forall ((z Bool)) z) (< x 1))",
    ],
    [
      "nothing is caught when a let moves under a binder",
      "(let ((z (+ x 1))) (forall ((x Int)) (< x z)))",
      "(forall ((w Int)) (< w (+ x 1)))",
    ],
  ])("%s", (_, left, right) => {
    expect(printed(asserted(one, left))).toBe(printed(asserted(one, right)));
  });

  test("an argument that holds variables is not caught by a definition's own binders", () => {
    const macro =
      "(declare-fun r (Int Int) Bool)(define-fun all ((a Int)) Bool (forall ((x Int)) (r a x)))";
    const use = asserted(macro, "(exists ((x Int)) (all x))");
    const written = asserted(macro, "(exists ((u Int)) (forall ((v Int)) (r u v)))");

    expect(printed(use)).toBe(printed(written));
  });

  test("a sort parameter is no declared sort, whatever its name", () => {
    const box = (parameter: string): string =>
      `(declare-datatype Unit ((only)))(declare-datatypes ((Box 1)) ((par (${parameter}) ((mk (get ${parameter}))))))
       (declare-const b (Box Int))(declare-const c (Box Int))(assert (not (= b c)))(check-sat)`;

    expect(printed(box("Unit"))).toBe(printed(box("T")));
  });

  test("a sort parameter hides a sort only inside its own datatype", () => {
    const script = "(declare-datatypes ((A 1) (B 0)) ((par (B) ((a (x B)))) ((b (y Int)))))";

    expect(refusal(`${script}(assert (= (x (a 1)) 1))(check-sat)`)).toBe("accepted");
    expect(refusal(`${script}(assert (= (x (a (b 1))) (b 1)))(check-sat)`)).toBe("accepted");
  });

  test("a name given by :named stands for its term from then on", () => {
    const named = "(assert (! (> x 0) :named positive))(assert (not positive))(check-sat)";
    const written = "(assert (> x 0))(assert (not (> x 0)))(check-sat)";

    expect(printed(one + named)).toBe(printed(one + written));
    const some = "(exists ((w Int)) true)";
    const within = (term: string, use: string): string =>
      printed(`(assert (forall ((z Int)) ${term}))(assert ${use})(check-sat)`);
    expect(within(`(! ${some} :named n)`, "n")).toBe(within(some, some));
    expect(refusal(`${one}(assert positive)${named}`)).toBe("undeclared");
    expect(refusal(asserted("", "(forall ((z Int)) (! (> z 0) :named n))"))).toBe("shape");
    expect(refusal("(define-fun f ((z Int)) Bool (! (> z 0) :named n))(check-sat)")).toBe("shape");
    expect(refusal(`${one}(assert (! (> x 0) :named y))(check-sat)`)).toBe("redefinition");
  });

  test("a pattern is typed like any term", () => {
    const pattern = (text: string): string =>
      asserted(
        "(declare-fun f (Int) Int)",
        `(forall ((x Int)) (! (> (f x) 0) :pattern (${text})))`,
      );

    expect(refusal(pattern("(f x)"))).toBe("accepted");
    expect(refusal(pattern("(f 1.5)"))).toBe("sort");
    expect(refusal(pattern("(g x)"))).toBe("undeclared");
  });
});

describe("names beyond the standard", () => {
  test.each([
    ["(declare-const s (Seq Int))(check-sat)", "`Seq` is in no standard (sequences)"],
    ["(assert (= 1 (^ 2 3)))(check-sat)", "`^` is in no standard (powers)"],
    [
      "(declare-const b (_ BitVec 4))(assert (= #b1 (bvredor b)))(check-sat)",
      "`bvredor` is in no standard (bit vectors beyond the standard)",
    ],
    [
      "(assert (implies true false))(check-sat)",
      "`implies` is in no standard (signs and old connectives)",
    ],
  ])("%s", (script, message) => {
    expect(refusal(script)).toBe("refused");
    expect(complaint(script)).toContain(message);
  });

  test("a script that declares such a name has its own", () => {
    expect(refusal("(declare-fun implies (Bool) Bool)(assert (implies true))(check-sat)")).toBe(
      "accepted",
    );
  });

  test.each([
    ["(bv2nat b)", "(ubv_to_int b)"],
    ["(ubv_to_int ((_ int2bv 4) 3))", "(ubv_to_int ((_ int_to_bv 4) 3))"],
    ["(ubv_to_int ((_ nat2bv 4) 3))", "(ubv_to_int ((_ int_to_bv 4) 3))"],
  ])("%s is an older name of %s", (older, newer) => {
    const claim = (term: string): string =>
      printed(asserted("(declare-const b (_ BitVec 4))", `(= 3 ${term})`));

    expect(claim(older)).toBe(claim(newer));
  });
});

describe("rounding", () => {
  const declared = "(declare-const r Real)(declare-const m RoundingMode)";

  test.each([
    "((_ to_fp 8 24) RNE r)",
    "((_ to_fp 8 24) RNE (+ 1.0 r))",
    "((_ to_fp 8 24) RNE (fp.to_real (_ NaN 8 24)))",
    "(let ((x (* r r))) ((_ to_fp 8 24) RNE x))",
  ])("of a real that is no constant is refused: %s", (term) => {
    expect(refusal(asserted(declared, `(fp.isNaN ${term})`))).toBe("refused");
  });

  test.each([
    "((_ to_fp 8 24) RNE 0.1)",
    "((_ to_fp 8 24) m (/ 1.0 3.0))",
    "((_ to_fp 8 24) RTZ (- (/ 1.0 3.0)))",
    "((_ to_fp 8 24) RNE 0.5 (- 3))",
    "((_ to_fp 8 24) RNE #x00000001)",
    "((_ to_fp 8 24) #x00000001)",
    "((_ to_fp 8 24) RNE (_ +oo 5 11))",
  ])("of constants and bits is not: %s", (term) => {
    expect(refusal(asserted(declared, `(fp.isNaN ${term})`))).toBe("accepted");
  });
});
