/**
 * Scripts and intents that once kept the Judge for seconds or for ever at few units, each of its
 * own kind. All are our own.
 */

function row(count: number, each: (index: number) => string, between = " "): string {
  return Array.from({ length: count }, (_, index) => each(index)).join(between);
}

function nest(
  count: number,
  start: string,
  wrap: (inner: string, index: number) => string,
): string {
  let term = start;
  for (let index = 0; index < count; index++) term = wrap(term, index);
  return term;
}

function script(...commands: readonly string[]): string {
  return [...commands, "(check-sat)"].join("\n");
}

function constants(count: number, sort: string): string {
  return row(count, (index) => `(declare-const x${index} ${sort})`, "");
}

/** `x1 = f(x0)`, `x2 = f(x1)` and so on, and a claim about the last. */
function chain(
  count: number,
  sort: string,
  claim: { readonly step: (previous: string) => string; readonly end: string },
): string {
  const equations = row(count, (at) => `(assert (= x${at + 1} ${claim.step(`x${at}`)}))`, "\n");
  return script(constants(count + 1, sort), equations, `(assert ${claim.end})`);
}

/** A numeral of so many digits. */
function long(count: number, seed: number): string {
  return `7${String(9_876_543_211 + seed * 7_919).repeat(Math.ceil(count / 10))}`.slice(0, count);
}

const prime = "18446744073709551557";
const vector = (width: number): string => `(_ BitVec ${width})`;

/** By name. */
export const scripts: Readonly<Record<string, string>> = {
  "squares of squares by equations": chain(11, "Int", {
    step: (previous) => `(* ${previous} ${previous})`,
    end: "(= x11 3)",
  }),
  "squares of real squares": chain(9, "Real", {
    step: (previous) => `(* ${previous} ${previous})`,
    end: "(= x9 3.0)",
  }),
  "a product of three long sums": script(
    constants(76, "Int"),
    `(assert (= 7 (* ${row(3, () => `(+ ${row(76, (at) => `x${at}`)})`)})))`,
  ),
  "squares modulo a large prime": chain(38, "Int", {
    step: (previous) => `(mod (* ${previous} ${previous}) ${prime})`,
    end: "(= x38 3)",
  }),
  "remainders in remainders": script(
    constants(1, "Int"),
    `(assert (= 1 ${nest(608, "x0", (inner, at) => `(mod (+ 1 ${inner}) ${1_000_003 + at})`)}))`,
  ),
  "quotients in quotients": script(
    constants(1, "Int"),
    `(assert (= 1 ${nest(120, "x0", (inner, at) => `(div (* 3 ${inner}) ${(at % 7) + 2})`)}))`,
  ),
  "a sum of fractions with long denominators": script(
    constants(1, "Real"),
    `(assert (= x0 (+ ${row(76, (at) => `(/ 1.0 ${long(4000, at)}.0)`)})))`,
    "(assert (< x0 0.0))",
  ),
  "remainders by long numerals": script(
    constants(1, "Int"),
    row(60, (at) => `(assert (= ${at} (mod x0 ${long(4000, at)})))`, "\n"),
  ),
  "a recurrence with fractions": script(
    constants(610, "Real"),
    row(608, (at) => `(assert (= (* 3.0 x${at + 2}) (- (* 7.0 x${at + 1}) (* 5.0 x${at}))))`, "\n"),
    "(assert (> x609 7.0))(assert (< x0 1.0))(assert (> x1 1.0))",
  ),
  "a dense system of inequalities": script(
    constants(76, "Real"),
    row(
      76,
      (line) =>
        `(assert (< ${line}.0 (+ ${row(76, (at) => `(* (- ${(line * 7919 + at * at * 104_729) % 1009}.0 500.0) x${at})`)})))`,
      "\n",
    ),
  ),
  "a tower of maxima": script(
    constants(1217, "Int"),
    `(assert ${row(1216, (at) => `(let ((m${at + 1} (ite (> ${at === 0 ? "x0" : `m${at}`} x${at + 1}) ${at === 0 ? "x0" : `m${at}`} x${at + 1})))`, "")}(< m1216 x0)${")".repeat(1216)})`,
  ),
  "a bound on a thousand truths": script(
    row(1216, (at) => `(declare-const p${at} Bool)`, ""),
    `(assert (>= 608 (+ ${row(1216, (at) => `(ite p${at} 1 0)`)})))`,
    `(assert (<= 609 (+ ${row(1216, (at) => `(ite p${at} 1 0)`)})))`,
  ),
  "a wide product by a constant": script(
    constants(2, vector(4096)),
    `(assert (= (bvmul x0 #x${"9e3779b9".repeat(128)}) (bvadd x1 (bvnot x0))))`,
    "(assert (bvult x0 x1))",
  ),
  "a wide remainder": script(
    constants(2, vector(2048)),
    `(assert (= (bvurem x0 x1) (_ bv7 2048)))`,
  ),
  "wide shifts by variables": script(
    constants(33, vector(8192)),
    row(32, (at) => `(assert (= (bvlshr x${at} x${at + 1}) x${(at + 5) % 32}))`, ""),
  ),
  "two additions of 16,384 bits": chain(3, vector(16_384), {
    step: (previous) => `(bvadd ${previous} (bvnot ${previous}) x0)`,
    end: "(bvult x3 x0)",
  }),
  "products of products of 64 bits": script(
    constants(1, vector(64)),
    `(assert (= ${nest(9, "x0", (inner) => `(let ((v ${inner})) (bvmul v v))`)} #x0123456789abcdef))`,
  ),
  "a wide vector as a number": script(
    constants(2, vector(65_536)),
    "(assert (= (ubv_to_int x0) (+ 1 (ubv_to_int x1))))",
  ),
  "numbers as wide vectors": script(
    constants(2, "Int"),
    "(assert (= ((_ int_to_bv 2048) x0) (bvmul ((_ int_to_bv 2048) x1) ((_ int_to_bv 2048) (+ x0 x1)))))",
  ),
  "an overflow of wide products": script(
    constants(2, vector(2048)),
    "(assert (bvumulo x0 x1))(assert (bvsmulo x0 x1))",
  ),
  "strings replaced by themselves": script(
    `(assert (= 1 (str.len ${nest(12, '"aa"', (inner) => `(let ((s ${inner})) (str.replace_all s "a" s))`)})))`,
  ),
  "strings that double by equations": chain(28, "String", {
    step: (previous) => `(str.++ ${previous} ${previous})`,
    end: '(and (= x0 "ab") (= 1 (str.len x28)))',
  }),
  "a long string searched for its half": script(
    `(assert (str.contains "${"a".repeat(200_000)}" "${"a".repeat(100_000)}b"))`,
  ),
  "a long numeral in a string": script(`(assert (= 7 (str.to_int "${"7".repeat(300_000)}")))`),
  "languages of lengths that are coprime": script(
    constants(1, "String"),
    `(assert (str.in_re x0 (re.inter ${row(9, (at) => `(re.* ((_ re.^ ${[2, 3, 5, 7, 11, 13, 17, 19, 23][at] ?? 2}) (re.range "a" "z")))`)} (re.+ re.allchar))))`,
  ),
  "a loop over a range of characters": script(
    constants(1, "String"),
    '(assert (str.in_re x0 ((_ re.loop 96 96) (re.range "a" "z"))))(assert (= (str.at x0 48) "0"))',
  ),
  "a number as a string that is no word": script(
    "(declare-const n Int)",
    constants(1, "String"),
    '(assert (not (str.in_re (str.from_int n) (re.+ (str.to_re "a")))))',
    '(assert (str.in_re (str.substr x0 97 97) (re.comp (str.to_re "ab"))))',
  ),
  "a float of many bits of exponent as a fraction": script(
    constants(1, "Real"),
    `(assert (= x0 (fp.to_real (fp #b0 #b${"1".repeat(37)}0 #b0000000))))`,
  ),
  "products of many floats": script(
    constants(2, "(_ FloatingPoint 11 53)"),
    `(assert (fp.lt ${nest(64, "x0", (inner) => `(fp.div RNE ${inner} (fp.add RNE ${inner.length > 2000 ? "x0" : inner} x1))`)} x0))`,
  ),
  "sorts of pairs of pairs": script(
    row(
      40,
      (at) =>
        `(declare-datatypes ((P${at} 0)) (((m${at} (a${at} ${at === 0 ? "Bool" : `P${at - 1}`}) (b${at} ${at === 0 ? "Bool" : `P${at - 1}`})))))`,
      "\n",
    ),
    constants(3, "P39"),
    "(assert (distinct x0 x1 x2))",
  ),
  "many different items of a small type": script(
    `(declare-datatypes ((E 0)) ((${row(400, (at) => `(c${at})`)})))`,
    constants(401, "E"),
    `(assert (distinct ${row(401, (at) => `x${at}`)}))`,
  ),
  "a rule over thousands of variables": script(
    "(declare-fun p (Int Int) Bool)",
    `(assert (forall (${row(2432, (at) => `(y${at} Int)`)}) (or ${row(2431, (at) => `(p y${at} y${at + 1})`)})))`,
    "(assert (not (p 1 1)))",
  ),
  "equivalences of rules": script(
    "(declare-fun p (Int) Bool)",
    `(assert ${nest(19, "(forall ((z Int)) (p z))", (inner, at) => `(let ((q ${inner})) (= (forall ((y Int)) (or (p (+ y ${at})) q)) (not q)))`)})`,
  ),
  "a rule that feeds itself": script(
    "(declare-fun f (Int) Int)",
    "(assert (forall ((x Int)) (= (f x) (f (+ (f (+ x 1)) 3)))))(assert (not (= (f 1) (f 2))))",
  ),
};

/** `let` after `let` in a guard. */
function tower(count: number, step: (previous: string) => string): string {
  return row(count, (at) => `let w${at} = ${step(at === 0 ? "v" : `w${at - 1}`)};`);
}

function intent(guard: string, effect = "a.balance -= 0;", verify = "true;"): string {
  return `intent grown(signer a: Account, b: Account, c: Account, v: Amount, u: Amount) {
  guard { ${guard} }
  effect { ${effect} }
  verify { ${verify} }
}
`;
}

/** By name. */
export const intents: Readonly<Record<string, string>> = {
  "squares modulo a large prime": intent(
    `${tower(30, (previous) => `${previous} * ${previous} % ${prime}`)} w29 == 12345;`,
  ),
  "products modulo a variable": intent(
    `u > 1; ${tower(24, (previous) => `${previous} * v % u`)} w23 == 5;`,
  ),
  "quotients of products": intent(
    `${tower(13, (previous) => `${previous} * u / 1000003`)} w12 == 12345;`,
  ),
  "a power of a sum": intent(`${Array(13).fill("(v + u - b.balance)").join(" * ")} == 3 + v;`),
  "distances of distances": intent(
    `${nest(60, "v", (inner, at) => `abs(${inner} - ${at % 2 === 0 ? "u" : "v"})`)} == 5;`,
  ),
  "a factor of a large number": intent(
    "v > 1; u > 1; v * u == 340282366920938460843936948965011886881;",
  ),
  "Pell's equation": intent("v * v == 61 * u * u + 1; u > 1;"),
  "stores of products of stores": intent(
    "v < 1000;",
    row(19, (at) => `${at % 2 === 0 ? "b" : "c"}.balance = b.balance * c.balance % 1000003;`),
  ),
  "shares of what is left": intent(
    "u > 0;",
    row(19, (at) => `a.balance -= a.balance * v / (u + v + ${at});`),
  ),
};
