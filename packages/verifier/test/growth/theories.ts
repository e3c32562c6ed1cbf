/** Parts of a layer of a script: operators of one sort, and predicates that end it. */
export interface Theory {
  readonly name: string;
  /** The sort, at a width that the layer chooses. */
  readonly sort: (width: number) => string;
  /** Declarations that the sort or the operators need. */
  readonly prelude?: string;
  readonly operators: readonly Operator[];
  readonly predicates: readonly ((left: string, right: string, part: Part) => string)[];
  /** A literal of the sort. */
  readonly literal: (part: Part) => string;
  readonly widths: readonly number[];
}

/** A term from the one before it and another. */
export type Operator = (previous: string, other: string, part: Part) => string;

/** Part that varies between two terms of a layer. */
export interface Part {
  /** Counts the terms of the layer. */
  readonly index: number;
  readonly width: number;
  /** Digits, characters or repetitions. */
  readonly knob: number;
}

/** A numeral of so many digits that looks random. */
export function digits(count: number, seed: number): string {
  let state = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  let text = "";
  while (text.length < count) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += String(state >>> 4);
  }
  return `7${text}`.slice(0, Math.max(1, count));
}

const number = ({ index, knob }: Part): string => digits(Math.min(knob, 1200), index);

const integers: Theory = {
  name: "integers",
  sort: () => "Int",
  widths: [1],
  literal: number,
  operators: [
    (p, q) => `(* ${p} ${q})`,
    (p) => `(* ${p} ${p})`,
    (p, q) => `(+ ${p} ${q} 1)`,
    (p, q) => `(- ${p} (* 3 ${q}))`,
    (p, _, part) => `(* ${p} ${number(part)})`,
    (p, _, part) => `(mod ${p} ${number(part)})`,
    (p, _, part) => `(div (* 3 ${p}) ${number(part)})`,
    (p, q) => `(mod ${p} (+ 7 ${q}))`,
    (p, q) => `(div ${p} (+ 7 ${q}))`,
    (p) => `(abs (- ${p} 5))`,
    (p, q, { index }) => `(ite (> ${p} ${q}) (+ ${p} ${index}) (- ${q} 1))`,
    (p, q) => `(ite (= ${p} ${q}) ${p} (* 2 ${q}))`,
    (p, _, { index }) => `(to_int (/ (to_real ${p}) ${index + 2}.0))`,
    (p, q) => `(* (+ ${p} ${q}) (- ${p} ${q} 1))`,
    (p, q) => `(+ (* 2 ${p}) (* (- 3) ${q}))`,
  ],
  predicates: [
    (p, q) => `(= ${p} ${q})`,
    (p) => `(= ${p} 12345)`,
    (p, q) => `(and (< ${p} ${q}) (> ${p} 3))`,
    (p, q, { index }) => `(or (< ${p} ${index}) (> ${q} ${index + 9}))`,
    (p, q) => `(distinct ${p} ${q} 0)`,
    (p, q) => `(exists ((z Int)) (and (= ${p} (* 2 z)) (< z ${q})))`,
    (p, q) => `(forall ((z Int)) (or (> z ${p}) (< (* 3 z) ${q})))`,
  ],
};

const reals: Theory = {
  name: "reals",
  sort: () => "Real",
  widths: [1],
  literal: (part) => `${number(part)}.0`,
  operators: [
    (p, q) => `(* ${p} ${q})`,
    (p) => `(* ${p} ${p})`,
    (p, q) => `(+ ${p} ${q} 1.5)`,
    (p, _, part) => `(/ ${p} ${number(part)}.0)`,
    (p, _, part) => `(* ${p} ${number(part)}.25)`,
    (p, q) => `(/ ${p} (+ ${q} 2.0))`,
    (p, q) => `(- (* 7.0 ${p}) (* 5.0 ${q}))`,
    (p) => `(to_real (to_int ${p}))`,
    (p, q) => `(ite (> ${p} ${q}) (- ${p} ${q}) (+ ${q} 1.0))`,
    (p, q) => `(* (+ ${p} ${q}) (- ${p} ${q} 1.0))`,
  ],
  predicates: [
    (p, q) => `(= ${p} ${q})`,
    (p) => `(= ${p} 3.0)`,
    (p, q) => `(and (< ${p} ${q}) (> ${p} 0.5))`,
    (p) => `(is_int ${p})`,
    (p, q) => `(= (* ${p} ${p}) (+ (* ${q} ${q}) 2.0))`,
    (p, q) => `(exists ((z Real)) (and (= ${p} (* z z)) (< z ${q})))`,
  ],
};

const bits = (value: number, width: number): string =>
  `(_ bv${value % 2 ** Math.min(width, 30)} ${width})`;

const vectors: Theory = {
  name: "vectors",
  sort: (width) => `(_ BitVec ${width})`,
  widths: [8, 32, 64, 256, 1024, 4096],
  literal: ({ index, width, knob }) => bits(index * 7919 + knob, width),
  operators: [
    (p, q) => `(bvmul ${p} ${q})`,
    (p) => `(bvmul ${p} ${p})`,
    (p, q) => `(bvadd ${p} (bvnot ${q}))`,
    (p, q) => `(bvurem ${p} ${q})`,
    (p, q) => `(bvsdiv ${p} (bvor ${q} ${p}))`,
    (p, q) => `(bvudiv ${p} ${q})`,
    (p, q) => `(bvshl ${p} ${q})`,
    (p, q) => `(bvashr ${p} (bvxor ${q} ${p}))`,
    (p, q) => `(bvsmod ${p} ${q})`,
    (p, q) => `(ite (bvult ${p} ${q}) (bvneg ${p}) ${q})`,
    (p, _, { width, index }) => `((_ rotate_left ${index % width}) ${p})`,
    (p, q, { width }) => `((_ extract ${width - 1} 0) (concat ${p} ${q}))`,
    (p, q, { width }) =>
      `((_ extract ${2 * width - 1} ${width}) (bvmul ((_ zero_extend ${width}) ${p}) ((_ sign_extend ${width}) ${q})))`,
    (p, q, { width }) => `((_ int_to_bv ${width}) (+ (ubv_to_int ${p}) (ubv_to_int ${q})))`,
  ],
  predicates: [
    (p, q) => `(= ${p} ${q})`,
    (p, q) => `(bvult ${p} ${q})`,
    (p, q) => `(bvsle (bvadd ${p} ${q}) ${q})`,
    (p, _, { width }) => `(= ${p} ${bits(7, width)})`,
    (p, q) => `(= #b1 (bvcomp ${p} ${q}))`,
    (p, q) => `(bvumulo ${p} ${q})`,
    (p, q) => `(= (ubv_to_int ${p}) (+ 1 (ubv_to_int ${q})))`,
  ],
};

const characters = ({ index, knob }: Part): string =>
  `"${"ab".repeat(Math.min(knob, 4000)).slice(index % 2)}"`;

const strings: Theory = {
  name: "strings",
  sort: () => "String",
  widths: [1],
  literal: characters,
  operators: [
    (p, q) => `(str.++ ${p} ${q})`,
    (p) => `(str.++ ${p} "a" ${p})`,
    (p) => `(str.replace_all ${p} "a" "aa")`,
    (p, q) => `(str.replace_all ${p} "a" ${q})`,
    (p, q) => `(str.replace ${p} "ab" ${q})`,
    (p, q) => `(str.substr ${p} 1 (str.len ${q}))`,
    (p, q) => `(str.at ${p} (str.indexof ${q} "b" 0))`,
    (p) => `(str.from_int (* 3 (str.to_int ${p})))`,
    (p, q) => `(str.from_int (+ (str.len ${p}) (str.to_code ${q})))`,
    (p) => `(str.replace_re_all ${p} (re.+ (str.to_re "a")) "ba")`,
    (p) => `(str.replace_re ${p} (re.++ re.all (str.to_re "b")) "aab")`,
    (p, q) => `(ite (str.< ${p} ${q}) (str.++ ${p} "b") ${q})`,
    (p, _, part) => `(str.++ ${p} ${characters(part)})`,
  ],
  predicates: [
    (p, q) => `(= ${p} ${q})`,
    (p, _, { knob }) => `(= ${knob} (str.len ${p}))`,
    (p, q) => `(str.contains ${p} (str.++ ${q} "ba"))`,
    (p, q) => `(and (str.prefixof ${p} ${q}) (not (= ${p} ${q})))`,
    (p, _, { knob }) => `(str.in_re ${p} (re.* (str.to_re "${"ab".repeat(Math.min(knob, 40))}c")))`,
    (p, _, { knob }) =>
      `(str.in_re ${p} ((_ re.loop ${knob % 60} ${(knob % 60) + 9}) (re.union (re.range "a" "f") (str.to_re "ab"))))`,
    (p, _, { knob }) =>
      `(str.in_re ${p} (re.inter (re.comp (re.++ re.all (str.to_re "a") ((_ re.^ ${knob % 24}) re.allchar))) (re.* (str.to_re "ab"))))`,
    (p, q) => `(str.<= ${q} ${p})`,
    (p, q) => `(= 5 (str.indexof ${p} ${q} 2))`,
    (p) => `(= (str.to_int ${p}) 77)`,
  ],
};

const arrays: Theory = {
  name: "arrays",
  sort: () => "(Array Int Int)",
  widths: [1],
  literal: ({ index }) => `((as const (Array Int Int)) ${index})`,
  operators: [
    (p, _, { index }) => `(store ${p} ${index} ${index})`,
    (p, q) => `(store ${p} (select ${q} 0) (select ${p} 1))`,
    (p, _, { index }) =>
      `(store ${p} (+ (select ${p} ${index}) 1) (select ${p} (select ${p} ${index})))`,
    (p, q) => `(ite (= (select ${p} 0) (select ${q} 0)) ${p} (store ${q} 0 1))`,
    (p, q, { index }) =>
      `(store (store ${p} ${index} (select ${q} 1)) (select ${q} ${index}) ${index})`,
  ],
  predicates: [
    (p, q) => `(= ${p} ${q})`,
    (p, q) => `(not (= ${p} ${q}))`,
    (p, q, { index }) => `(< (select ${p} ${index}) (select ${q} (select ${p} 0)))`,
    (p, q) => `(forall ((z Int)) (= (select ${p} z) (select ${q} (+ z 1))))`,
  ],
};

const trees: Theory = {
  name: "trees",
  sort: () => "Tree",
  prelude:
    "(declare-datatypes ((Tree 0)) (((leaf (tag Int)) (node (left Tree) (right Tree)) (empty))))",
  widths: [1],
  literal: ({ index }) => `(leaf ${index})`,
  operators: [
    (p, q) => `(node ${p} ${q})`,
    (p) => `(left ${p})`,
    (p) => `(right ${p})`,
    (p, q) => `(ite ((_ is node) ${p}) (left ${p}) ${q})`,
    (p, q) => `(node (right ${p}) (left ${q}))`,
    (p) => `(match ${p} (((leaf t) (leaf (+ t 1))) ((node l r) r) (empty empty)))`,
  ],
  predicates: [
    (p, q) => `(= ${p} ${q})`,
    (p, q) => `(distinct ${p} ${q} empty)`,
    (p, q) => `(and ((_ is node) ${p}) ((_ is leaf) ${q}))`,
    (p) => `(= (tag ${p}) 3)`,
    (p, q) => `(forall ((z Tree)) (or (= z ${p}) (= (left z) ${q})))`,
  ],
};

const floats: Theory = {
  name: "floats",
  sort: () => "(_ FloatingPoint 8 24)",
  widths: [1],
  literal: ({ index }) => `((_ to_fp 8 24) RNE ${index}.5)`,
  operators: [
    (p, q) => `(fp.mul RNE ${p} ${q})`,
    (p, q) => `(fp.add RTZ ${p} ${q})`,
    (p, q) => `(fp.div RNE ${p} ${q})`,
    (p) => `(fp.sqrt RNE ${p})`,
    (p) => `(fp.roundToIntegral RTP ${p})`,
    (p, q) => `(ite (fp.lt ${p} ${q}) (fp.neg ${p}) ${q})`,
    (p) => `((_ to_fp 8 24) RNE ((_ to_fp 11 53) RNE ${p}))`,
    (p) => `((_ to_fp 8 24) RNE ((_ fp.to_sbv 64) RTZ ${p}))`,
  ],
  predicates: [
    (p, q) => `(fp.eq ${p} ${q})`,
    (p, q) => `(fp.lt ${p} ${q})`,
    (p) => `(fp.isNormal ${p})`,
    (p) => `(< 3.0 (fp.to_real ${p}))`,
  ],
};

const functions: Theory = {
  name: "functions",
  sort: () => "Item",
  prelude:
    "(declare-sort Item 0)(declare-fun f (Item) Item)(declare-fun g (Item Item) Item)(declare-fun h (Item Item) Bool)",
  widths: [1],
  literal: () => "(f item)",
  operators: [
    (p) => `(f ${p})`,
    (p, q) => `(g ${p} ${q})`,
    (p) => `(g ${p} ${p})`,
    (p, q) => `(ite (h ${p} ${q}) (g ${q} ${p}) (f ${p}))`,
  ],
  predicates: [
    (p, q) => `(= ${p} ${q})`,
    (p, q) => `(h ${p} (g ${q} ${p}))`,
    (p, q) => `(not (= (f ${p}) (f ${q})))`,
    (p) => `(forall ((z Item)) (= (f z) (g (f (f z)) ${p})))`,
    (p) => `(forall ((y Item) (z Item)) (or (h y z) (h z (g y ${p}))))`,
    (p) => `(forall ((y Item)) (exists ((z Item)) (and (h y z) (not (h z ${p})))))`,
  ],
};

const truths: Theory = {
  name: "truths",
  sort: () => "Bool",
  widths: [1],
  literal: ({ index }) => (index % 2 === 0 ? "true" : "false"),
  operators: [
    (p, q) => `(xor ${p} ${q} ${p})`,
    (p, q) => `(= ${p} ${q} (not ${p}))`,
    (p, q) => `(and (or ${p} ${q}) (or (not ${p}) (not ${q})))`,
    (p, q) => `(ite ${p} ${q} (=> ${q} ${p}))`,
    (p, q) => `(= ${p} (forall ((z Int)) (or ${q} (> z 3))))`,
  ],
  predicates: [(p) => p, (p, q) => `(not (= ${p} ${q}))`, (p, q) => `(=> ${p} ${q})`],
};

/** All theories, with `item` declared wherever `functions` is used. */
export const theories: readonly Theory[] = [
  integers,
  reals,
  vectors,
  strings,
  arrays,
  trees,
  floats,
  { ...functions, prelude: `${functions.prelude}(declare-const item Item)` },
  truths,
];
