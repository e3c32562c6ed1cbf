import { toHex } from "@aethel/models";
import { beforeAll, describe, expect, test } from "vitest";
import type { Obligation, Term } from "../../src/index.ts";
import { screenScript } from "../../src/index.ts";
import { choose } from "../../src/intent/build-term.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { checkScript } from "../../src/z3/questions/check-script.ts";
import { createObligationRun } from "../../src/z3/questions/obligation-run.ts";
import { checkObligation } from "./check-obligation.ts";

let instance: SolverInstance;
beforeAll(async () => {
  instance = await createSolverInstance();
});

const integer = (value: bigint): Term => ({ type: "integer", value });
const symbol = (name: string): Term => ({ type: "symbol", name, sort: "integer" });
const at = { offset: 0, line: 1, column: 1 };

function obligation(options: Partial<Obligation>): Obligation {
  return {
    kind: "postcondition",
    intent: "test",
    label: "test",
    span: { start: at, end: at },
    assumptions: [],
    goal: { type: "boolean", value: true },
    observed: new Map(),
    ...options,
  };
}

const nonlinear = `(declare-const x Int)(declare-const y Int)(declare-const z Int)
  (assert (and (> x 1) (> y 1) (> z 1)))(assert (= (* x y) (* z z)))(assert (< (* x z) (+ x 1)))`;

describe("memory image", () => {
  test("two instances start from the same bytes", async () => {
    const other = await createSolverInstance();

    for (const purpose of ["formula", "script"] as const) {
      const digest = toHex(instance.image(purpose).digest());
      expect(toHex(other.image(purpose).digest())).toBe(digest);
    }
  });

  test("what ran before leaves no trace: the same model, count and heap", () => {
    const first = checkScript(instance, nonlinear, 1e6);
    const heap = instance.heapBytes();
    const disturbances = [
      "(assert (= 1 true))",
      '(declare-const s String)(assert (> (str.len s) 100))(assert (str.in_re s (re.* (str.to_re "ab"))))',
      "(declare-const b (_ BitVec 512))(declare-const c (_ BitVec 512))(assert (distinct (bvmul b c) (bvadd b c)))",
    ];
    for (const script of disturbances) {
      checkScript(instance, script, 2e4);
      expect(checkScript(instance, nonlinear, 1e6)).toEqual(first);
      expect(instance.heapBytes()).toBe(heap);
    }
    expect(first.type).toBe("unsat");
  });

  test("sessions of the two purposes do not disturb each other", () => {
    const claim = obligation({
      assumptions: [{ type: "compare", operator: "less", left: symbol("x"), right: symbol("y") }],
      goal: { type: "compare", operator: "less", left: symbol("y"), right: symbol("x") },
      observed: new Map([["x", symbol("x")]]),
    });
    const before = checkObligation(instance, claim, 1e6);
    checkScript(instance, nonlinear, 1e6);

    expect(checkObligation(instance, claim, 1e6)).toEqual(before);
    expect(before.type).toBe("sat");
  });
});

describe("a run of obligations in one session", () => {
  const less = (left: Term, right: Term): Term => ({
    type: "compare",
    operator: "less",
    left,
    right,
  });
  const facts = [
    less(symbol("a"), symbol("b")),
    less(symbol("b"), symbol("c")),
    less(symbol("c"), symbol("d")),
  ];
  const observed = new Map([["a", symbol("a")]]);
  const claims = [
    obligation({ kind: "satisfiable", assumptions: facts.slice(0, 1), observed }),
    obligation({ assumptions: facts.slice(0, 2), goal: less(symbol("a"), symbol("c")), observed }),
    obligation({ assumptions: facts.slice(0, 2), goal: less(symbol("a"), symbol("d")), observed }),
    obligation({ assumptions: facts, goal: less(symbol("a"), symbol("d")), observed }),
    // One assumption less than what is asserted by then, and one that is not a prefix of it.
    obligation({ assumptions: facts.slice(0, 2), goal: less(symbol("a"), symbol("d")), observed }),
    obligation({ assumptions: facts.slice(1), goal: less(symbol("a"), symbol("d")), observed }),
    obligation({ assumptions: facts.slice(1), goal: less(symbol("b"), symbol("d")), observed }),
  ];

  test("each is answered as if it were alone, whatever was assumed before it", () => {
    const alone = claims.map((claim) => checkObligation(instance, claim, 1e6).type);
    const run = createObligationRun(instance);

    expect(claims.map((claim) => run.check(claim, 1e6).type)).toEqual(alone);
    expect(alone).toEqual(["sat", "unsat", "sat", "unsat", "sat", "sat", "unsat"]);
  });

  test("a run again is the same to the unit, and goes on after what was given up", () => {
    const answers = (): unknown[] => {
      const run = createObligationRun(instance);
      return claims.flatMap((claim) => [run.check(claim, 3), run.check(claim, 1e6)]);
    };
    const first = answers();

    expect(answers()).toEqual(first);
    expect(first.filter((_, at) => at % 2 === 0)).toEqual(
      claims.map(() => ({
        type: "unknown",
        spent: 3,
        reason: "resource limit",
        exhausted: true,
      })),
    );
    expect(first.filter((_, at) => at % 2 === 1)).toEqual(
      claims.map((claim) => checkObligation(instance, claim, 1e6)),
    );
  });
});

describe("exceptions of the solver", () => {
  test("one that Z3 raises and catches itself a thousand times leaves no trace", () => {
    const script = "(assert (= missing 1))";
    const answers = Array.from({ length: 1_000 }, () => instance.begin("script").tryParse(script));

    for (const answer of answers) expect(answer).toMatchObject({ type: "parse-error" });
    const good = "(declare-const p Bool)(assert (and p (not p)))";
    const answer = checkScript(instance, good, 1e6);
    expect(answer.type).toBe("unsat");
  });
});

describe("terms", () => {
  test.each([
    [7n, 2n, 3n, 1n],
    [-7n, 2n, -4n, 1n],
    [7n, -2n, -3n, 1n],
    [-7n, -2n, 4n, 1n],
    [-(2n ** 127n), 3n, -56713727820156410577229101238628035243n, 1n],
  ])("%s divided by %s is %s, remainder %s", (left, right, quotient, remainder) => {
    const operands = [symbol("l"), integer(right)];
    const fixed: Term = { type: "equal", left: symbol("l"), right: integer(left) };
    const goal: Term = {
      type: "and",
      operands: [
        {
          type: "equal",
          left: { type: "arithmetic", operator: "divide", operands },
          right: integer(quotient),
        },
        {
          type: "equal",
          left: { type: "arithmetic", operator: "modulo", operands },
          right: integer(remainder),
        },
      ],
    };

    expect(checkObligation(instance, obligation({ assumptions: [fixed], goal }), 1e6).type).toBe(
      "unsat",
    );
    expect(
      checkObligation(
        instance,
        obligation({ assumptions: [fixed], goal: { type: "not", operand: goal } }),
        1e6,
      ).type,
    ).toBe("sat");
  });

  test("a model gives the observed terms, large and negative ones too", () => {
    const value = -(2n ** 200n) - 1n;
    const answer = checkObligation(
      instance,
      obligation({
        kind: "satisfiable",
        assumptions: [{ type: "equal", left: symbol("x"), right: integer(value) }],
        observed: new Map<string, Term>([
          ["x", symbol("x")],
          ["free", { type: "symbol", name: "free", sort: "boolean" }],
        ]),
      }),
      1e6,
    );

    expect(answer.type).toBe("sat");
    if (answer.type !== "sat") return;
    expect(answer.values.get("x")).toBe(value);
    expect(answer.values.get("free")).toBeTypeOf("boolean");
  });

  test("reading back what was stored, and a different place, follows the arrays' laws", () => {
    const array: Term = {
      type: "symbol",
      name: "a",
      sort: { type: "array", index: "integer", element: "integer" },
    };
    const stored: Term = { type: "store", array, index: symbol("i"), value: symbol("v") };
    const read = (index: Term): Term => ({ type: "select", array: stored, index });
    const law: Term = {
      type: "equal",
      left: read(symbol("j")),
      right: choose({ type: "equal", left: symbol("i"), right: symbol("j") }, symbol("v"), {
        type: "select",
        array,
        index: symbol("j"),
      }),
    };

    expect(checkObligation(instance, obligation({ goal: law }), 1e6).type).toBe("unsat");
  });

  test("a deep term needs no deep stack", () => {
    let term: Term = symbol("x");
    for (let depth = 0; depth < 20_000; depth++) {
      term = { type: "arithmetic", operator: "add", operands: [integer(1n), term] };
    }
    const goal: Term = { type: "compare", operator: "less", left: symbol("x"), right: term };

    expect(checkObligation(instance, obligation({ goal }), 1e7).type).toBe("unsat");
  });

  test("a limit that is too small gives unknown and costs exactly the limit", () => {
    const goal: Term = { type: "compare", operator: "less", left: symbol("x"), right: symbol("y") };
    const claim = obligation({ goal });

    expect(checkObligation(instance, claim, 2)).toMatchObject({ type: "unknown", spent: 2 });
  });
});

describe("overloaded names", () => {
  const types = `(declare-sort S 0)(declare-datatypes ((P 0) (Q 0))
    (((make (x Int))) ((make (x P) (z S)))))(declare-const p P)(declare-const q Q)(declare-const s S)`;
  const answer = (assertion: string): string => {
    const screening = screenScript(
      new TextEncoder().encode(`${types}(assert ${assertion})(check-sat)`),
    );
    if (screening.type === "refused") return screening.fault.code;
    const { script } = screening;
    return checkScript(instance, script, 1e6).type;
  };

  test.each([
    ["(not (= (x (make 7)) 7))", "unsat"],
    ["(not (= (x (make (make 7) s)) (make 7)))", "unsat"],
    ["(not (= (x (x q)) (x (x (make (x q) s)))))", "unsat"],
    ["(= (x p) 3)", "sat"],
    ["(= (x p) (x q))", "sort"],
    ["(= (x s) 3)", "sort"],
    ["(= (make true) p)", "sort"],
  ])("the arguments alone decide which is meant: %s", (assertion, expected) => {
    expect(answer(assertion)).toBe(expected);
  });
});
