import { UNITS } from "@aethel/models/primitives";
import { describe, expect, test } from "vitest";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { argumentProblem, signersOf } from "../../src/intent/execution/arguments.ts";
import { interpretIntent } from "../../src/intent/execution/interpret.ts";
import type { Value } from "../../src/language/evaluate.ts";

const transfer = `intent transfer(signer from: Account, to: Account, amount: Amount) {
  guard { amount > 0; from.balance >= amount; }
  effect { from.balance -= amount; to.balance += amount; }
  verify { true; }
}`;
const max = (1n << 64n) - 1n;

describe("running an intent", () => {
  test("a transfer writes both accounts, in the order of the stores", () => {
    const result = run(transfer, { from: "f", to: "t", amount: 3n }, { f: 10n, t: 1n });

    expect(result).toEqual({
      type: "applied",
      supplies: [],
      writes: [
        { account: "f", field: "balance", before: 10n, after: 7n },
        { account: "t", field: "balance", before: 1n, after: 4n },
      ],
      executionUnits: 8 + 2 * (UNITS.read + UNITS.store + UNITS.write),
    });
  });

  test("two names of one account are one account", () => {
    const result = run(transfer, { from: "f", to: "f", amount: 3n }, { f: 10n });

    expect(result).toMatchObject({
      writes: [{ account: "f", field: "balance", before: 10n, after: 10n }],
    });
  });

  test("a false guard says which, and nothing is written", () => {
    const result = run(transfer, { from: "f", to: "t", amount: 11n }, { f: 10n });

    expect(result).toMatchObject({
      type: "guard-false",
      label: "from.balance >= amount",
      span: { start: { line: 2, column: 23 } },
    });
  });

  test("a store out of range faults at its statement, above and below", () => {
    const source = "intent t(a: Account, n: Int) { effect { a.balance += n; } verify { true; } }";

    expect(run(source, { a: "x", n: 1n }, { x: max })).toMatchObject({
      type: "fault",
      code: "range",
      message: "`a.balance` would become 18446744073709551616, outside 0 .. 2^64-1",
      span: { start: { column: 41 } },
    });
    expect(run(source, { a: "x", n: -1n }, { x: 0n })).toMatchObject({ code: "range" });
    expect(run(source, { a: "x", n: -1n }, { x: max })).toMatchObject({ type: "applied" });
  });

  test.each([
    [7n, 2n, 3n, 1n],
    [-7n, 2n, -4n, 1n],
    [7n, -2n, -3n, 1n],
    [-7n, -2n, 4n, 1n],
    [-6n, 3n, -2n, 0n],
    [6n, -3n, -2n, 0n],
    [0n, -5n, 0n, 0n],
  ])("division is Euclidean: %i by %i is %i, remainder %i", (a, b, quotient, remainder) => {
    const source = `intent t(a: Int, b: Int, q: Int, r: Int) {
      guard { a / b == q; a % b == r; } verify { true; } }`;

    expect(run(source, { a, b, q: quotient, r: remainder }).type).toBe("applied");
    expect(run(source, { a, b, q: quotient + 1n, r: remainder }).type).toBe("guard-false");
  });

  test("connectives and branches evaluate only what they need", () => {
    const source = `intent t(z: Int) {
      guard { z == 0 || 1 / z > 0; !(z != 0 && 1 / z > 0); z != 0 => 1 / z > 0;
              (if z == 0 then 1 else 1 / z) > 0; }
      verify { true; } }`;

    expect(run(source, { z: 0n }).type).toBe("applied");
    expect(
      run("intent t(z: Int) { guard { 1 % z > 0; } verify { true; } }", { z: 0n }),
    ).toMatchObject({ type: "fault", code: "division-by-zero", span: { start: { column: 28 } } });
  });

  test("`old` reads the state before the first effect, and `let` keeps the value of its place", () => {
    const source = `intent t(a: Account) {
      guard { let start = a.balance; }
      effect { a.balance += 1; let middle = a.balance; a.balance += 1;
               a.stake = 100 * start + 10 * middle + old(a.balance) + a.balance; }
      verify { true; } }`;

    expect(run(source, { a: "x" }, { x: 2n })).toMatchObject({
      writes: [{ after: 4n }, { field: "stake", after: 200n + 30n + 2n + 4n }],
    });
  });

  test("min, max, abs and the sequence", () => {
    const source = `intent t(n: Int) {
      guard { min(n, 2) == n; max(n, 2) == 2; abs(n) == 3; sequence == 7; } verify { true; } }`;

    expect(run(source, { n: -3n }, {}, { sequence: 7n }).type).toBe("applied");
    expect(run(source, { n: -3n }, {}, { sequence: 8n })).toMatchObject({ label: "sequence == 7" });
  });

  test.each<[string, Record<string, Value>]>([
    ["a missing one", { from: "f", to: "t" }],
    ["one too many", { from: "f", to: "t", amount: 1n, extra: 1n }],
    ["a number for an account", { from: 5n, to: "t", amount: 1n }],
    ["an account for an amount", { from: "f", to: "t", amount: "1" }],
    ["a truth value for an amount", { from: "f", to: "t", amount: true }],
    ["an amount below its range", { from: "f", to: "t", amount: -1n }],
    ["an amount above its range", { from: "f", to: "t", amount: max + 1n }],
  ])("wrong arguments are a fault before anything is read: %s", (_what, values) => {
    const read = (): bigint => {
      throw new Error("read");
    };
    const intent = compile(transfer);
    const given = new Map(Object.entries(values));

    expect(interpretIntent(intent, { arguments: given, sequence: 1n, read })).toMatchObject({
      type: "fault",
      code: "arguments",
    });
    expect(argumentProblem(intent.parameters, given)).toBeDefined();
  });

  test("an Int and the sequence have their ranges, edges included", () => {
    const source = "intent t(n: Int) { guard { n != sequence; } verify { true; } }";
    const edge = (1n << 127n) - 1n;

    expect(run(source, { n: edge }).type).toBe("applied");
    expect(run(source, { n: -edge }).type).toBe("applied");
    expect(run(source, { n: edge + 1n })).toMatchObject({ code: "arguments" });
    expect(run(source, { n: -edge - 1n })).toMatchObject({ code: "arguments" });
    expect(run(source, { n: 3n }, {}, { sequence: (1n << 53n) - 1n }).type).toBe("applied");
    expect(run(source, { n: 3n }, {}, { sequence: 1n << 53n })).toMatchObject({
      code: "arguments",
    });
    expect(run(source, { n: 3n }, {}, { sequence: -1n })).toMatchObject({ code: "arguments" });
  });

  test("a state that cannot be is a fault, not a result", () => {
    expect(run(transfer, { from: "f", to: "t", amount: 1n }, { f: -1n })).toMatchObject({
      type: "fault",
      code: "state",
    });
  });

  test("the signers are the accounts of the `signer` parameters, each once", () => {
    const source =
      "intent t(signer a: Account, signer b: Account, c: Account) { verify { true; } }";
    const values = (b: string) =>
      new Map<string, Value>([
        ["a", "x"],
        ["b", b],
        ["c", "z"],
      ]);

    expect(signersOf(compile(source), values("y"))).toEqual(["x", "y"]);
    expect(signersOf(compile(source), values("x"))).toEqual(["x"]);
  });

  test("execution units count what was evaluated, so a dead branch is free", () => {
    const source = (branch: string): string =>
      `intent t(p: Bool) { guard { p || ${branch}; } verify { true; } }`;

    const short = run(source("1 > 2"), { p: true });
    const long = run(source("1 + 1 + 1 + 1 + 1 > 2"), { p: true });
    const taken = run(source("1 + 1 + 1 + 1 + 1 > 2"), { p: false });

    expect(long.executionUnits).toBe(short.executionUnits);
    expect(taken.executionUnits).toBeGreaterThan(long.executionUnits);
  });
});

describe("a limit of units", () => {
  const wide = `1${"0".repeat(60)}`;
  const source = (operation: string): string =>
    `intent t(signer p: Account, a: Amount) {
      effect { let w = ${wide}; let v = w * w + a; let x = ${operation}; p.balance += 0; }
      verify { true; }
    }`;
  const unitsOf = (operation: string): number =>
    run(source(operation), { p: "p", a: 7n }, { p: 0n }).executionUnits;

  test("arithmetic on wide numbers takes more than on narrow ones, division most", () => {
    expect(unitsOf("v * v")).toBeGreaterThan(unitsOf("a * a"));
    expect(unitsOf("v / w")).toBeGreaterThan(unitsOf("v + w"));
    expect(unitsOf("v % w")).toBeGreaterThan(unitsOf("a % a"));
  });

  test("a division that the units do not reach for is not done", () => {
    const all = unitsOf("v / (a - a)");
    const at = (unitsMax: number) =>
      run(source("v / (a - a)"), { p: "p", a: 7n }, { p: 0n }, { unitsMax });

    expect(at(all)).toMatchObject({ type: "fault", code: "division-by-zero" });
    expect(at(all - 1)).toEqual({ type: "out-of-units", executionUnits: all - 1 });
  });
});

describe("supplies", () => {
  test("each is read once and written once, in the order of first stores", () => {
    const issuer = "11".repeat(32);
    const source = `asset GOLD issuer "${issuer}";
      asset SILVER issuer "${issuer}";
      issue intent t(a: Account, m: Amount) {
        effect {
          supply[SILVER] += m; a.balance[SILVER] += m;
          supply[GOLD] += m; a.balance[GOLD] += m;
          supply[SILVER] += m; a.balance[SILVER] += m;
        }
        verify { true; }
      }`;
    const read: string[] = [];
    const execution = interpretIntent(compile(source), {
      arguments: new Map<string, Value>([
        ["a", "aa"],
        ["m", 3n],
      ]),
      sequence: 1n,
      read: () => 0n,
      supply: ({ name }) => BigInt(read.push(name)) * 100n,
    });

    expect(read).toEqual(["SILVER", "GOLD"]);
    expect(execution).toMatchObject({
      type: "applied",
      supplies: [
        { asset: { name: "SILVER" }, before: 100n, after: 106n },
        { asset: { name: "GOLD" }, before: 200n, after: 203n },
      ],
    });
  });
});

describe("the write set", () => {
  test.each([
    ["a.balance -= m", false, true],
    ["a.balance += m", true, false],
    ["a.balance = m", true, true],
    ["a.balance += i", true, true],
    ["a.balance -= i", true, true],
    ["a.balance += abs(i) + b.balance / 2 + i % 3", true, false],
    ["a.balance += m - m", true, true],
    ["a.balance += max(i, 0) * min(m, 4)", true, false],
    ["a.balance += min(i, 0)", true, true],
    ["a.balance += if i > 0 then m else i", true, true],
    ["a.balance -= sequence", false, true],
  ])("`%s` may increase: %s, may decrease: %s", (statement, increase, decrease) => {
    const source = `intent t(a: Account, b: Account, m: Amount, i: Int) {
      effect { ${statement}; } verify { true; } }`;

    expect(compile(source).writes).toEqual([
      { parameter: "a", field: "balance", increase, decrease },
    ]);
  });
});

function compile(source: string) {
  const compiled = compileSource(source, { privileged: true });
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  if (intent === undefined) throw new Error(JSON.stringify(compiled));
  return intent;
}

function run(
  source: string,
  values: Readonly<Record<string, Value>>,
  balances: Readonly<Record<string, bigint>> = {},
  { sequence = 1n, ...limit }: { readonly sequence?: bigint; readonly unitsMax?: number } = {},
) {
  return interpretIntent(compile(source), {
    ...limit,
    arguments: new Map(Object.entries(values)),
    sequence,
    read: (account, field) => (field === "balance" ? (balances[account] ?? 0n) : 0n),
  });
}
