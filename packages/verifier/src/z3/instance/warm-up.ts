import type { Term } from "../../term.ts";

/**
 * Scripts of the warm-up, which runs before the image is taken: one small problem for each engine
 * of Z3.
 *
 * Z3 registers parameters and tactics on first use, which takes 60 to 130 ms (measured). The image
 * contains them already. The list decides the image, so every change must raise `JUDGE_VERSION`.
 */
export const warmUpScripts: readonly string[] = [
  `(declare-const x Int)(declare-const a (Array Int Int))
   (assert (not (= (select (store a x 2) x) (+ 1 (mod (* 3 x) 2)))))(assert (< x 3))`,
  `(declare-const x Int)(declare-const y Int)(assert (> x 0))(assert (> y 0))(assert (< (* x y) 0))`,
  `(declare-const x Real)(declare-const y Real)(assert (> x 0.0))(assert (> y 0.0))
   (assert (< (* x y) 0.0))`,
  `(declare-const a (_ BitVec 8))(assert (= (bvmul a #x02) (bvadd a #x01)))`,
  `(declare-sort S 0)(declare-fun f (S) S)(declare-const s S)
   (assert (forall ((x S)) (! (= (f (f x)) x) :pattern ((f x)))))(assert (not (= (f (f s)) s)))`,
  `(declare-datatypes ((L 0)) (((nil) (cons (head Int) (tail L)))))(declare-const l L)
   (assert (not (= l nil)))(assert (= l (tail l)))`,
  `(declare-const f Float32)(assert (fp.lt f f))`,
  `(declare-const s String)(assert (= (str.len (str.++ s "ab")) 1))`,
];

const integer = (value: bigint): Term => ({ type: "integer", value });
const x: Term = { type: "symbol", name: "x", sort: "integer" };
const array: Term = {
  type: "symbol",
  name: "a",
  sort: { type: "array", index: "integer", element: "integer" },
};
const product: Term = { type: "arithmetic", operator: "multiply", operands: [integer(3n), x] };
const rest: Term = { type: "arithmetic", operator: "modulo", operands: [product, integer(2n)] };
const stored: Term = { type: "store", array, index: x, value: integer(2n) };

/** Term of the warm-up for obligations. It uses arrays and linear arithmetic. */
export const warmUpTerm: Term = {
  type: "and",
  operands: [
    { type: "compare", operator: "less", left: x, right: integer(3n) },
    {
      type: "not",
      operand: { type: "equal", left: { type: "select", array: stored, index: x }, right: rest },
    },
  ],
};
