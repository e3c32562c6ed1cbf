import { UNITS } from "@aethel/models/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CompiledIntent, compileSource } from "../../src/intent/compiled/compile.ts";
import type { ExecutionInput } from "../../src/intent/execution/execution.ts";
import { interpretIntent } from "../../src/intent/execution/interpret.ts";
import { intents, sourceOf } from "../language/arbitrary-program.ts";
import { inPlainWords, type PlainResult, runPlainly } from "./plain-interpreter.ts";
import { type RandomWorld, worlds } from "./random-world.ts";

describe("the interpreter, with a plain one as oracle", () => {
  test("writes the same places in the same order, ends at the same place and counts the same units", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(
        intents.map(sourceOf),
        fc.array(worlds, { minLength: 4, maxLength: 4 }),
        (source, some) => {
          const intent = compile(source);
          for (const world of some) {
            const [reads, plainReads]: [string[], string[]] = [[], []];
            const result = inPlainWords(interpretIntent(intent, inputOf(intent, world, reads)));
            const plain = runPlainly(intent, inputOf(intent, world, plainReads));

            expect(result).toEqual(suppliesLast(plain));
            expect(reads).toEqual(plainReads);
            seen.set(result.type, (seen.get(result.type) ?? 0) + 1);
          }
        },
      ),
      { numRuns: 1_000 },
    );
    for (const type of ["applied", "guard-false", "fault"]) {
      expect(seen.get(type) ?? 0, type).toBeGreaterThan(100);
    }
  });
});

describe("a run with a limit of units", () => {
  test("is the run without one, or ends at the limit and has begun nothing that exceeds it", () => {
    let stopped = 0;
    fc.assert(
      fc.property(
        intents.map(sourceOf),
        worlds,
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        (source, world, part) => {
          const intent = compile(source);
          const whole = interpretIntent(intent, inputOf(intent, world, []));
          const unitsMax = Math.floor(whole.executionUnits * part);
          const reads: string[] = [];
          const limited = interpretIntent(intent, { ...inputOf(intent, world, reads), unitsMax });

          if (whole.executionUnits <= unitsMax) expect(limited).toEqual(whole);
          else {
            expect(limited).toEqual({ type: "out-of-units", executionUnits: unitsMax });
            expect(reads.length * UNITS.read).toBeLessThanOrEqual(unitsMax);
            stopped += 1;
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(stopped).toBeGreaterThan(200);
  });
});

function suppliesLast(result: PlainResult): PlainResult {
  if (result.type !== "applied") return result;
  const isSupply = (write: string): boolean => write.startsWith("supply of ");
  const { writes } = result;
  const sorted = [...writes.filter((one) => !isSupply(one)), ...writes.filter(isSupply)];
  return { ...result, writes: sorted };
}

function compile(source: string): CompiledIntent {
  const compiled = compileSource(source, { privileged: true });
  const [intent] = compiled.ok ? compiled.intents : [];
  if (intent === undefined) throw new Error("one intent went in");
  return intent;
}

/** Notes what is read, and in which order. */
function inputOf(intent: CompiledIntent, world: RandomWorld, reads: string[]): ExecutionInput {
  const values = intent.parameters.map(({ name }) => {
    const account = world.accounts[name];
    return [name, account === undefined ? (world.arguments[name] ?? 0n) : `${account}`] as const;
  });
  return {
    arguments: new Map(values),
    sequence: world.sequence,
    read: (account, field, asset) => {
      reads.push(`${field} ${asset?.name} ${account}`);
      return (asset === undefined ? world[field] : world.gold).get(BigInt(account)) ?? 0n;
    },
    supply: ({ name }) => {
      reads.push(`supply ${name}`);
      return world.supply;
    },
  };
}
