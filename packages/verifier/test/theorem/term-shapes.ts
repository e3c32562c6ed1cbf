import { claim, half, join, nest, root, type Shape, truths } from "./work-shape.ts";

/** Names, each made of the one before. */
const doubled = (times: number, value: (inner: string) => string, first: string): string =>
  join(times, (at) => {
    const inner = at === 0 ? first : `m${at - 1}`;
    return `(define-fun m${at} () Bool ${value(inner)})`;
  });
/** Functions with one parameter that call the one before twice, over a wide operator. */
const callTwice = (times: number, wide: string): string =>
  `(define-fun g0 ((x Bool)) Bool ${wide})${join(
    times,
    (at) => `(define-fun g${at + 1} ((x Bool)) Bool (and (g${at} x) (g${at} (not x))))`,
  )}`;

/** Terms: wide, deep, shared, bound, expanded. */
export const termShapes: readonly Shape[] = [
  { name: "wide", write: (n) => claim(`(assert (or${" true".repeat(n)} false))`) },
  { name: "wide numbers", write: (n) => claim(`(assert (= (+ 1${" 1".repeat(n)}) 2))`) },
  {
    name: "wide, expanded twice each",
    write: (n) =>
      claim(
        `${callTwice(20, `(or x x${" x".repeat(half(n))})`)}${truths(1)}` +
          `(assert (g20 p0))${join(root(n), () => "(assert (g19 (not (not p0))))")}`,
      ),
  },
  {
    name: "wide, called often",
    write: (n) =>
      claim(
        `(define-fun g ((x Bool)) Bool (or x x${" x".repeat(half(n))}))${truths(root(n))}` +
          join(root(n), (at) => `(assert (g p${at}))`),
      ),
  },
  {
    name: "many parameters",
    write: (n) =>
      claim(
        `(define-fun g (${join(half(n), (at) => `(a${at} Bool)`)}) Bool (not a0))` +
          `${truths(1)}(assert (g${" p0".repeat(half(n))}))`,
      ),
  },
  {
    name: "distinct, expanded twice each",
    write: (n) => {
      const values = Math.min(n, 100);
      const operands = join(values - 1, (at) => ` ${at}`);
      return claim(
        `(define-fun g0 ((x Int)) Bool (distinct x${operands}))` +
          join(
            12,
            (at) =>
              `(define-fun g${at + 1} ((x Int)) Bool ` + `(and (g${at} (+ x 1)) (g${at} (+ x x))))`,
          ) +
          "(declare-const x Int)(assert (g12 x))",
      );
    },
  },
  {
    name: "many distinct",
    write: (n) => {
      const operands = join(90, (at) => ` x${at}`);
      return claim(
        join(90, (at) => `(declare-const x${at} Int)`) +
          join(Math.ceil(n / 90), (at) => `(assert (distinct ${at}${operands}))`),
      );
    },
  },
  {
    name: "nested let",
    write: (n) =>
      claim(
        `${truths(1)}(assert ${join(
          Math.min(n, 4_000),
          (at) => `(let ((v${at} (and ${at === 0 ? "p0 p0" : `v${at - 1} v${at - 1}`}))) `,
        )}p0` + `${")".repeat(Math.min(n, 4_000))})`,
      ),
  },
  {
    name: "wide let",
    write: (n) => claim(`${truths(1)}(assert (let (${join(n, (at) => `(v${at} (not p0))`)}) p0))`),
  },
  {
    name: "one quantifier with many hints, shared",
    write: (n) =>
      claim(
        `${truths(1)}(declare-fun f (Int) Bool)(assert (let ((q (forall ((x Int)) (! (f x) ${":pattern ((f x)) ".repeat(
          half(n),
        )})))) (or${" q".repeat(half(n))} q)))`,
      ),
  },
  {
    name: "quantifiers within quantifiers",
    write: (n) =>
      claim(
        `(declare-fun f (Int) Bool)(assert ${join(
          Math.min(n, 450),
          (at) => `(forall ((x${at} Int)) (or (f x${at}) `,
        )}(or ${join(
          n,
          (at) => `(f (+ x0 ${at} x${Math.min(n, 450) - 1}))`,
        )} true)${"))".repeat(Math.min(n, 450))})`,
      ),
  },
  {
    name: "a closed quantifier moved to many levels",
    write: (n) =>
      claim(
        `(declare-fun f (Int) Bool)(define-fun q () Bool (forall ((y Int)) (or true ${join(
          half(n),
          (at) => ` (f (+ y ${at}))`,
        )})))(assert ${join(
          Math.min(n, 450),
          (at) => `(forall ((x${at} Int)) (or q `,
        )}true${"))".repeat(Math.min(n, 450))})`,
      ),
  },
  { name: "deep", write: (n) => claim(`(assert ${nest(Math.min(n, 9_000), "(not ", "true")})`) },
  {
    name: "names for terms",
    write: (n) => claim(join(n, (at) => `(assert (! true :named n${at} :a b :c d))`)),
  },
  {
    name: "named conjunctions, doubled",
    write: (n) => claim(`${truths(1)}${doubled(n, (m) => `(and ${m} ${m})`, "p0")}(assert p0)`),
  },
  {
    name: "chains",
    write: (n) => claim(`(assert (=${" 1".repeat(n)} 1))(assert (< 1${" 1".repeat(n)}))`),
  },
  {
    name: "right fold",
    write: (n) => claim(`(assert (=>${" true".repeat(Math.min(n, 19_000))} false))`),
  },
  {
    name: "shared terms in layers",
    write: (n) =>
      claim(
        `(declare-fun f (Int Int) Int)(assert (= 0 (+ ${join(
          n,
          (at) => `(f ${at} (f ${at % 97} ${at % 89}))`,
        )} 0)))`,
      ),
  },
];
