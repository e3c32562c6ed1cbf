import {
  findProofDefect,
  isAcceptableKey,
  type Proof,
  toNonce,
  toPublicKey,
  toResource,
  UNITS,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { findUnaffordable, noteMembers } from "../../src/admission/signers.ts";
import {
  beginBlock,
  createPrograms,
  type ExecutionTools,
  earliestTimestamp,
  IntentRecord,
  type Programs,
  stateKey,
} from "../../src/index.ts";
import { createMeter } from "../../src/metering/meter.ts";
import { costOf, intrinsicUnits, programUnits } from "../../src/metering/units.ts";
import { judgedSource } from "../fixtures/judgements.ts";
import {
  accountOf,
  createWorld,
  invoke,
  person,
  publish,
  step,
  transfer,
  utf8,
  type World,
} from "../fixtures/world.ts";

const FEE = { feeLimit: 500_000n };

describe("a block's units", () => {
  test("P42: room comes first: without it neither a signature is verified nor a program loaded", () => {
    const world = createWorld({
      parameters: { blockUnitsMax: toResource(4_000_000) },
      balances: [1_000_000_000n, 1_000_000n, 1_000_000n],
    });
    const { run, calls } = runOf(world);
    const call = { amount: 1n, resourceLimit: 950_000, feeLimit: 15_000_000n };
    const proofs = Array.from({ length: 1_500 }, (_, nonce) =>
      transfer(world, world.alice, world.bob.id, { ...call, nonce }),
    );
    let at = 0;
    while (run.add(proofs[at] as Proof, undefined) === undefined) at += 1;
    const before = { ...calls };
    const refusal = run.add(proofs[at] as Proof, undefined);

    expect(at).toBeGreaterThan(10);
    expect(refusal?.code).toBe("block-full");
    expect(calls).toEqual(before);
  });

  test("a meter gives out what it has, and half of a block whatever opened it", () => {
    const load = (units: number) => ({ units, growth: 0 });
    const meter = createMeter({ unitsMax: 1_000, growthMax: 10, opened: 400 });
    expect([meter.fits(load(600)), meter.fits(load(601))]).toEqual([true, false]);
    meter.take({ units: 500, growth: 7 });
    expect(meter.left).toEqual({ units: 100, growth: 3 });
    expect(meter.fits({ units: 1, growth: 4 })).toBe(false);
    expect(() => meter.take(load(101))).toThrow();

    expect(createMeter({ unitsMax: 1_000, growthMax: 0, opened: 5_000 }).left.units).toBe(500);
  });

  test("a key that has never signed costs its check, known by nonce 0 alone", () => {
    const world = createWorld();
    const [first, later] = [0, 1].map((nonce) => {
      const { body } = transfer(world, world.alice, world.bob.id, { nonce, amount: 1n });
      return intrinsicUnits({ body, bytes: 300 });
    });

    expect((first ?? 0) - (later ?? 0)).toBe(UNITS.newKey);
  });

  test("what could not fit into an empty block is refused for that, not for want of room", () => {
    const world = createWorld({ parameters: { blockUnitsMax: toResource(4_000_000) } });
    const { run } = runOf(world);
    const call = { nonce: 0, amount: 1n, resourceLimit: 4_000_000, feeLimit: 900_000n };
    const proof = transfer(world, world.alice, world.bob.id, call);

    expect(run.add(proof, undefined)?.code).toMatch(/resource-limit|fee-limit/);
    expect(costOf({ body: proof.body, bytes: 300 })).toBeGreaterThan(4_000_000);
  });
});

describe("programs", () => {
  test("the first call of a block pays for loading its program, later ones do not", () => {
    const world = createWorld();
    const proofs = [0, 1].map((nonce) =>
      transfer(world, world.alice, world.bob.id, { nonce, amount: 1n, ...FEE }),
    );
    const { receipts, state } = step(world, world.state, { proofs });
    const [first, second] = receipts.map(({ fee }) => fee);
    const record = state.tree.get(stateKey.intent(world.intents["transfer"] as never));
    const { canonical } = IntentRecord.decode(record ?? new Uint8Array());

    // Beside it, the first pays for the check of a new key.
    const extra = BigInt(UNITS.newKey + programUnits(canonical.length));
    const price = world.genesis.parameters.resourcePrice;
    const difference = (first ?? 0n) - (second ?? 0n);
    expect(difference - (extra * price) / 1_000_000n).toBeLessThanOrEqual(1n);
    expect(difference).toBeGreaterThanOrEqual((extra * price) / 1_000_000n);
  });

  test("a source that was published is recognized by its bytes, without compiling it", () => {
    const world = createWorld();
    const source =
      "intent tip(signer a: Account, b: Account) { guard { a.balance > 1; } effect { a.balance -= 1; b.balance += 1; } verify { true; } }";
    const again = (nonce: number): Proof =>
      publish(world, world.alice, source, { nonce, ...FEE, resourceLimit: 50_000 });
    const judge = () => judgedSource(utf8(source));
    const { state } = step(world, world.state, { proofs: [again(0)], judge });
    const { receipts } = step(forbiddenCompiler(world), state, { proofs: [again(1)], judge });

    expect(receipts.map(({ outcome }) => outcome)).toEqual(["recorded"]);
  });

  test("what a publication compiled is not compiled again by its first call", () => {
    const programs = createPrograms();
    const [program] = programs.compile(
      utf8("intent t(signer p: Account) { verify { true; } }"),
      "published",
    );
    if (program === undefined) throw new Error("one intent went in");
    expect(programs.isStorable(program, "published")).toBe(true);
    const garbage = { canonical: utf8("no program"), origin: "published" } as const;

    expect(programs.load(program.digest, garbage).digest).toEqual(program.digest);
    expect(() => createPrograms().load(program.digest, garbage)).toThrow();
  });

  test("programs that take more than the cache holds run as well, compiled each time", () => {
    const programs = createPrograms({ bytesMax: 1 });
    const source = utf8("intent t(signer p: Account) { verify { true; } }");
    const [program] = programs.compile(source, "published");
    if (program === undefined) throw new Error("one intent went in");
    const record = { canonical: utf8(program.canonical), origin: "published" } as const;

    expect(programs.load(program.digest, record)).not.toBe(programs.load(program.digest, record));
    expect(programs.load(program.digest, record).canonical).toBe(program.canonical);
  });
});

describe("signers of a block, before their signatures are verified", () => {
  const unaffordable = (world: World, proofs: readonly Proof[]) =>
    findUnaffordable(world.state, proofs, () => 300)?.refusal.code;

  test("who has never signed is believed with nonce 0 only, and then with what follows", () => {
    const world = createWorld();
    const by = (nonce: number): Proof =>
      transfer(world, world.alice, world.bob.id, { nonce, amount: 1n });

    expect(unaffordable(world, [by(0), by(1)])).toBeUndefined();
    expect(unaffordable(world, [by(1)])).toBe("nonce-gap");
  });

  test("a cosigner that pretends to have signed before is found as well", () => {
    const world = createWorld();
    const cosigned = (nonce: number): Proof =>
      invoke(world, world.alice, {
        nonce: 0,
        intent: "transfer",
        arguments: [],
        cosigners: [{ person: person("nobody"), nonce }],
      });

    expect(unaffordable(world, [cosigned(0)])).toBeUndefined();
    expect(unaffordable(world, [cosigned(3)])).toBe("nonce-gap");
  });

  test("who has signed in the state may go on", () => {
    const world = createWorld();
    const first = transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 1n, ...FEE });
    const { state } = step(world, world.state, { proofs: [first] });
    const next = transfer(world, world.alice, world.bob.id, { nonce: 1, amount: 1n });

    expect(accountOf(state, world.alice.id).nonce).toBe(toNonce(1));
    expect(findUnaffordable(state, [next], () => 300)).toBeUndefined();
  });

  test("proofs that together take more than a block has are not looked at", () => {
    const world = createWorld({ parameters: { blockUnitsMax: toResource(4_000_000) } });
    const one = transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 1n });
    const proofs = Array.from({ length: 400 }, () => one);

    expect(unaffordable(world, proofs)).toBe("block-full");
  });
});

/** The run of a next block that counts what it verifies and loads. */
function runOf(world: World) {
  const calls = { verified: 0, loaded: 0 };
  const programs: Programs = {
    ...world.tools.programs,
    load: (digest, record) => {
      calls.loaded += 1;
      return world.tools.programs.load(digest, record);
    },
  };
  const tools: ExecutionTools = {
    ...world.tools,
    programs,
    checkProof: (proof) => {
      calls.verified += 1;
      return findProofDefect(world.chain, proof);
    },
  };
  const proposer = world.state.votingSet.validators[0]?.id;
  if (proposer === undefined) throw new Error("a set has members");
  const now = earliestTimestamp(world.state);
  const opening = { now, proposer, evidence: [], parentCertificate: undefined };
  const begun = beginBlock(world.state, opening, tools);
  if (begun.type === "defect") throw new Error(begun.code);
  return { run: begun.run, calls };
}

/** The same world on a compiler that may not be used for sources. */
function forbiddenCompiler(world: World): World {
  const compile = (): never => {
    throw new Error("nothing is to be compiled");
  };
  return { ...world, tools: { ...world.tools, programs: { ...world.tools.programs, compile } } };
}

test("keys of a set are noted without checking them again", () => {
  const world = createWorld();
  // No set has such a key: that it passes shows that nothing was checked.
  const key = toPublicKey(new Uint8Array(32).fill(0xee));
  expect(isRefused(new Uint8Array(32).fill(0xed))).toBe(true);
  const [first] = world.state.previousSet.validators;
  if (first === undefined) throw new Error("a set has members");
  noteMembers({ ...world.state.previousSet, validators: [{ ...first, key }] });

  expect(isAcceptableKey(key)).toBe(true);
});

function isRefused(key: Uint8Array): boolean {
  return !isAcceptableKey(key);
}
