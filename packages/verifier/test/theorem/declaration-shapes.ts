import { claim, deepSort, half, join, root, type Shape, truths } from "./work-shape.ts";

/** Sorts, datatypes and functions. */
export const declarationShapes: readonly Shape[] = [
  {
    name: "functions of one name",
    write: (n) =>
      claim(
        join(
          n,
          (at) =>
            `(declare-fun f ((_ BitVec ${1 + (at % 300)}) (_ BitVec ${1 + Math.floor(at / 300)})) Int)`,
        ),
      ),
  },
  {
    name: "functions of one name, used",
    write: (n) =>
      claim(
        `${join(300, (at) => `(declare-fun f ((_ BitVec ${at + 1})) Bool)`)}(declare-const x (_ BitVec 300))` +
          join(n, () => "(assert (f x))"),
      ),
  },
  {
    name: "an operand that fits no function",
    write: (n) =>
      claim(
        `(define-sort S () ${deepSort(900, "Int")})(declare-fun f (Int) Int)(declare-fun f (Bool) Int)` +
          `(declare-const x S)(assert (= 0 (f${" x".repeat(n)})))`,
      ),
  },
  {
    name: "constructors of one name, tested",
    write: (n) =>
      claim(
        `${join(half(n), (at) => `(declare-datatype D${at} ((c (s (_ BitVec ${at + 1})))))`)}` +
          `(declare-const x D0)${join(half(n), () => "(assert ((_ is c) x))(assert (is-c x))")}`,
      ),
  },
  {
    name: "match on many constructors",
    write: (n) =>
      claim(
        `(declare-datatype D (${join(half(n), (at) => `(c${at})`)}))(declare-const x D)(assert (match x (${join(
          half(n),
          (at) => `(c${at} true)`,
        )})))`,
      ),
  },
  {
    name: "many matches on many constructors",
    write: (n) =>
      claim(
        `(declare-datatype D (${join(half(n), (at) => `(c${at})`)}))(declare-const x D)` +
          join(half(n), () => "(assert (match x ((c0 true) (_ false))))"),
      ),
  },
  {
    name: "many fields",
    write: (n) =>
      claim(
        `(declare-datatype D ((c ${join(n, (at) => `(s${at} Int)`)})))(declare-const x D)(assert (= x x))`,
      ),
  },
  {
    name: "datatypes of each other",
    write: (n) => {
      const types = Math.min(n, 450);
      return claim(
        `(declare-datatypes (${join(types, (at) => `(D${at} 0)`)}) (${join(
          types,
          (at) =>
            `((c${at} ${join(
              Math.floor(n / types),
              (field) => ` (s${at}x${field} (Array Int D${(at + 1 + field) % types}))`,
            )})${at === types - 1 ? " (z)" : ""})`,
        )}))(declare-const x D0)(assert (= x x))`,
      );
    },
  },
  {
    name: "datatypes that have values late",
    write: (n) => {
      const types = Math.min(n, 450);
      return claim(
        `(declare-datatypes (${join(types, (at) => `(D${at} 0)`)}) (${join(types, (at) =>
          at === types - 1
            ? "((z))"
            : `((c${at} ${join(
                Math.max(1, Math.floor(n / types)),
                (field) => ` (s${at}x${field} D${at + 1})`,
              )}))`,
        )}))(declare-const x D0)(assert (= x x))`,
      );
    },
  },
  {
    name: "one datatype in another, over and over",
    write: (n) =>
      claim(
        `(declare-datatypes ((A 1)) ((par (T) ((a ${join(half(n), (at) => `(s${at} T)`)})))))` +
          `${join(
            half(n),
            (at) =>
              `(declare-datatype B${at} ((b${at} (t${at} (A ${
                at === 0 ? "Int" : `B${at - 1}`
              })))))`,
          )}(declare-const x B${half(n) - 1})(assert (= x x))`,
      ),
  },
  {
    name: "many instances of a large datatype",
    write: (n) =>
      claim(
        `(declare-datatypes ((A 1)) ((par (T) (${join(half(n), (at) => `(c${at} (s${at} T))`)}))))` +
          join(
            half(n),
            (at) => `(declare-const x${at} (A (_ BitVec ${at + 1})))(assert (= x${at} x${at}))`,
          ),
      ),
  },
  {
    name: "instances with many arguments",
    write: (n) => {
      const names = join(99, (at) => ` T${at}`);
      return claim(
        `(declare-datatypes ((A 99)) ((par (${names}) (${join(
          half(n),
          (at) => `(c${at} (s${at} (A${names})))`,
        )} (z)))))(declare-const x (A${" Int".repeat(99)}))` +
          join(half(n), (at) => `(assert (= x (s${at} x)))`),
      );
    },
  },
  {
    name: "constructors over large generic sorts",
    write: (n) =>
      claim(
        `(declare-datatypes ((A 1)) ((par (T) ((z) (c (s ${deepSort(900, "T")}))))))(declare-const x (A Int))` +
          join(n, () => "(assert (= x (c (s x))))"),
      ),
  },
  {
    name: "a chain of sorts",
    write: (n) =>
      claim(
        `(define-sort S0 (T) (Array T T))${join(
          n,
          (at) => `(define-sort S${at + 1} (T) (S${at} (S${at} T)))`,
        )}`,
      ),
  },
  {
    name: "instances of a large sort",
    write: (n) =>
      claim(
        `(define-sort S (T) ${deepSort(900, "T")})(declare-fun f (${join(
          n,
          (at) => `(S (_ BitVec ${at + 1}))`,
        )}) Int)`,
      ),
  },
  {
    name: "a large sort, printed often",
    write: (n) =>
      claim(
        `(define-sort S () ${deepSort(900, "Int")})(declare-fun f (${" S".repeat(n)}) Bool)` +
          `(declare-const x S)(assert (f${" x".repeat(n)}))`,
      ),
  },
  {
    name: "constants of a large sort",
    write: (n) =>
      claim(
        `(define-sort S () ${deepSort(900, "Int")})${join(
          n,
          (at) => `(declare-const x${at} S)(assert (= x${at} x${at}))`,
        )}`,
      ),
  },
  {
    name: "a sort with many parameters",
    write: (n) =>
      claim(
        `(define-sort S (T${join(n, (at) => ` T${at}`)}) ${deepSort(900, "T")})` +
          `(declare-const x (S${" Int".repeat(n + 1)}))`,
      ),
  },
  {
    name: "a sort made of other parameters each time",
    write: (n) => {
      const width = root(n);
      return claim(
        `(define-sort S (${join(width, (at) => ` T${at}`)}) ${join(
          Math.min(width, 300),
          (at) => `(Array T${at} `,
        )}Int${")".repeat(Math.min(width, 300))})${join(
          width,
          (at) => `(declare-const x${at} (S${" Int".repeat(width - 1)} (_ BitVec ${at + 1})))`,
        )}`,
      );
    },
  },
  {
    name: "a chain of declared datatypes",
    write: (n) =>
      claim(
        `${join(
          n,
          (at) =>
            `(declare-datatype D${at} ((c${at} (s${at} ${at === 0 ? "Int" : `D${at - 1}`}))))`,
        )}(declare-const x D${n - 1})(assert (= x x))`,
      ),
  },
  {
    name: "long names",
    write: (n) =>
      claim(join(Math.ceil(n / 100), (at) => `(declare-const ${"a".repeat(1_000)}${at} Int)`)),
  },
  { name: "declarations", write: (n) => claim(truths(n)) },
  {
    name: "a wide function",
    write: (n) => claim(`(declare-fun f (${" Int".repeat(n)}) Bool)(assert (f${" 1".repeat(n)}))`),
  },
];
