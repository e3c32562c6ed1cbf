import { type Proof, toAmount, toHex, toResource, UNITS } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createMempool, estimateFee, stateKey } from "../../src/index.ts";
import { intrinsicUnits, programUnits } from "../../src/metering/units.ts";
import { SYSTEM_SOURCE } from "../fixtures/calls.ts";
import { LIMITS } from "../fixtures/pools.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  BuildRefused,
  build,
  createWorld,
  type OneCall,
  publish,
  step,
  type Transaction,
  transaction,
  utf8,
  type World,
} from "../fixtures/world.ts";

/** Sixteen programs, each of 8 kB. */
const LONG = Array.from({ length: 16 }, (_, at) => {
  const x = "x".repeat(60);
  const sum = Array.from({ length: 30 }, () => x).join(" + ");
  return `intent long_${at}(signer a: Account, ${x}: Amount) {
    guard { ${x} < 1000; a.balance > 0; } effect { }
    verify { ${Array.from({ length: 4 }, () => `${sum} >= ${x};`).join(" ")} }
  }`;
});

const SOURCES = [0, 6, 12].map((from) => LONG.slice(from, from + 6).join("\n"));

/** A world with the least room in its blocks, and with the long programs published. */
function longWorld(): World {
  const fresh = createWorld({
    source: SYSTEM_SOURCE,
    parameters: { blockUnitsMax: toResource(4_000_000) },
  });
  const state = SOURCES.reduce((before, source, nonce) => {
    const proof = publish(fresh, fresh.alice, source, { nonce, feeLimit: 50_000_000n });
    const { state: after, receipts } = step(fresh, before, { proofs: [proof] });
    expect(receipts[0]).toMatchObject({ outcome: "applied" });
    return after;
  }, fresh.state);
  const named = SOURCES.flatMap((source) =>
    fresh.tools.programs.compile(utf8(source), "published"),
  );
  const more = Object.fromEntries(named.map(({ name, digest }) => [name, digest]));
  return { ...fresh, state, intents: { ...fresh.intents, ...more } };
}

const world = longWorld();
const NONCE = SOURCES.length;
const { alice, bob } = world;
const { programs } = world.tools;
const pay: OneCall = {
  intent: "transfer",
  arguments: [accountArgument(alice.id), accountArgument(bob.id), amountArgument(5n)],
};
const long = (at: number): OneCall => ({
  intent: `long_${at}`,
  arguments: [accountArgument(alice.id), amountArgument(1n)],
});
const sent = (calls: readonly OneCall[], more: Partial<Transaction> = {}): Proof =>
  transaction(world, alice, {
    nonce: NONCE,
    resourceLimit: 100_000,
    feeLimit: 50_000_000n,
    calls,
    ...more,
  });

function blockCode(calls: readonly OneCall[]): string {
  try {
    build(world, world.state, { proofs: [sent(calls)] });
    return "taken";
  } catch (error) {
    if (error instanceof BuildRefused) return error.code;
    throw error;
  }
}

const poolCode = (calls: readonly OneCall[], resourceLimit = 100_000): string => {
  const pool = createMempool({ state: world.state, ...world.tools, limits: LIMITS });
  const added = pool.add(sent(calls, { resourceLimit }));
  return added.type === "refused" ? added.code : added.type;
};

describe("calls that do not go together", () => {
  const stake: OneCall = {
    intent: "stake",
    arguments: [accountArgument(alice.id), amountArgument(5n)],
  };
  const back: OneCall = { intent: "ask_back", arguments: [accountArgument(alice.id)] };

  test.each([stake, back])("what acts for a validator stands alone: $intent", (call) => {
    for (const calls of [
      [pay, call],
      [call, pay],
      [call, call],
    ]) {
      expect([blockCode(calls), poolCode(calls)]).toEqual(["calls", "calls"]);
      const { run } = estimateFee(world.state, sent(calls).body, { programs });
      expect(run).toMatchObject({ code: "calls" });
    }
    expect([blockCode([call]), poolCode([call])]).toEqual(["taken", "accepted"]);
  });

  test("an unknown intent at any place refuses all, and so do arguments that do not fit", () => {
    const unknown: OneCall = { intent: "nothing", arguments: [] };
    const short: OneCall = { ...pay, arguments: pay.arguments.slice(1) };
    for (const [bad, code] of [
      [unknown, "unknown-intent"],
      [short, "arguments"],
    ] as const) {
      expect(blockCode([pay, pay, bad])).toBe(code);
      expect(poolCode([bad, pay, pay])).toBe(code);
    }
  });

  test("limits out of order, or without a signer, are refused for their shape", () => {
    const limit = (signer: number) => ({
      signer,
      asset: world.chain as never,
      amount: toAmount(1n),
    });
    for (const spending of [[limit(0), limit(0)], [limit(1)]]) {
      const proofs = [sent([pay], { spending })];
      expect(() => build(world, world.state, { proofs })).toThrow(/shape/);
    }
  });
});

describe("what several calls cost", () => {
  const lengthOf = (at: number): number => {
    const digest = world.intents[`long_${at}`];
    return digest === undefined ? 0 : (world.state.tree.get(stateKey.intent(digest))?.length ?? 0);
  };

  test("each program is loaded and paid for once, by the first transaction of a block", () => {
    const fees = (...all: readonly (readonly OneCall[])[]): readonly bigint[] => {
      const proofs = all.map((calls, nonce) => sent(calls, { nonce: NONCE + nonce }));
      return step(world, world.state, { proofs }).receipts.map(({ fee }) => fee);
    };
    const [first = 0n, again = 0n] = fees([long(0), long(0)], [long(0), long(0)]);
    const [two = 0n] = fees([long(0), long(1)]);

    expect(programUnits(lengthOf(1))).toBeGreaterThan(60_000);
    expect(first).toBeGreaterThan(2n * again);
    expect(two - first).toBeGreaterThan((first - again) / 2n);
  });

  test("each call costs its fixed part, beside its arguments and its bytes", () => {
    const unitsOf = (count: number): number => {
      const { body } = sent(Array.from({ length: count }, () => pay));
      return intrinsicUnits({ body, bytes: 300 });
    };
    const each = UNITS.invoke + 3 * UNITS.argument;
    expect(unitsOf(16) - unitsOf(1)).toBe(15 * each);
  });

  test("programs that no block could load together are refused at the door", () => {
    const all = Array.from({ length: 16 }, (_, at) => long(at));

    expect(poolCode(all)).toBe("accepted");
    expect(poolCode(all.slice(0, 4), 950_000)).toBe("accepted");
    expect(poolCode(all, 950_000)).toBe("resource-limit");
  });

  test("sixteen calls of which the last fails pay for all of them and change nothing", () => {
    const fifteen = Array.from({ length: 15 }, () => pay);
    const failing: OneCall = {
      ...pay,
      arguments: [...pay.arguments.slice(0, 2), amountArgument(999_999_999_999n)],
    };
    const run = (calls: readonly OneCall[]) => step(world, world.state, { proofs: [sent(calls)] });
    const [good, bad] = [run([...fifteen, pay]), run([...fifteen, failing])];
    const [paid, failed] = [good.receipts[0], bad.receipts[0]];

    expect(paid).toMatchObject({ outcome: "applied" });
    expect(failed).toMatchObject({ outcome: "guard-false" });
    expect(failed?.calls).toHaveLength(16);
    expect(Number(failed?.resource)).toBeGreaterThan((14 * Number(paid?.resource)) / 16);
    expect(accountOf(bad.state, bob.id)).toEqual(accountOf(world.state, bob.id));
    expect(paid?.calls.map(({ intent }) => toHex(intent))).toEqual(
      Array.from({ length: 16 }, () => toHex(world.intents["transfer"] ?? new Uint8Array())),
    );
    const sum = paid?.calls.reduce((all, { units }) => all + units, 0);
    expect(sum).toBe(paid?.resource);
  });

  test("an estimate of several calls is what the next block charges", () => {
    for (const calls of [
      [pay, pay, pay],
      [long(0), pay, long(0)],
      [long(2), long(3)],
    ]) {
      const { run, feeLimit } = estimateFee(world.state, sent(calls).body, { programs });
      const { receipts } = step(world, world.state, { proofs: [sent(calls, { feeLimit })] });
      expect(run).toMatchObject({ type: "run", outcome: "applied", charged: receipts[0]?.fee });
    }
  });
});
