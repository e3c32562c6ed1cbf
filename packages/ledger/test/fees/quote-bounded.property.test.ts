import { type Digest, toDigest } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createPrograms,
  type EstimatedRun,
  estimateFee,
  IntentRecord,
  type Programs,
  stateKey,
} from "../../src/index.ts";
import { accountArgument, createWorld, invoke } from "../fixtures/world.ts";

const COUNT = 12;
const world = createWorld({
  source: Array.from(
    { length: COUNT },
    (_, at) => `intent own_${at}(signer x: Account) { verify { x.balance + ${at} >= 0; } }`,
  ).join("\n"),
});
const { alice, bob, state } = world;

const digestOf = (at: number): Digest => {
  const digest = world.intents[`own_${at}`];
  return digest === undefined ? toDigest(new Uint8Array(32).fill(1)) : digest;
};

function recordOf(at: number): IntentRecord {
  const bytes = state.tree.get(stateKey.intent(digestOf(at)));
  if (bytes === undefined) throw new Error("it is published");
  return IntentRecord.decode(bytes);
}

/** Programs that have these compiled, within so many bytes, and refuse to compile another. */
function holding(compiled: readonly number[], bytesMax: number): Programs {
  const programs = createPrograms({ bytesMax });
  for (const at of compiled) programs.load(digestOf(at), recordOf(at));
  const refuse = (): never => {
    throw new Error("a quote compiles");
  };
  return { ...programs, load: refuse, interfaceOf: refuse, isStorable: refuse, compile: refuse };
}

const call = (at: number, fits: boolean, resourceLimit: number) =>
  invoke(world, alice, {
    nonce: 0,
    intent: digestOf(at),
    resourceLimit,
    arguments: [accountArgument(fits ? alice.id : bob.id)],
  }).body;

describe("a quote", () => {
  test("compiles nothing, whatever is asked and whatever is remembered", () => {
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: COUNT - 1 }), { maxLength: COUNT }),
        fc.constantFrom(1, 20_000, 10_000_000),
        fc.array(fc.record({ at: fc.nat({ max: COUNT }), fits: fc.boolean() }), { minLength: 12 }),
        (compiled, bytesMax, calls) => {
          const programs = holding(compiled, bytesMax);
          for (const { at, fits } of calls) {
            const body = call(at, fits, 1_000);
            const { run, charge, feeLimit } = estimateFee(state, body, { programs });
            const kind = codeOf(run);
            seen[kind] = (seen[kind] ?? 0) + 1;
            const remembered = compiled.includes(at) && bytesMax > 20_000;
            if (at === COUNT) expect(kind).toBe("unknown-intent");
            else if (remembered) expect(kind).toBe(fits ? "run" : "signers");
            else if (!compiled.includes(at)) expect(kind).toBe("not-compiled");
            if (kind === "not-compiled") expect(charge.expected).toBe(charge.most);
            expect(charge.most).toBeGreaterThanOrEqual(charge.expected);
            expect(feeLimit).toBeGreaterThanOrEqual(charge.most);
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(Object.keys(seen).toSorted()).toEqual([
      "not-compiled",
      "run",
      "signers",
      "unknown-intent",
    ]);
  });

  test("does not depend on what is remembered, the run apart", () => {
    const [cold, warm] = [holding([], 1), holding([3], 10_000_000)].map((programs) =>
      estimateFee(state, call(3, true, 1_000), { programs }),
    );
    expect(warm?.run?.type).toBe("run");
    expect({ ...cold, run: {}, charge: cold?.charge.most }).toEqual({
      ...warm,
      run: {},
      charge: warm?.charge.most,
    });
  });

  test("keeps no program for longer: others are forgotten as if nobody had asked", () => {
    const size = 64 * recordOf(3).canonical.length;
    const programs = createPrograms({ bytesMax: 2 * size + 64 });
    programs.load(digestOf(3), recordOf(3));
    programs.load(digestOf(4), recordOf(4));
    estimateFee(state, call(3, true, 1_000), { programs });
    programs.load(digestOf(5), recordOf(5));
    const runs = [3, 4].map((at) =>
      codeOf(estimateFee(state, call(at, true, 1_000), { programs }).run),
    );
    expect(runs).toEqual(["not-compiled", "run"]);
  });
});

function codeOf(run: EstimatedRun | undefined): string {
  switch (run?.type) {
    case "refused":
      return run.code;
    case "not-run":
      return run.reason;
    default:
      return run?.type ?? "none";
  }
}
