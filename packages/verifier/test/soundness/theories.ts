/**
 * Productions of the generator, theory by theory: one a line, `Sort = template`, where
 * `{Sort}` stands for a term of that sort, `{Sort!}` for a literal of it, and `{Sort|v:Int}` for
 * one that may use the bound variable `v`. `*n` in front is its weight. Operators with a history
 * of wrong answers, and the corners where they had them, weigh more.
 */
const productions = {
  core: `
    *3 Bool = (not {Bool})
    *3 Bool = (and {Bool} {Bool})
    *3 Bool = (or {Bool} {Bool} {Bool})
    Bool = (xor {Bool} {Bool})
    Bool = (=> {Bool} {Bool})
    Bool = (= {Bool} {Bool})
    Bool = (ite {Bool} {Bool} {Bool})
    Bool = (let ((v {Bool})) (or v {Bool|v:Bool}))`,
  integers: `
    *4 Bool = (= {Int} {Int})
    *4 Bool = (<= {Int} {Int})
    *2 Bool = (< {Int} {Int})
    Bool = (> {Int} {Int})
    Bool = (distinct {Int} {Int} {Int})
    *3 Int = (+ {Int} {Int})
    *2 Int = (- {Int} {Int})
    *2 Int = (- {Int})
    *3 Int = (* {Int!} {Int})
    *4 Int = (div {Int} {Int!})
    *4 Int = (mod {Int} {Int!})
    Int = (mod (mod {Int} {Int!}) {Int!})
    Int = (div {Int} (ite {Bool} {Int!} {Int!}))
    Int = (abs {Int})
    *2 Int = (ite {Bool} {Int} {Int})
    Int = (let ((v {Int})) (+ v {Int|v:Int}))`,
  products: `
    *2 Int = (* {Int} {Int})
    Int = (div {Int} {Int})
    Int = (mod {Int} {Int})
    Real = (* {Real} {Real})
    Real = (/ {Real} {Real})
    Bool = (= (* {Int} {Int}) {Int})
    Bool = (< (* {Real} {Real}) {Real})`,
  reals: `
    *4 Bool = (= {Real} {Real})
    *4 Bool = (<= {Real} {Real})
    *2 Bool = (< {Real} {Real})
    *3 Real = (+ {Real} {Real})
    *2 Real = (- {Real} {Real})
    Real = (- {Real})
    *3 Real = (* {Real!} {Real})
    *3 Real = (/ {Real} {Real!})
    Real = (ite {Bool} {Real} {Real})`,
  mixed: `
    *3 Int = (to_int {Real})
    *3 Real = (to_real {Int})
    *3 Bool = (is_int {Real})
    Bool = (< (to_real (to_int {Real})) {Real})
    Int = (to_int (/ (to_real {Int}) {Real!}))`,
  bits: `
    *3 Bool = (= {BV4} {BV4})
    *2 Bool = (= {BV8} {BV8})
    Bool = (bvult {BV4} {BV4})
    Bool = (bvsle {BV4} {BV4})
    Bool = (bvslt {BV8} {BV8})
    Bool = (bvule {BV8} {BV8})
    *2 BV4 = (bvadd {BV4} {BV4})
    BV4 = (bvsub {BV4} {BV4})
    *2 BV4 = (bvmul {BV4} {BV4})
    BV4 = (bvneg {BV4})
    BV4 = (bvnot {BV4})
    BV4 = (bvand {BV4} {BV4})
    BV4 = (bvor {BV4} {BV4})
    BV4 = (bvxor {BV4} {BV4})
    *3 BV4 = (bvudiv {BV4} {BV4})
    *3 BV4 = (bvurem {BV4} {BV4})
    *3 BV4 = (bvsdiv {BV4} {BV4})
    *3 BV4 = (bvsrem {BV4} {BV4})
    *3 BV4 = (bvsmod {BV4} {BV4})
    *2 BV4 = (bvshl {BV4} {BV4})
    *2 BV4 = (bvlshr {BV4} {BV4})
    *2 BV4 = (bvashr {BV4} {BV4})
    BV4 = ((_ extract 5 2) {BV8})
    BV4 = ((_ rotate_left 3) {BV4})
    BV4 = ((_ rotate_right 1) {BV4})
    BV4 = (ite {Bool} {BV4} {BV4})
    BV8 = (concat {BV4} {BV4})
    BV8 = ((_ sign_extend 4) {BV4})
    BV8 = ((_ zero_extend 4) {BV4})
    BV8 = ((_ repeat 2) {BV4})
    BV8 = (bvmul {BV8} {BV8})
    BV8 = (bvadd {BV8} {BV8})
    BV8 = (bvsdiv {BV8} {BV8!})
    BV8 = (bvurem {BV8} {BV8!})
    BV8 = (bvxnor {BV8} {BV8})`,
  overflows: `
    *2 Bool = (bvnego {BV4})
    *2 Bool = (bvsaddo {BV4} {BV4})
    *2 Bool = (bvuaddo {BV4} {BV4})
    *2 Bool = (bvsmulo {BV4} {BV4})
    *2 Bool = (bvumulo {BV4} {BV4})
    Bool = (bvssubo {BV4} {BV4})
    Bool = (bvusubo {BV4} {BV4})
    *2 Bool = (bvsdivo {BV4} {BV4})
    *2 Int = (ubv_to_int {BV4})
    *2 Int = (sbv_to_int {BV4})
    *2 BV4 = ((_ int_to_bv 4) {Int})`,
  strings: `
    *4 Bool = (= {String} {String})
    *2 Bool = (str.prefixof {String} {String})
    *2 Bool = (str.suffixof {String} {String})
    *2 Bool = (str.contains {String} {String})
    Bool = (str.< {String} {String!})
    Bool = (str.<= {String} {String})
    Bool = (str.is_digit {String})
    *3 Bool = (= (str.len {String}) {Int!})
    *4 String = (str.++ {String} {String})
    *3 String = (str.substr {String} {Int!} {Int!})
    *2 String = (str.substr {String} {Int} {Int!})
    String = (str.at {String} {Int})
    *2 String = (str.replace {String!} {String} {String})
    *2 Int = (str.indexof {String!} {String!} {Int})
    Int = (str.indexof {String} {String!} {Int})
    *2 Bool = (= {String!} (str.++ {String} {String}))
    *2 String = (str.at {String} {Int!})
    *4 String = (str.replace {String} {String} {String})
    *2 String = (str.replace_all {String!} {String!} {String!})
    *2 String = (str.from_int {Int})
    *2 String = (str.from_code {Int})
    String = (ite {Bool} {String} {String})
    *2 Int = (str.len {String})
    *4 Int = (str.indexof {String} {String} {Int!})
    *3 Int = (str.to_int {String})
    *2 Int = (str.to_code {String})`,
  patterns: `
    *6 Bool = (str.in_re {String} {RegLan})
    *4 RegLan = (str.to_re {String!})
    *3 RegLan = (re.++ {RegLan} {RegLan})
    *3 RegLan = (re.union {RegLan} {RegLan})
    RegLan = (re.inter {RegLan} {RegLan})
    *3 RegLan = (re.* {RegLan})
    RegLan = (re.+ {RegLan})
    RegLan = (re.opt {RegLan})
    *2 RegLan = (re.range {Char!} {Char!})
    RegLan = (re.comp {RegLan})
    RegLan = (re.diff {RegLan} {RegLan})
    RegLan = ((_ re.^ 2) {RegLan})
    RegLan = ((_ re.loop 1 3) {RegLan})
    RegLan = ((_ re.loop 2 1) {RegLan})
    RegLan = re.allchar
    RegLan = re.all
    RegLan = re.none`,
  floats: `
    *2 Bool = (= {F35} {F35})
    *2 Bool = (fp.eq {F35} {F35})
    *2 Bool = (fp.leq {F35} {F35})
    Bool = (fp.lt {F35} {F35})
    Bool = (fp.isNaN {F35})
    Bool = (fp.isZero {F35})
    Bool = (fp.isSubnormal {F35})
    Bool = (fp.isNegative {F35})
    Bool = (fp.isInfinite {F35})
    *3 F35 = (fp.add {Mode} {F35} {F35})
    *2 F35 = (fp.sub {Mode} {F35} {F35})
    *2 F35 = (fp.mul {Mode} {F35} {F35})
    *2 F35 = (fp.div {Mode} {F35} {F35!})
    F35 = (fp.sqrt {Mode} {F35})
    *2 F35 = (fp.roundToIntegral {Mode} {F35})
    F35 = (fp.min {F35} {F35})
    F35 = (fp.max {F35} {F35})
    F35 = (fp.neg {F35})
    F35 = (fp.abs {F35})
    F35 = (ite {Bool} {F35} {F35})
    *2 F35 = ((_ to_fp 3 5) {Mode} {F44})
    F35 = ((_ to_fp 3 5) {BV8})
    F35 = ((_ to_fp 3 5) {Mode} {BV4})
    F35 = ((_ to_fp_unsigned 3 5) {Mode} {BV4})
    F44 = ((_ to_fp 4 4) {Mode} {F35})
    F44 = (fp.add {Mode} {F44} {F44})
    BV4 = ((_ fp.to_ubv 4) {Mode} {F35})
    BV4 = ((_ fp.to_sbv 4) {Mode} {F35})
    Bool = (= {BV4} {BV4})
    Real = (fp.to_real {F35!})`,
  arrays: `
    *3 Bool = (= (select {AInt} {Int}) {Int})
    *2 Bool = (= {AInt} {AInt})
    *2 Bool = (= {ABits} {ABits})
    *4 AInt = (store {AInt} {Int} {Int})
    AInt = (ite {Bool} {AInt} {AInt})
    *4 ABits = (store {ABits} {BV4} {BV4})
    *3 Int = (select {AInt} {Int})
    *3 BV4 = (select {ABits} {BV4})
    Bool = (= (store {AInt} {Int} {Int}) (store {AInt} {Int} {Int}))`,
  datatypes: `
    *3 Bool = (= {List} {List})
    *2 Bool = ((_ is cons) {List})
    Bool = ((_ is nil) {List})
    *3 List = (cons {Int} {List})
    *3 List = (tail {List})
    List = (ite {Bool} {List} {List})
    List = (match {List} ((nil nil) ((cons h t) t)))
    *3 Int = (head {List})
    Int = (match {List} ((nil {Int}) ((cons h t) (+ h {Int|h:Int}))))
    *2 Bool = (= {Pair} {Pair})
    Pair = (both {Int} {Bool})
    Int = (first {Pair})
    Bool = (second {Pair})`,
  functions: `
    *3 Int = (f {Int})
    *2 Int = (g {Int} {Int})
    *2 Bool = (p {U})
    *2 U = (h {U})
    U = (ite {Bool} {U} {U})
    *3 Bool = (= {U} {U})
    Bool = (distinct {U} {U} {U})`,
  quantifiers: `
    *3 Bool = (forall ((q Int)) (=> (and (<= 0 q) (<= q 3)) {Bool|q:Int}))
    *3 Bool = (exists ((q Int)) (and (<= (- 1) q) (< q 3) {Bool|q:Int}))
    *2 Bool = (forall ((q Bool)) {Bool|q:Bool})
    *2 Bool = (exists ((q Int)) {Bool|q:Int})
    Bool = (forall ((q Int)) (! (=> (> (f q) {Int}) (> (f q) {Int|q:Int})) :pattern ((f q))))
    Bool = (exists ((q Int) (r Int)) (and (= (+ q r) {Int}) {Bool|q:Int}))`,
} as const;

export type TheoryName = keyof typeof productions;

/** Whether a text names a theory. */
export function isTheoryName(text: string): text is TheoryName {
  return Object.hasOwn(productions, text);
}

/** One way to make a term. */
export interface Production {
  readonly sort: string;
  readonly template: string;
  readonly weight: number;
}

/** Theories that make sense together; each case is of one. */
export const blends: readonly (readonly TheoryName[])[] = [
  ["core", "integers"],
  ["core", "integers", "products"],
  ["core", "integers", "reals", "mixed"],
  ["core", "reals", "products"],
  ["core", "bits"],
  ["core", "bits", "overflows", "integers"],
  ["core", "bits", "arrays", "integers"],
  ["core", "strings", "integers"],
  ["core", "strings", "patterns", "integers"],
  ["core", "patterns", "strings"],
  ["core", "floats"],
  ["core", "floats", "bits"],
  ["core", "arrays", "integers"],
  ["core", "datatypes", "integers"],
  ["core", "functions", "integers"],
  ["core", "functions", "integers", "quantifiers"],
  ["core", "quantifiers", "integers", "arrays", "functions"],
  ["core", "datatypes", "functions", "integers", "strings"],
];

/** Productions of theories, those of sorts that nothing asks for included. */
export function productionsOf(names: readonly TheoryName[]): readonly Production[] {
  return names.flatMap((name) =>
    productions[name]
      .trim()
      .split("\n")
      .map((line) => {
        const match = /^\s*(?:\*(\d+) )?(\w+) = (.*)$/.exec(line);
        if (match === null) throw new SyntaxError(`not a production: ${line}`);
        const [, weight = "1", sort = "", template = ""] = match;
        return { sort, template, weight: Number(weight) };
      }),
  );
}
