import { type Code, constant, encodeModule, list, name, sized } from "@aethel/models/web-assembly";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import { allowanceOf } from "../../src/z3/fuel/gauge.ts";
import { addFuel, FUEL_EXPORT, FUEL_VERSION, POLL_IMPORT } from "../../src/z3/fuel/instrument.ts";
import { findSites } from "../../src/z3/fuel/sites.ts";
import { encodeCode, isCodeOf } from "../../src/z3/fuel/stored-code.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { checkScript } from "../../src/z3/questions/check-script.ts";
import { createObligationRun } from "../../src/z3/questions/obligation-run.ts";
import { type WasmGlobal, webAssembly } from "../../src/z3/wasm/web-assembly.ts";
import { payroll } from "../intent/many-accounts.ts";
import { compileAll } from "../intent/prove.ts";

const I32 = 0x7f;
const END = 0x0b;
const get = (index: number): Code => [0x20, index];
const set = (index: number): Code => [0x21, index];

/** A module whose function `run`, also at 0 in a table, has this body, and one that it may call. */
function moduleOf(body: {
  readonly locals: readonly Code[];
  readonly code: Code;
  readonly callee?: Code;
}) {
  const unary = [0x60, list([I32]), list([I32])];
  const clock = [0x60, list([]), list([0x7c])];
  return encodeModule([
    { id: 1, content: list([unary, clock]) },
    { id: 2, content: list([[name("env"), name(POLL_IMPORT), 0, 1]]) },
    { id: 3, content: list([0, 0]) },
    { id: 4, content: list([[0x70, 0, 1]]) },
    { id: 5, content: list([[0, 5]]) },
    { id: 6, content: list([[I32, 1, constant(5), END]]) },
    { id: 7, content: list([[name("run"), 0, 1]]) },
    { id: 9, content: list([[0, constant(0), END, list([1])]]) },
    {
      id: 10,
      content: list([
        sized([list(body.locals), body.code, END]),
        sized([list([]), body.callee ?? get(0), END]),
      ]),
    },
  ]);
}

/** Runs a module with fuel; what it burnt beside what it returned. */
function burn(binary: Uint8Array<ArrayBuffer>, argument: number, full = 1_000_000) {
  let polls = 0;
  const poll = (): number => {
    polls++;
    counter.value += full;
    return 0;
  };
  const code = new webAssembly.Module(addFuel(binary, findSites(binary)));
  const { exports } = new webAssembly.Instance(code, { env: { [POLL_IMPORT]: poll } });
  const { run, [FUEL_EXPORT]: counter } = exports as {
    run: (value: number) => number;
    [FUEL_EXPORT]: WasmGlobal;
  };
  counter.value = full;
  const result = run(argument);
  return { result, burnt: full - counter.value + polls * full, polls };
}

function plain(binary: Uint8Array<ArrayBuffer>, argument: number): number {
  const code = new webAssembly.Module(binary);
  const { exports } = new webAssembly.Instance(code, { env: { [POLL_IMPORT]: () => 0 } });
  return (exports as { run: (value: number) => number }).run(argument);
}

/** `total = 0; do { total += n; n -= 1 } while (n > 0)`: ten instructions each time. */
const loop = moduleOf({
  locals: [[1, I32]],
  code: [
    [0x03, 0x40],
    [get(1), get(0), 0x6a, set(1)],
    [get(0), constant(1), 0x6b, 0x22, 0],
    [constant(0), 0x4a, 0x0d, 0, END],
    get(1),
  ],
});

describe("code with fuel", () => {
  test("a loop burns the same each time around, and computes what it did", () => {
    const [once, ...more] = [1, 2, 3, 100, 1000].map((times) => ({ times, ...burn(loop, times) }));
    const each = (more[0]?.burnt ?? 0) - (once?.burnt ?? 0);

    expect(each).toBeGreaterThan(5);
    for (const { times, burnt, result } of more) {
      expect(burnt).toBe((once?.burnt ?? 0) + each * (times - 1));
      expect(result).toBe(plain(loop, times));
    }
  });

  test("what follows a branch in a loop is counted each time around too", () => {
    const withBranch = (branch: Code): number => {
      const binary = moduleOf({
        locals: [[1, I32]],
        code: [
          [0x03, 0x40, branch],
          [get(1), get(0), 0x6a, set(1)],
          [get(0), constant(1), 0x6b, 0x22, 0],
          [constant(0), 0x4a, 0x0d, 0, END],
          get(1),
        ],
      });
      return burn(binary, 2).burnt - burn(binary, 1).burnt;
    };
    const none = withBranch([]);

    // A condition, the branch itself and its end; a block has no condition.
    expect(withBranch([constant(0), 0x04, 0x40, END])).toBe(none + 3);
    expect(withBranch([0x02, 0x40, END])).toBe(none + 2);
  });

  test("it polls each time it falls below zero, and burns the same however much it is given", () => {
    const much = burn(loop, 500);
    const little = burn(loop, 500, 100);

    expect(much.polls).toBe(0);
    expect(little.polls).toBe(Math.floor(much.burnt / 100));
    expect(little.burnt).toBe(much.burnt);
  });

  test.each<readonly [string, Code]>([
    ["directly", [0x10, 1]],
    ["through a table", [constant(0), 0x11, 0, 0]],
  ])("a function that calls itself %s burns at each call", (_, call) => {
    const recursion = moduleOf({
      locals: [],
      // n == 0 ? 0 : run(n - 1) + 1
      code: [
        [get(0), 0x45, 0x04, I32, constant(0), 0x05],
        [get(0), constant(1), 0x6b, call, constant(1), 0x6a, END],
      ],
    });
    const burnt = [10, 20, 40].map((depth) => burn(recursion, depth).burnt);

    expect(burn(recursion, 40).result).toBe(40);
    expect((burnt[2] ?? 0) - (burnt[1] ?? 0)).toBe(2 * ((burnt[1] ?? 0) - (burnt[0] ?? 0)));
    expect((burnt[1] ?? 0) - (burnt[0] ?? 0)).toBeGreaterThanOrEqual(10);
  });

  test("moving memory burns by size", () => {
    const fill = moduleOf({
      locals: [],
      code: [constant(0), constant(7), get(0), 0xfc, 11, 0, constant(0), 0x2d, 0, 0],
    });
    const copy = moduleOf({
      locals: [],
      code: [constant(64), constant(0), get(0), 0xfc, 10, 0, 0, constant(0), 0x2d, 0, 0],
    });
    for (const binary of [fill, copy]) {
      const none = burn(binary, 0).burnt;
      expect(burn(binary, 640).burnt - none).toBe(10);
      expect(burn(binary, 2 ** 18).burnt - none).toBe(2 ** 12 + 2 ** 14);
    }
    expect(burn(fill, 100).result).toBe(7);
  });

  test("stored code says of which solver it is, and which version of counting is in it", () => {
    const hash = new Uint8Array(32).fill(7);
    const code = encodeCode(loop, hash);

    expect(isCodeOf(code, hash)).toBe(true);
    expect(isCodeOf(code, hash.with(3, 0))).toBe(false);
    expect(isCodeOf(loop, hash)).toBe(false);
    expect(code.at(-1)).toBe(FUEL_VERSION);
    expect(isCodeOf(code.with(-1, FUEL_VERSION + 1), hash)).toBe(false);
    expect(new webAssembly.Module(new Uint8Array(code))).toBeDefined();
  });
});

/** Products that Z3 writes out for minutes at hardly any units. */
const tower = `(declare-const x Real)${Array.from(
  { length: 14 },
  (_, at) =>
    `(declare-const y${at} Real)(assert (= y${at} (* ${at === 0 ? "x x" : `y${at - 1} y${at - 1}`})))`,
).join("")}(assert (= y13 3.0))`;

const plainClaims = [
  "(declare-const x Int)(declare-const y Int)(assert (= (* x y) (+ (* x x) 7)))(assert (> x 2))",
  "(declare-const v (_ BitVec 12))(assert (= (bvmul v v) #x007))",
  '(declare-const s String)(assert (str.in_re s (re.+ (str.to_re "ab"))))(assert (= (str.len s) 7))',
];

describe("a solver with fuel", () => {
  let instance: SolverInstance;
  let fresh: readonly unknown[];
  beforeAll(async () => {
    instance = await createSolverInstance();
    fresh = plainClaims.map((claim) => checkScript(instance, claim, 1e5));
  });

  test("ends what it does not count by a limit that is counted: at the same place in two instances", async () => {
    const other = await createSolverInstance();
    const burnt = [instance, other, instance].map((one) => {
      one.gauge.fill({ base: 2e7, perUnit: 10, unitsMax: 1e6 });
      const answer = checkScript(one, tower, 1e6);
      expect(answer).toEqual({
        type: "unknown",
        spent: 1e6,
        reason: "resource limit",
        exhausted: true,
      });
      return one.gauge.burnt();
    });

    expect(new Set(burnt).size).toBe(1);
    expect(burnt[0]).toBeGreaterThan(2e7);
    expect(burnt[0]).toBeLessThan(2.5e7);
  });

  test("wherever it runs out, nothing is left of it: the next answers are those of a new instance", () => {
    const claims = fc.integer({ min: 0, max: plainClaims.length - 1 });
    fc.assert(
      fc.property(claims, claims, fc.integer({ min: 0, max: 4e6 }), (hurt, next, base) => {
        instance.gauge.fill({ base, perUnit: 0, unitsMax: 1e6 });
        checkScript(instance, plainClaims[hurt] ?? "", 1e5);
        instance.gauge.fill(allowanceOf(1e5));
        expect(checkScript(instance, plainClaims[next] ?? "", 1e5)).toEqual(fresh[next]);
      }),
      { numRuns: 30 },
    );
  });

  test("an obligation that ran out leaves nothing to the next one of its intent", () => {
    const [intent] = compileAll(payroll({ receivers: 6 }));
    const [first, ...others] = (intent === undefined ? [] : obligationsOf(intent)).slice(1);
    const last = others.at(-1);
    if (first === undefined || last === undefined) throw new Error("it has obligations");
    const alone = createObligationRun(instance).check(last, 1e6);

    const run = createObligationRun(instance);
    instance.gauge.fill({ base: 0, perUnit: 0, unitsMax: 1e6 });
    expect(run.check(others[0] ?? first, 1e6)).toMatchObject({ type: "unknown", exhausted: true });
    instance.gauge.fill(allowanceOf(1e6));
    expect(run.check(last, 1e6)).toEqual(alone);
  });

  test("more memory than it may hold is such a limit too", () => {
    instance.gauge.fill({ base: 1e12, perUnit: 0, unitsMax: 1e6 });
    // A float with 34 bits of exponent as a fraction: a number of 2^33 bits.
    const wide = `(assert (< (fp.to_real (fp #b0 #b${"1".repeat(33)}0 #b0000000)) 1.0))`;
    expect(checkScript(instance, wide, 1e6)).toMatchObject({ type: "unknown", exhausted: true });
    instance.gauge.fill(allowanceOf(1e5));
    expect(checkScript(instance, plainClaims[0] ?? "", 1e5)).toEqual(fresh[0]);
  });

  test("what Z3 counts beyond the limit pays for no more", () => {
    const claim = plainClaims[0] ?? "";
    instance.gauge.fill({ base: 5e6, perUnit: 1e5, unitsMax: 10 });
    expect(checkScript(instance, claim, 1e5)).toMatchObject({ exhausted: true });
  });

  test("units that Z3 counts pay for fuel", () => {
    const claim = plainClaims[0] ?? "";
    instance.gauge.fill({ base: 5e6, perUnit: 1e5, unitsMax: 1e6 });
    expect(checkScript(instance, claim, 1e5)).toEqual(fresh[0]);
    instance.gauge.fill({ base: 5e6, perUnit: 0, unitsMax: 1e6 });
    expect(checkScript(instance, claim, 1e5)).toMatchObject({ exhausted: true });
  });
});
