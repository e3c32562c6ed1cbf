import { describe, expect, test } from "vitest";
import type { ScreenCode } from "../../src/index.ts";
import { printed, refusal, screen } from "./screening.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const nested = (count: number): string => "(not ".repeat(count) + "p" + ")".repeat(count);
const doubling = (levels: number, body: (inner: string) => string): string =>
  Array.from({ length: levels }, (_, at) => {
    const inner = at === 0 ? "(ite (< n 1) 2 3)" : body(`f${at - 1}`);
    return `(define-fun f${at} ((n Int)) Int ${inner})`;
  }).join("");

describe("what is not one plain claim is refused", () => {
  const claim = "(assert false)(check-sat)";

  test.each<readonly [string, string, ScreenCode | "accepted"]>([
    ["nothing", "", "check-sat"],
    ["a script without its check", "(assert false)", "check-sat"],
    ["a second check", `${claim}(check-sat)`, "check-sat"],
    ["an assertion after the check", `${claim}(assert true)`, "check-sat"],
    ["an exit before the check", `(exit)${claim}`, "command"],
    ["scopes", `(push)${claim}`, "command"],
    ["a reset", `(assert false)(reset)(check-sat)`, "command"],
    ["printing", `(echo "unsat")${claim}`, "command"],
    ["reading a file", `(include "/etc/hostname")${claim}`, "command"],
    ["recursion", `(define-fun-rec f ((n Int)) Int (f n))${claim}`, "command"],
    [
      "recursion without the word",
      "(define-fun f ((n Int)) Int (f n))(assert (= (f 1) 2))(check-sat)",
      "undeclared",
    ],
    ["a limit of its own", `(set-option :rlimit 0)${claim}`, "option"],
    ["a clock", `(set-option :timeout 10)${claim}`, "option"],
    ["writing a file", `(set-option :sat.drat.file "x")${claim}`, "option"],
    [
      "writing a file in a harmless family",
      `(set-option :smt.proof-log-file "x")${claim}`,
      "option",
    ],
    ["an unknown logic", `(set-logic QF_WISH)${claim}`, "logic"],
    [
      "a new meaning for >=",
      `(define-fun >= ((a Int) (b Int)) Bool false)${claim}`,
      "redefinition",
    ],
    ["a new meaning for >= in bars", `(declare-fun |>=| (Int Int) Bool)${claim}`, "redefinition"],
    ["a bound and", `(assert (forall ((and Bool)) and))(check-sat)`, "redefinition"],
    ["a name twice", `(declare-const x Int)(declare-const x Int)${claim}`, "redefinition"],
    ["a sort twice", `(declare-sort S 0)(define-sort S () Int)${claim}`, "redefinition"],
    ["a second logic", `(set-logic QF_LIA)(set-logic QF_LIA)${claim}`, "logic"],
    ["a logic after a declaration", `(declare-const x Int)(set-logic QF_LIA)${claim}`, "logic"],
    ["a logic after an assertion", `(assert true)(set-logic QF_LIA)${claim}`, "logic"],
    ["a logic after the check", `${claim}(set-logic QF_LIA)`, "check-sat"],
    ["a declaration after the check", `${claim}(declare-const x Int)`, "check-sat"],
    ["a definition after the check", `${claim}(define-fun f () Int 1)`, "check-sat"],
    [
      "a keyword as a name",
      `(declare-const |let| Int)(assert (= |let| 1))(check-sat)`,
      "redefinition",
    ],
    ["a keyword in bars as a head", `(assert (|let| ((x true)) x))(check-sat)`, "name"],
    ["lambda", `(assert (= (lambda ((x Int)) x) (lambda ((x Int)) x)))(check-sat)`, "shape"],
    ["a binder without names", `(assert (forall () true))(check-sat)`, "shape"],
    [
      "an unknown indexed name",
      `(declare-fun r (Int Int) Bool)(assert ((_ partial-order 0) 1 2))(check-sat)`,
      "refused",
    ],
    ["an open parenthesis", "(assert (not true)", "parenthesis"],
    ["a closing one too many", `${claim})`, "parenthesis"],
    ["an open string", '(set-info :x "y)(check-sat)', "token"],
    ["an open symbol", "(assert |x)(check-sat)", "token"],
    ["a backslash in a symbol", "(declare-const |a\\| Bool)(assert |a\\|)(check-sat)", "token"],
    ["tokens that touch", '(assert (= "a""b" "a"|b|))(check-sat)', "token"],
    ["a no-break space", "(assert\u00a0false)(check-sat)", "character"],
    ["a NUL", `(assert true)(check-sat)\u0000(assert false)`, "character"],
    ["a name beyond ASCII", "(declare-const |\u00e9| Bool)(assert |\u00e9|)(check-sat)", "name"],
  ])("%s", (_, script, code) => {
    expect(refusal(script)).toBe(code);
  });

  test.each<readonly [string, readonly number[]]>([
    ["an overlong slash", [0xc0, 0xaf]],
    ["half a surrogate pair", [0xed, 0xa0, 0x80]],
    ["a lone byte", [0xff]],
  ])("%s is not UTF-8, even in a comment", (_, bytes) => {
    const script = Uint8Array.from([...encode("; "), ...bytes, ...encode(`\n${claim}`)]);

    expect(refusal(script)).toBe("encoding");
  });
});

describe("what is too large is refused before anything of that size exists", () => {
  test.each<readonly [string, string, ScreenCode]>([
    ["bytes", " ".repeat(1_048_577), "too-large"],
    ["parentheses, never closed", "(".repeat(500_000), "depth"],
    ["empty pairs", `(assert ${"(".repeat(100_000)}${")".repeat(100_000)})(check-sat)`, "depth"],
    ["depth", `(declare-const p Bool)(assert ${nested(10_000)})(check-sat)`, "depth"],
    ["a numeral", `(assert (= 1 ${"9".repeat(4_097)}))(check-sat)`, "numeral"],
    ["a symbol", `(declare-const ${"k".repeat(1_025)} Int)(check-sat)`, "name"],
    ["a symbol in bars", `(declare-const |${"k".repeat(1_025)}| Int)(check-sat)`, "name"],
    ["a bit vector", "(declare-const b (_ BitVec 65537))(check-sat)", "index"],
    [
      "a bit vector, in digits",
      `(declare-const b (_ BitVec 1${"0".repeat(99)}))(check-sat)`,
      "index",
    ],
    ["a repetition", "(assert (= ((_ repeat 200000000) #b1) #b1))(check-sat)", "index"],
    [
      "a repetition of a repetition",
      "(assert (let ((r ((_ repeat 60000) ((_ repeat 60000) #b1)))) (= r r)))(check-sat)",
      "growth",
    ],
    ["distinct", `(assert (distinct ${"1 ".repeat(501)}))(check-sat)`, "growth"],
    [
      "a tower of squares by macro",
      `(define-fun s ((n Int)) Int (* n n))(assert (= 1 ${"(s ".repeat(26)}3${")".repeat(26)}))(check-sat)`,
      "growth",
    ],
    [
      "a tower of squares by let",
      `(assert (= 1 ${Array.from(
        { length: 26 },
        (_, at) => `(let ((v${at + 1} (* v${at} v${at}))) `,
      )
        .join("")
        .replaceAll("v0", "3")}v26${")".repeat(26)}))(check-sat)`,
      "growth",
    ],
    [
      "a doubling concatenation",
      `(declare-const b0 (_ BitVec 64))${Array.from({ length: 20 }, (_, at) => `(define-fun b${at + 1} () (_ BitVec ${Math.min(64 * 2 ** (at + 1), 65_536)}) (concat b${at} b${at}))`).join("")}(check-sat)`,
      "sort",
    ],
    [
      "a concatenation that doubles in a let",
      `(declare-const v0 (_ BitVec 64))(assert ${Array.from({ length: 20 }, (_, at) => `(let ((v${at + 1} (concat v${at} v${at}))) `).join("")}(= v20 v20)${")".repeat(20)})(check-sat)`,
      "growth",
    ],
    [
      "macros that deepen",
      `${doubling(30, (f) => `(${f} (${f} n))`)}(assert (= 1 (f29 1)))(check-sat)`,
      "depth",
    ],
    [
      "macros that widen",
      `(declare-fun g (Int Int) Int)${Array.from({ length: 18 }, (_, at) => `(define-fun f${at} ((n Int)) Int ${at === 0 ? "(g n n)" : `(g (f${at - 1} (g n 1)) (f${at - 1} (g n 2)))`})`).join("")}(assert (= 1 (f17 1)))(check-sat)`,
      "expansion",
    ],
    [
      "sorts that double",
      `${Array.from({ length: 30 }, (_, at) => `(define-sort S${at} () ${at === 0 ? "Int" : `(Array S${at - 1} S${at - 1})`})`).join("")}(declare-const a S29)(assert (= a a))(check-sat)`,
      "expansion",
    ],
    [
      "quantifiers within quantifiers",
      `(assert ${"(forall ((x Int)) ".repeat(501)}true${")".repeat(501)})(check-sat)`,
      "depth",
    ],
  ])("%s", (_, script, code) => {
    expect(refusal(script)).toBe(code);
  });

  test("sharing is not growth: lets and constants that double are fine", () => {
    const lets = Array.from({ length: 200 }, (_, at) => `(let ((v${at + 1} (and v${at} v${at}))) `);
    const script = `(declare-const v0 Bool)(assert ${lets.join("")}v200${")".repeat(200)})(check-sat)`;

    expect(refusal(script)).toBe("accepted");
  });
});

describe("what is dropped is told", () => {
  test("options, the logic and questions about the answer", () => {
    const screening = screen(`; hello
      (set-info :source |\u00e9 ; (|)(set-option :print-success true)(set-logic QF_LIA)
      (assert false)(check-sat)(get-model)(exit)`);

    expect(screening.type === "accepted" && screening.notes).toEqual([
      "option :print-success was dropped",
      "logic QF_LIA: it decides nothing",
      "get-model after check-sat was dropped",
      "exit after check-sat was dropped",
    ]);
  });

  test("a place is a line and a column", () => {
    expect(screen("(assert true)\n  (push)")).toMatchObject({ fault: { code: "command", at: 16 } });
  });

  test("older datatypes are the newer ones", () => {
    const use = "(declare-const l L)(assert (is-cons l))(check-sat)";
    const older = `(declare-datatypes () ((L nil (cons (head Int) (tail L)))))${use}`;
    const newer = `(declare-datatypes ((L 0)) (((nil) (cons (head Int) (tail L)))))${use}`;

    expect(printed(older)).toBe(printed(newer));
  });
});

describe("functions of one name", () => {
  const sorts = "(declare-sort S 0)(declare-sort T 0)";
  const twice = `${sorts}(declare-fun f (S Int) Bool)(declare-fun f (T Int) Bool)`;
  const pairs = `(declare-datatypes ((P 0) (Q 0)) (((pair (left Int) (right Int)))
    ((pair (left Bool) (more Int)))))`;
  const claim = "(assert false)(check-sat)";

  test.each<readonly [string, string, ScreenCode | "accepted"]>([
    ["that take different sorts of the script", `${twice}${claim}`, "accepted"],
    [
      "that take a different number",
      `${sorts}(declare-fun f (Int) Bool)(declare-fun f (Int Int) Bool)${claim}`,
      "accepted",
    ],
    [
      "selectors of different datatypes",
      `(declare-datatypes ((P 0) (Q 0)) (((p (x Int))) ((q (x Int)))))${claim}`,
      "accepted",
    ],
    [
      "the same arguments",
      `${sorts}(declare-fun f (S) Bool)(declare-fun f (S) Int)${claim}`,
      "redefinition",
    ],
    [
      "that take different sorts of the theories",
      `(declare-fun f (Int) Bool)(declare-fun f (Real) Bool)${claim}`,
      "accepted",
    ],
    [
      "a constant and a function",
      `${sorts}(declare-const f Bool)(declare-fun f (S) Bool)${claim}`,
      "redefinition",
    ],
    [
      "a definition and a function",
      `${sorts}(define-fun f ((x S)) Bool true)(declare-fun f (T) Bool)${claim}`,
      "accepted",
    ],
    [
      "two fields of one datatype",
      `(declare-datatypes ((P 0)) (((p (x Int)) (q (x Bool)))))${claim}`,
      "redefinition",
    ],
    ["constructors of different fields", pairs + claim, "accepted"],
    [
      "a sort that has two names",
      `${sorts}(define-sort U () S)(declare-fun f (S) Bool)(declare-fun f (U) Bool)${claim}`,
      "redefinition",
    ],
    [
      "a third that equals the first",
      `${twice}(declare-fun f (S Int) Int)${claim}`,
      "redefinition",
    ],
    [
      "a datatype with parameters",
      `(declare-datatypes ((P 1) (Q 0)) ((par (X) ((p (x X)))) ((q (x Int)))))${claim}`,
      "redefinition",
    ],
  ])("%s", (_, script, expected) => expect(refusal(script)).toBe(expected));

  test.each([
    ["a tester", "((_ is make) k)"],
    ["an old tester", "(is-make k)"],
    ["a written sort", "(= k ((as make P) 1))"],
    ["a match", "(match k (((make y) (= y 1))))"],
    ["an application", "(= k (make 1))"],
  ])("%s of an overloaded constructor means the one of its sort", (_, use) => {
    const types = "(declare-datatypes ((P 0) (Q 0)) (((make (x Int))) ((make (y P)))))";
    const plain = "(declare-datatypes ((P 0) (Q 0)) (((make (x Int))) ((other (y P)))))";
    const claim = `(declare-const k P)(assert ${use})(check-sat)`;

    expect(printed(types + claim)).toBe(printed(plain + claim));
  });

  test("operands that fit none are ill-sorted", () => {
    expect(refusal(`${twice}(assert (f 1 1))(check-sat)`)).toBe("sort");
  });
});
