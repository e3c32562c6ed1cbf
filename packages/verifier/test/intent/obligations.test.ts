import { describe, expect, test } from "vitest";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import type { ObligationKind } from "../../src/obligation.ts";
import type { Term } from "../../src/term.ts";

const transfer = `intent transfer(signer from: Account, to: Account, amount: Amount) {
  guard { amount > 0; from.balance >= amount; }
  effect { from.balance -= amount; to.balance += amount; }
  verify { from == to => from.balance == old(from.balance); }
}`;

const declared = `asset GOLD issuer "${"5a".repeat(32)}"; `;

describe("the obligations of an intent", () => {
  test("a transfer has all that apply, each at its place in the source", () => {
    expect(summary(transfer)).toEqual([
      "satisfiable 2:11 the guards can hold",
      "range 3:12 `from.balance` stays in 0 .. 2^64-1",
      "range 3:36 `to.balance` stays in 0 .. 2^64-1",
      "conservation 3:12 the sum of all holdings is unchanged",
      "authority 3:36 no account's `balance` decreases unless it signs",
      "postcondition 4:12 `from == to => from.balance == old(from.balance)` holds after the effects",
    ]);
  });

  test("authority points at the first statement that takes from an account that does not sign", () => {
    const [place] = summary(
      `intent steal(signer thief: Account, victim: Account, n: Amount) {
        effect { thief.balance += n;
                 victim.balance -= n; }
        verify { true; }
      }`,
    ).filter((line) => line.startsWith("authority"));

    expect(place).toContain("3:18");
  });

  test("authority excludes the signers and nobody else", () => {
    const [authority] = obligations(transfer, "authority");
    const [other] = obligations(transfer.replace("signer ", ""), "authority");

    expect(render(authority?.assumptions.at(-1))).toBe("(not (= .anyone from))");
    expect(render(other?.assumptions.at(-1))).not.toContain(".anyone");
    expect(render(authority?.goal)).toBe(
      "(<= (select .balance .anyone) (select (store (store .balance from balance@0) to balance@1) .anyone))",
    );
  });

  test("each field that is written has an authority obligation of its own", () => {
    const source = `intent stake(signer v: Account, n: Amount) {
      effect { v.balance -= n; v.stake += n; } verify { true; } }`;

    expect(obligations(source, "authority").map((one) => one.label)).toEqual([
      "no account's `balance` decreases unless it signs",
      "no account's `stake` decreases unless it signs",
    ]);
  });

  test("every division has its obligation, under what precedes it, and a constant divisor none", () => {
    const source = `intent t(a: Int, b: Int) {
      guard { b != 0 && a / b > 1; if a > 0 then 7 % a == 0 else a / 3 == 0; }
      verify { a == 0 => true || 1 / a > 0; b != 7; 1 / (b - 7) < 2; }
    }`;

    const checks = obligations(source, "defined");

    expect(checks.map((one) => one.label)).toEqual([
      "the divisor of `a / b` is not zero",
      "the divisor of `7 % a` is not zero",
      "the divisor of `1 / a` is not zero",
      "the divisor of `1 / (b - 7)` is not zero",
    ]);
    expect(checks.map((one) => render(one.assumptions.at(-1)))).toEqual([
      "(not (= b 0))",
      "(< 0 a)",
      "(not true)",
      "(not (= b 7))",
    ]);
  });

  test("a division in a dead branch is not demanded to be defined outside of it", () => {
    const [satisfiable] = obligations(
      "intent t(a: Int) { guard { a == 0 || 1 / a > 0; } verify { true; } }",
      "satisfiable",
    );

    expect(satisfiable?.assumptions.map(render)).toContain("(=> (not (= a 0)) (not (= a 0)))");
  });

  test("the assumptions are the ranges, the sum over distinct accounts, and the guards", () => {
    const [satisfiable] = obligations(transfer, "satisfiable");
    const max = (1n << 64n) - 1n;

    expect(satisfiable?.assumptions.map(render)).toEqual([
      `(and (<= 0 amount) (<= amount ${max}))`,
      `(and (<= 0 (select .balance from)) (<= (select .balance from) ${max}))`,
      `(and (<= 0 (select .balance to)) (<= (select .balance to) ${max}))`,
      `(<= (add (select .balance from) (if (not (= to from)) (select .balance to) 0)) ${max})`,
      "(< 0 amount)",
      "(<= amount (select .balance from))",
    ]);
  });

  test("holdings are balance and stake together when the intent touches both", () => {
    const [satisfiable] = obligations(
      "intent t(a: Account) { guard { a.balance > 0; a.stake > 0; } verify { true; } }",
      "satisfiable",
    );

    expect(satisfiable?.assumptions.map(render)).toContain(
      `(<= (add (select .balance a) (select .stake a)) ${(1n << 64n) - 1n})`,
    );
  });

  test("without an effect block nothing is stored, and conservation is plain truth", () => {
    const source = "intent t(a: Account) { guard { a.balance > 0; } verify { a.balance > 0; } }";

    expect(summary(source).map((line) => line.split(" ")[0])).toEqual([
      "satisfiable",
      "conservation",
      "postcondition",
    ]);
  });

  test("each declared asset is conserved for itself, and has an authority of its own", () => {
    expect(
      summary(`${declared}intent t(signer a: Account, b: Account, n: Amount) {
        effect { a.balance[GOLD] -= n; b.balance[GOLD] += n; } verify { true; } }`).map((line) =>
        line.replace(/ \d+:\d+/, ""),
      ),
    ).toEqual([
      "satisfiable the guards can hold",
      "range `a.balance[GOLD]` stays in 0 .. 2^64-1",
      "range `b.balance[GOLD]` stays in 0 .. 2^64-1",
      "conservation the sum of all holdings is unchanged",
      "conservation the sum of all holdings of `GOLD` is unchanged",
      "authority no account's `balance[GOLD]` decreases unless it signs",
      "postcondition `true` holds after the effects",
    ]);
  });

  test("an issue must add to holdings what it adds to the supply, which must not fall", () => {
    const source = `${declared}issue intent t(a: Account, n: Amount) {
      effect { supply[GOLD] += n; a.balance[GOLD] += n; } verify { true; } }`;

    const goals = obligations(source, "conservation");

    expect(goals.map((one) => one.label)).toEqual([
      "the sum of all holdings is unchanged",
      "the holdings of `GOLD` change by as much as its supply",
      "the supply of `GOLD` does not fall",
    ]);
    expect(goals.map((one) => render(one.goal))).toEqual([
      "(= 0 0)",
      "(= (subtract balance[GOLD]@1 (select .balance[GOLD] a)) (subtract supply[GOLD]@0 .supply[GOLD]))",
      "(<= .supply[GOLD] supply[GOLD]@0)",
    ]);
    const [satisfiable] = obligations(source, "satisfiable");
    const max = (1n << 64n) - 1n;
    expect(satisfiable?.assumptions.map(render)).toEqual([
      `(and (<= 0 n) (<= n ${max}))`,
      `(and (<= 0 .supply[GOLD]) (<= .supply[GOLD] ${max}))`,
      `(and (<= 0 (select .balance[GOLD] a)) (<= (select .balance[GOLD] a) ${max}))`,
      "(<= (select .balance[GOLD] a) .supply[GOLD])",
    ]);
  });

  test("squaring by `let` keeps the formulas small: a value is a symbol, not a copy", () => {
    const steps = Array.from({ length: 60 }, (_, at) => `let v${at + 1} = min(v${at}, v${at});`);
    const source = `intent t(a: Account, v0: Amount) {
      effect { ${steps.join(" ")} a.balance += v60 - v60; } verify { v60 <= v0; } }`;

    for (const one of obligations(source)) {
      expect(one.assumptions.reduce((sum, term) => sum + size(term), 0)).toBeLessThan(1_000);
    }
  });

  test("the longest intents give formulas of bounded size", () => {
    const names = Array.from({ length: 16 }, (_, at) => `a${at}`);
    const reads = Array.from({ length: 15 }, (_, at) => `a${at % 16}.balance`).join(" + ");
    const stores = Array.from({ length: 64 }, (_, at) => `a${at % 16}.balance += ${reads};`);
    const source = `intent t(${names.map((name) => `${name}: Account`).join(", ")}) {
      effect { ${stores.join("\n")} } verify { true; } }`;
    const seen = new Set<Term>();

    const all = obligations(source);
    for (const one of all) for (const term of [...one.assumptions, one.goal]) distinct(term, seen);

    expect(all).toHaveLength(68);
    expect(seen.size).toBeLessThan(20_000);
  });
});

function obligations(source: string, kind?: ObligationKind) {
  const compiled = compileSource(source, { privileged: true });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const all = compiled.intents.flatMap(obligationsOf);
  return kind === undefined ? all : all.filter((one) => one.kind === kind);
}

function summary(source: string): readonly string[] {
  return obligations(source).map(
    (one) => `${one.kind} ${one.span.start.line}:${one.span.start.column} ${one.label}`,
  );
}

function render(term: Term | undefined): string {
  if (term === undefined) return "";
  switch (term.type) {
    case "integer":
    case "boolean":
      return String(term.value);
    case "symbol":
      return term.name;
    case "compare":
      return `(${term.operator === "less" ? "<" : "<="} ${render(term.left)} ${render(term.right)})`;
    case "equal":
      return `(= ${render(term.left)} ${render(term.right)})`;
    case "implies":
      return `(=> ${render(term.left)} ${render(term.right)})`;
    case "arithmetic":
      return `(${[term.operator, ...term.operands.map(render)].join(" ")})`;
    default:
      return `(${[term.type, ...children(term).map(render)].join(" ")})`;
  }
}

function children(term: Term): readonly Term[] {
  switch (term.type) {
    case "integer":
    case "boolean":
    case "symbol":
      return [];
    case "arithmetic":
    case "and":
    case "or":
      return term.operands;
    case "not":
      return [term.operand];
    case "compare":
    case "equal":
    case "implies":
      return [term.left, term.right];
    case "if":
      return [term.condition, term.then, term.else];
    case "select":
      return [term.array, term.index];
    case "store":
      return [term.array, term.index, term.value];
    default:
      throw new Error(`${term.type} does not occur in an intent's obligations`);
  }
}

/** Nodes of a term written out, repeated parts counted each time. */
function size(term: Term): number {
  return children(term).reduce((sum, child) => sum + size(child), 1);
}

function distinct(term: Term, seen: Set<Term>): void {
  if (seen.has(term)) return;
  seen.add(term);
  for (const child of children(term)) distinct(child, seen);
}
