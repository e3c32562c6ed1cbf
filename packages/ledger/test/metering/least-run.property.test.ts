import { type Argument, toAccountId, toAmount, toHex, UNITS } from "@aethel/models";
import { type CompiledIntent, compileSource, interpretIntent } from "@aethel/verifier";
import fc from "fast-check";
import { expect, test } from "vitest";
import { leastUnits, sureWorkOf } from "../../src/metering/least-run.ts";
import { utf8 } from "../fixtures/world.ts";

const SUPPLY = "supply[GOLD]";
const PARAMETERS = ["a", "b", "c"] as const;
const place = fc.constantFrom(...PARAMETERS);
/** A statement by its target; a `let` has none. Its expression is one node. */
const statements = fc.oneof(
  fc.constant("let"),
  place.map((at) => `${at}.balance`),
  place.map((at) => `${at}.stake`),
  place.map((at) => `${at}.balance[GOLD]`),
  fc.constant(SUPPLY),
);
const steps = fc.record({
  clauses: fc.nat({ max: 3 }),
  effect: fc.array(fc.record({ to: statements, operator: fc.constantFrom("=", "+=") }), {
    maxLength: 7,
  }),
  /** Nodes that an expression of the guard has more. */
  more: fc.constantFrom(0, 0, 0, 0, 1, 5),
});
/** Accounts of the parameters; two may be the same. */
const accounts = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }));
const programs = fc.array(fc.tuple(steps, accounts), { minLength: 1, maxLength: 4 });
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

function compile({ clauses, effect, more }: Step): CompiledIntent {
  const last = more > 0 ? `${"!".repeat(2 * more)}true;` : "";
  // A supply only grows, by an intent that says so.
  const lines = effect.map(({ to, operator }, at) => {
    if (to === "let") return `let n${at} = x;`;
    return to === SUPPLY ? `${to} += x;` : `${to} ${operator} x;`;
  });
  const kind = effect.some(({ to }) => to === SUPPLY) ? "issue intent" : "intent";
  const source = `asset GOLD issuer "${"ab".repeat(32)}";
    ${kind} t(signer a: Account, b: Account, c: Account, x: Amount) {
      guard { ${"true;".repeat(clauses)} ${last} }
      effect { ${lines.join(" ")} }
      verify { true; }
    }`;
  const compiled = compileSource(utf8(source), { privileged: true });
  const [intent] = compiled.ok ? compiled.intents : [];
  if (intent === undefined) throw new Error(`does not compile: ${source}`);
  return intent;
}

const idOf = (at: number) => toAccountId(new Uint8Array(32).fill(at + 1));

function argumentsOf(places: readonly number[]): readonly Argument[] {
  const given = places.map((at): Argument => ({ type: "account", value: idOf(at) }));
  return [...given, { type: "amount", value: toAmount(5n) }];
}

/** Units of a run of one step to its end, whatever it comes to. */
function unitsOf(intent: CompiledIntent, places: readonly number[]): number {
  const named = places.map((at, index) => [PARAMETERS[index] ?? "", toHex(idOf(at))] as const);
  const values = new Map<string, bigint | string>([...named, ["x", 5n]]);
  const run = interpretIntent(intent, {
    arguments: values,
    sequence: 1n,
    read: () => 100n,
    supply: () => 100n,
  });
  expect(run.type).toBe("applied");
  return run.executionUnits;
}

/** Stores of a step on what it has stored before. */
function repeated({ effect }: Step, places: readonly number[]): number {
  const stored = effect.flatMap(({ to }) => {
    if (to === "let") return [];
    const [name = "", holding = ""] = to.split(/\.(.*)/u);
    const at = PARAMETERS.findIndex((parameter) => parameter === name);
    return [at < 0 ? to : `${places[at]} ${holding}`];
  });
  return stored.length - new Set(stored).size;
}

test("a program's sure work is all that its run takes but for operands and repeated stores", () => {
  let [exact, shared, supplies] = [0, 0, 0];
  fc.assert(
    fc.property(programs, (all) => {
      const compiled = all.map(([step]) => compile(step));
      const given = all.flatMap(([, places]) => argumentsOf(places));
      const least = leastUnits([
        { called: { sure: sureWorkOf(compiled) }, call: { arguments: given } },
      ]);
      let taken = UNITS.step * (all.length - 1);
      let besides = 0;
      for (const [at, [step, places]] of all.entries()) {
        const intent = compiled[at];
        taken += intent === undefined ? 0 : unitsOf(intent, places);
        besides += 2 * step.more * UNITS.node + repeated(step, places) * UNITS.store;
        shared += new Set(places).size < places.length ? 1 : 0;
        supplies += step.effect.some(({ to }) => to === SUPPLY) ? 1 : 0;
      }
      expect(taken - least).toBe(besides);
      exact += besides === 0 ? 1 : 0;
    }),
    // The draws are counted: the seed is fixed.
    { numRuns: 200, seed: 1 },
  );
  expect(Math.min(exact, shared, supplies)).toBeGreaterThan(5);
});
