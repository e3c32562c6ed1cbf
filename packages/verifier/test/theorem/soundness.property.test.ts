import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { RESOURCE_LIMIT_DEFAULT, screenScript } from "../../src/index.ts";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";

let instance: SolverInstance;
beforeAll(async () => {
  instance = await createSolverInstance();
});

function verdict(script: string): string {
  const payload = { type: "theorem", script: new TextEncoder().encode(script) } as const;
  const judgement = judgePayload(instance, payload, RESOURCE_LIMIT_DEFAULT);
  return judgement.type === "judged" ? judgement.verdict : judgement.type;
}

/** A formula over p, q, r and x, y in 0 .. 3, with its meaning in plain code. */
interface Formula {
  readonly text: string;
  readonly holds: (state: State) => boolean;
}
interface State {
  readonly booleans: readonly boolean[];
  readonly numbers: readonly number[];
}

const numberTerms = fc.letrec<{ term: { text: string; value: (state: State) => number } }>(
  (tie) => ({
    term: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.integer({ min: -4, max: 4 }).map((value) => ({
        text: value < 0 ? `(- ${-value})` : `${value}`,
        value: () => value,
      })),
      fc.nat({ max: 1 }).map((at) => ({
        text: ["x", "y"][at] ?? "x",
        value: (state: State) => state.numbers[at] ?? 0,
      })),
      fc.tuple(fc.constantFrom("+", "-", "*"), tie("term"), tie("term")).map(([op, a, b]) => ({
        text: `(${op} ${a.text} ${b.text})`,
        value: (state: State) => {
          const [left, right] = [a.value(state), b.value(state)];
          return op === "+" ? left + right : op === "-" ? left - right : left * right;
        },
      })),
      // Euclidean, as SMT-LIB has it: the remainder is never negative.
      fc.tuple(tie("term"), fc.constantFrom(-3, -2, 2, 3)).map(([a, divisor]) => ({
        text: `(mod ${a.text} ${divisor < 0 ? `(- ${-divisor})` : divisor})`,
        value: (state: State) => {
          const size = Math.abs(divisor);
          return ((a.value(state) % size) + size) % size;
        },
      })),
    ),
  }),
).term;

const formulas = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.nat({ max: 2 }).map((at) => ({
      text: ["p", "q", "r"][at] ?? "p",
      holds: (state: State) => state.booleans[at] ?? false,
    })),
    fc.tuple(fc.constantFrom("<", "<=", "="), numberTerms, numberTerms).map(([op, a, b]) => ({
      text: `(${op} ${a.text} ${b.text})`,
      holds: (state: State) => {
        const [left, right] = [a.value(state), b.value(state)];
        return op === "<" ? left < right : op === "<=" ? left <= right : left === right;
      },
    })),
    tie("formula").map((a) => ({
      text: `(not ${a.text})`,
      holds: (state: State) => !a.holds(state),
    })),
    fc
      .tuple(fc.constantFrom("and", "or", "=>", "xor"), tie("formula"), tie("formula"))
      .map(([op, a, b]) => ({
        text: `(${op} ${a.text} ${b.text})`,
        holds: (state: State) => {
          const [left, right] = [a.holds(state), b.holds(state)];
          if (op === "and") return left && right;
          if (op === "or") return left || right;
          return op === "=>" ? !left || right : left !== right;
        },
      })),
  ),
})).formula;

const states: readonly State[] = [...Array(8 * 16).keys()].map((code) => ({
  booleans: [(code & 1) !== 0, (code & 2) !== 0, (code & 4) !== 0],
  numbers: [(code >> 3) & 3, (code >> 5) & 3],
}));

const declarations =
  "(declare-const p Bool)(declare-const q Bool)(declare-const r Bool)" +
  "(declare-const x Int)(declare-const y Int)(assert (and (<= 0 x 3) (<= 0 y 3)))";

const script = (assertions: readonly Formula[]): string =>
  `${declarations}\n${assertions.map(({ text }) => `(assert ${text})`).join("\n")}\n(check-sat)`;

/** Things that turned, or could turn, a satisfiable script into `unsat` for a careless judge. */
const noise = fc.constantFrom(
  '(echo "unsat")',
  "(exit)",
  "(check-sat)",
  "(push)",
  "(pop)",
  "(reset)",
  "(assert (missing x))",
  "(assert (< x p))",
  "(declare-const x Int)",
  "(define-fun <= ((a Int) (b Int)) Bool false)",
  "(set-option :rlimit 1)",
  "(set-option :smt.arith.solver 2)",
  "(set-info :status unsat)",
  "(simplify false)",
  "(minimize x)",
  "; (assert false)\n",
  "; unsat\r\n",
  "\u0000",
  "\u00a0",
  "|",
  '"',
  "(",
  ")",
  "(set-logic QF_BV)",
  "(declare-const unsat Bool)",
  "(define-fun false2 () Bool (! true :named false3))",
);

describe("soundness against brute force", () => {
  test("a random script is valid exactly when no assignment satisfies it", () => {
    let valid = 0;
    let refuted = 0;
    fc.assert(
      fc.property(fc.array(formulas, { minLength: 1, maxLength: 4 }), (assertions) => {
        const satisfiable = states.some((state) => assertions.every((one) => one.holds(state)));
        const found = verdict(script(assertions));
        if (satisfiable) refuted++;
        else valid++;
        expect(found).toBe(satisfiable ? "refuted" : "valid");
      }),
      { numRuns: 400 },
    );
    expect(Math.min(valid, refuted)).toBeGreaterThan(20);
  });

  test("nothing that is put between the tokens makes a satisfiable script valid", () => {
    fc.assert(
      fc.property(
        fc.array(formulas, { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(noise, fc.nat()), { minLength: 1, maxLength: 3 }),
        (assertions, insertions) => {
          fc.pre(states.some((state) => assertions.every((one) => one.holds(state))));
          const lines = script(assertions).split("\n");
          for (const [text, at] of insertions) lines.splice(at % (lines.length + 1), 0, text);
          expect(verdict(lines.join("\n"))).not.toBe("valid");
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe("Z3 would read truth values as numbers, SMT-LIB does not", () => {
  const about = (term: string): string =>
    verdict(`(declare-const p Bool)(declare-const x Int)(declare-const r Real)
      (define-fun one () Int 1)(define-fun nought () Real 0.0)(assert p)
      (assert (let ((two 2) (unit 1)) ${term}))(check-sat)`);

  test.each([
    "(< x p x)",
    "(= 0 p)",
    "(distinct 1 p)",
    "(= 0 (ite p p 1))",
    "(> (- p) 1)",
    "(= 0.0 (* r p r))",
    "(= one (+ unit p))",
    "(exists ((y Int)) (< one y p))",
    "(< 3 (+ (ite p one 0) (not (not p))))",
  ])("%s is rejected", (term) => {
    expect(about(term)).toBe("rejected");
  });

  test.each([
    "(= 0 (ite p 1 0))",
    "(= 0 (ite p one 0))",
    "(= 0 (ite p unit 0))",
    "(= 0.0 (ite p 1.0 nought))",
    "(= #x0 (ite p #x1 #x0))",
    "(= 2.0 (ite p 1.000 0.0))",
    "(forall ((y Int)) (< (ite (< y 0) 1 0) y (ite p unit two)))",
  ])("%s is well sorted", (term) => {
    expect(about(term)).toBe("valid");
  });
});

describe("the screen is total", () => {
  test("any bytes give an answer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(["accepted", "refused"]).toContain(screenScript(bytes).type);
      }),
      { numRuns: 2_000 },
    );
  });

  test("any soup of tokens gives an answer, and the solver survives what is accepted", () => {
    const token = fc.constantFrom(
      ..."( ( ( ) ) ) assert check-sat let forall exists match ! _ as is BitVec 8 x y Int :named :pattern".split(
        " ",
      ),
      "declare-const",
      "declare-datatypes",
      "define-fun",
      "set-option",
      "par",
      "*",
      "concat",
      "^",
      '"s"',
      "|q|",
      "#b1",
      "1.5",
    );
    const command = fc
      .array(token, { maxLength: 12 })
      .map((tokens) => `(assert ${tokens.join(" ")})`);
    fc.assert(
      fc.property(fc.array(fc.oneof(command, token), { maxLength: 6 }), (parts) => {
        const text = `(declare-const x Int)${parts.join(" ")}(check-sat)`;
        expect(["valid", "refuted", "unknown", "rejected"]).toContain(verdict(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test("one byte changed anywhere never throws", () => {
    const good = new TextEncoder().encode(
      '(set-logic ALL)(declare-datatypes ((L 0)) (((n) (c (h Int)))))(assert (! (is-c n) :named a))(assert (= "x" ((_ repeat 2) #b1)))(check-sat)',
    );
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 255 }), (at, value) => {
        const screening = screenScript(good.with(at % good.length, value));
        expect(["accepted", "refused"]).toContain(screening.type);
      }),
      { numRuns: 2_000 },
    );
  });
});
