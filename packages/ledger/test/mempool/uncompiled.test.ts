import {
  type Argument,
  type Proof,
  signProof,
  toAmount,
  toDifficulty,
  UNITS,
} from "@aethel/models";
import type * as verifier from "@aethel/verifier";
import { compileContract, compileSource, contractIntentDigest } from "@aethel/verifier";
import { afterEach, describe, expect, test, vi } from "vitest";
import { IntentRecord, type Mempool, stateKey } from "../../src/index.ts";
import { programUnits } from "../../src/metering/units.ts";
import { createPrograms } from "../../src/programs/programs.ts";
import { estimateFee } from "../../src/queries/estimate.ts";
import { compiled, KEEPER } from "../fixtures/contracts.ts";
import { codeOf, createPool } from "../fixtures/pools.ts";
import {
  accountArgument,
  amountArgument,
  createWorld,
  type Envelope,
  publish,
  step,
  transfer,
  type World,
} from "../fixtures/world.ts";

// Every compilation of the package goes through these two functions.
vi.mock("@aethel/verifier", async (original) => {
  const all = await original<typeof verifier>();
  return {
    ...all,
    compileContract: vi.fn(all.compileContract),
    compileSource: vi.fn(all.compileSource),
  };
});

const compilations = (): number =>
  vi.mocked(compileContract).mock.calls.length + vi.mocked(compileSource).mock.calls.length;

const base = createWorld();
const { alice, bob } = base;
const contract = compiled(KEEPER);
const published = step(base, base.state, {
  proofs: [
    publish(base, alice, KEEPER, { nonce: 0, resourceLimit: 1_000_000, feeLimit: 90_000_000n }),
  ],
}).state;

/** Returns the world after the publication, with empty caches, as after a start of a node. */
function restarted(): World {
  const tools = { ...base.tools, programs: createPrograms() };
  vi.clearAllMocks();
  return { ...base, state: published, tools };
}

const pay = (nonce: number): Proof => transfer(base, alice, bob.id, { nonce, amount: 1n });

const FITS: readonly Argument[] = [accountArgument(alice.id), amountArgument(5n)];

function put(given: readonly Argument[], options: Envelope, calls = 1): Proof {
  const intent = contractIntentDigest(contract.digest, "put");
  const { body } = pay(options.nonce);
  if (body.type !== "invoke") throw new Error("a call");
  const all = Array.from({ length: calls }, () => ({ intent, arguments: given }));
  const feeLimit = toAmount(options.feeLimit ?? 10_000_000n);
  return signProof(base.chain, { ...body, feeLimit, calls: all, spending: [] }, [alice.signer]);
}

afterEach(() => vi.clearAllMocks());

describe("admission of calls of a contract", () => {
  test("compiles nothing, whether it accepts or refuses", () => {
    const pool: Mempool = createPool(restarted());
    const next = 1;
    expect(pool.submitCost(put(FITS, { nonce: next }, 16))).toBe(1);
    expect(codeOf(pool, put(FITS.slice(1), { nonce: next }, 16))).toBe("arguments");
    const byBob: readonly Argument[] = [accountArgument(bob.id), amountArgument(5n)];
    expect(codeOf(pool, put(byBob, { nonce: next }))).toBe("signers");
    expect(codeOf(pool, put(FITS, { nonce: next + 3 }, 4))).toBe("accepted");
    expect(codeOf(pool, put(FITS, { nonce: next }))).toBe("accepted");
    expect(compilations()).toBe(0);
  });

  test("compiles nothing for an estimate", () => {
    const { tools, state } = restarted();
    const { programs } = tools;
    const { body } = put(FITS, { nonce: 1 });
    const options = { programs, difficulty: toDifficulty(0) };
    expect(estimateFee(state, body, options).run).toEqual({
      type: "not-run",
      reason: "not-compiled",
    });
    const unfit = estimateFee(state, put(FITS.slice(1), { nonce: 1 }).body, options);
    expect(unfit.run).toMatchObject({ type: "refused", code: "arguments" });
    expect(compilations()).toBe(0);
  });

  test("leaves the compilation to the block that charges for loading the contract", () => {
    const world = restarted();
    expect(() =>
      step(world, world.state, { proofs: [put(FITS.slice(1), { nonce: 1 })] }),
    ).toThrow();
    expect(compilations()).toBe(0);
    const { receipts } = step(world, world.state, { proofs: [put(FITS, { nonce: 1 }, 3)] });
    expect(receipts[0]?.calls).toHaveLength(3);
    expect(compilations()).toBe(1);
  });
});

describe("admission of calls of a plain intent", () => {
  test("has the compilation as its cost, once for each program that is in no cache", () => {
    const pool = createPool(restarted());
    const digest = base.intents["transfer"];
    const bytes = digest && published.tree.get(stateKey.intent(digest));
    if (bytes === undefined) throw new Error("there is a transfer");
    const { length } = IntentRecord.decode(bytes).canonical;
    const proof = pay(1);
    const compiling = Math.ceil(programUnits(length) / UNITS.signature);
    expect(compiling).toBeGreaterThan(0);
    expect(pool.submitCost(proof)).toBe(1 + compiling);
    expect(codeOf(pool, proof)).toBe("accepted");
    expect(compilations()).toBe(1);
    expect(pool.submitCost(pay(2))).toBe(1);
  });

  test("compiles nothing for a proof for which there is no space", () => {
    const few = createPool(restarted(), { waitingPerAuthorMax: 0 });
    expect(codeOf(few, pay(3))).toBe("author-quota");
    const none = createPool(restarted(), { perAuthorMax: 0 });
    expect(codeOf(none, pay(1))).not.toBe("accepted");
    expect(compilations()).toBe(0);
  });
});
