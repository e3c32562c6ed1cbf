import { claim, join, type Shape } from "./work-shape.ts";

/** Literals, and what stands between commands. */
export const literalShapes: readonly Shape[] = [
  {
    name: "quotients of quotients",
    write: (n) =>
      claim(
        `(set-logic QF_LRA)(assert (let ((v0 (/ 1.0 3.0))) ${join(
          Math.min(n, 4_000),
          (at) => `(let ((v${at + 1} (/ v${at} v${at}))) `,
        )}true${")".repeat(Math.min(n, 4_000))}))`,
      ),
  },
  { name: "a long quotient", write: (n) => claim(`(assert (= 0.0 (/ 1.0${" 7.7".repeat(n)})))`) },
  {
    name: "zeros before the last digit",
    write: (n) => claim(join(Math.ceil(n / 500), () => `(assert (= 0.0 0.${"0".repeat(4_000)}1))`)),
  },
  {
    name: "long numerals with a sign",
    write: (n) =>
      claim(`(assert (let ((v 1${"7".repeat(4_000)})) (= (+${" (- v)".repeat(n)} 0) 0)))`),
  },
  {
    name: "long numerals",
    write: (n) => claim(join(Math.ceil(n / 500), () => `(assert (= 0 ${"9".repeat(4_000)}))`)),
  },
  {
    name: "long bit patterns",
    write: (n) =>
      claim(
        join(
          Math.ceil(n / 500),
          (at) => `(assert (= #x${at % 10}${"f".repeat(4_000)} #x${"e".repeat(4_001)}))`,
        ),
      ),
  },
  {
    name: "wide bit vectors",
    write: (n) =>
      claim(
        `(declare-const x (_ BitVec 65536))${join(
          n,
          (at) => `(assert (bvsdivo x (_ bv${at} 65536)))`,
        )}`,
      ),
  },
  {
    name: "strings",
    write: (n) => claim(`(assert (= "${"\\u{1f}".repeat(n)}" "${'""'.repeat(n)}"))`),
  },
  { name: "comments", write: (n) => claim("; a\n".repeat(n)) },
  { name: "blanks", write: (n) => claim(" \n".repeat(n)) },
  {
    name: "a logic's name",
    write: (n) => claim(join(n, () => `(set-logic ${"SLIA".repeat(250)}X)`)),
  },
  { name: "options", write: (n) => claim(join(n, (at) => `(set-option :smt.a${at} ((1)))`)) },
  { name: "open parentheses", write: (n) => `(assert ${"(a ".repeat(Math.min(n, 9_990))}` },
  { name: "lists", write: (n) => claim(`(set-info :a (${"()".repeat(n)}))`) },
];
