import {
  type Digest,
  NATIVE_ASSET,
  type ProofBody,
  sha256,
  toAmount,
  toHex,
  toResource,
} from "@aethel/models";
import { contractIntentDigest, initialState, isDefault } from "@aethel/verifier";
import { encodeCertificate } from "@aethel/verifier/certificate";
import { describe, expect, test } from "vitest";
import {
  ContractIntentRecord,
  ContractRecord,
  depositsIn,
  Holding,
  type Judged,
  KEY_KIND,
  type LedgerState,
  quoteFeeLimit,
  RESULT_CODES,
  readContractState,
  stateKey,
  totalHeld,
} from "../../src/index.ts";
import { intentRecord } from "../../src/programs/contract-interface.ts";
import { AssetRecord } from "../../src/state/records.ts";
import { compiled, KEEPER, librarySource } from "../fixtures/contracts.ts";
import { judgedBySolver, judgedSource, standInCertificate } from "../fixtures/judgements.ts";
import {
  accountOf,
  build,
  createWorld,
  type Executed,
  publish,
  step,
  utf8,
} from "../fixtures/world.ts";

const world = createWorld();
const { alice, bob } = world;
const rich = { nonce: 0, feeLimit: 50_000_000n };

function published(source: string, options: Partial<typeof rich> = {}, of = world): Executed {
  return step(of, of.state, { proofs: [publish(of, of.alice, source, { ...rich, ...options })] });
}

const recordIn = (state: LedgerState, contract: Digest): ContractRecord | undefined => {
  const bytes = state.tree.get(stateKey.contract(contract));
  return bytes === undefined ? undefined : ContractRecord.decode(bytes);
};
const heldIn = (state: LedgerState, key: Uint8Array): bigint => {
  const bytes = state.tree.get(key);
  return bytes === undefined ? 0n : Holding.decode(bytes).amount;
};
const keysOf = (of: Executed, kind: number): number =>
  of.transition.changes.filter(({ key, before }) => key[0] === kind && before === undefined).length;

describe("a publication of a contract", () => {
  test("leaves record, certificate, intents, scalars and empty vaults in the state", () => {
    const contract = compiled(KEEPER);
    const done = published(KEEPER);
    const { state } = done;
    const certificate = standInCertificate(utf8(KEEPER));

    expect(done.results[0]).toMatchObject({ outcome: "applied", trust: "certified" });
    expect(recordIn(state, contract.digest)).toEqual({
      canonical: utf8(contract.canonical),
      difficulty: done.results[0]?.difficulty,
      author: alice.id,
      judgeVersion: 1,
      languageVersion: 1,
      sequence: 1,
      certification: { kernelVersion: 3, certificateHash: sha256(certificate) },
    });
    expect(state.tree.get(stateKey.contractCertificate(contract.digest))).toEqual(certificate);
    for (const [index, { name }] of contract.intents.entries()) {
      const key = stateKey.contractIntent(contractIntentDigest(contract.digest, name));
      const bytes = state.tree.get(key) ?? new Uint8Array();
      expect(ContractIntentRecord.decode(bytes)).toEqual(intentRecord(contract, index));
    }
    for (const asset of [NATIVE_ASSET, ...contract.assets.map(({ id }) => id)]) {
      expect(state.tree.get(stateKey.vault(contract.digest, asset))).toEqual(new Uint8Array(8));
    }
    expect(keysOf(done, KEY_KIND.vault)).toBe(3);
    expect(keysOf(done, KEY_KIND.asset)).toBe(2);
    expect(keysOf(done, KEY_KIND.cell)).toBe(0);
    expect(heldIn(state, stateKey.deposits)).toBe(0n);
  });

  test("begins in the initial state that was proved, for each contract of the library", () => {
    for (const name of ["escrow", "treasury", "allowance-token", "exchange", "voting"]) {
      const source = librarySource(name);
      const contract = compiled(source);
      const { state } = published(source);
      const found = readContractState(state.tree, contract.digest);
      const initial = initialState(contract);

      expect(found?.contract.canonical).toBe(contract.canonical);
      expect(found?.state.scalars).toEqual(initial.scalars);
      expect(found?.state.maps).toEqual(initial.maps);
      expect([...(found?.state.vaults.values() ?? [])].every((amount) => amount === 0n)).toBe(true);
      expect([...(found?.state.supplies.values() ?? [])].every((sum) => sum === 0n)).toBe(true);
    }
  });

  test("takes the deposit of its initial cells from its author, out of the fee limit", () => {
    const source = librarySource("treasury");
    const contract = compiled(source);
    const cells = contract.maps.flatMap(({ initial, value }) =>
      initial.filter((cell) => !isDefault(cell.value, value)),
    );
    const done = published(source);
    const receipt = done.receipts[0];
    const deposit = 7n * BigInt(cells.length) * BigInt(1 + 32 + 1 + 32 + 1);

    expect(cells).toHaveLength(3);
    expect(receipt?.depositPaid).toBe(deposit);
    expect(heldIn(done.state, stateKey.deposits)).toBe(deposit);
    const paid = accountOf(world.state, alice.id).balance - accountOf(done.state, alice.id).balance;
    expect(paid).toBe((receipt?.fee ?? 0n) + deposit);
    expect(depositsIn(done.state.tree.entries(), world.genesis.parameters)).toEqual({
      held: deposit,
      expected: deposit,
    });
    const [before, after] = [world.state, done.state].map(({ tree }) => totalHeld(tree.entries()));
    expect((before ?? 0n) - (after ?? 0n)).toBe(receipt?.burned);

    // One micro-token less, and nothing is published: the work is paid for.
    const short = published(source, { feeLimit: (receipt?.fee ?? 0n) + deposit - 1n });
    expect(short.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES.deposit,
    });
    expect(short.receipts[0]?.depositPaid).toBe(0n);
    expect(recordIn(short.state, contract.digest)).toBeUndefined();
    expect(heldIn(short.state, stateKey.deposits)).toBe(0n);
    expect(
      published(source, { feeLimit: (receipt?.fee ?? 0n) + deposit }).results[0]?.outcome,
    ).toBe("applied");
  });

  test("is recognized when it is repeated, by its bytes or by its canonical text", () => {
    const first = published(KEEPER);
    const again = step(world, first.state, {
      proofs: [
        publish(world, bob, KEEPER, rich),
        publish(world, bob, `# another comment\n${KEEPER}`, { ...rich, nonce: 1 }),
      ],
    });
    for (const at of [0, 1]) {
      expect(again.results[at]).toMatchObject({
        outcome: "recorded",
        errorCode: RESULT_CODES.recorded,
      });
    }
    expect(recordIn(again.state, compiled(KEEPER).digest)?.author).toEqual(alice.id);
    // Known bytes are recognized before anything else is looked at; other bytes are not.
    const proofs = [KEEPER, `# new\n${KEEPER}`].map((source, nonce) =>
      publish(world, bob, source, { ...rich, nonce }),
    );
    const unproved = step(world, first.state, { proofs, judge: () => judgedBySolver() });
    expect(unproved.results.map(({ outcome }) => outcome)).toEqual(["recorded", "unknown"]);
    expect(again.transition.changes.some(({ key }) => key[0] === KEY_KIND.vault)).toBe(false);
  });

  test("shares a declared asset with intents, and keeps its own for itself", () => {
    const contract = compiled(KEEPER);
    const { state } = published(KEEPER);
    const other = KEEPER.replace("contract keeper", "contract other");
    const done = step(world, state, { proofs: [publish(world, bob, other, rich)] });

    expect(done.results[0]?.outcome).toBe("applied");
    expect(keysOf(done, KEY_KIND.asset)).toBe(1);
    const [gold, share] = contract.assets;
    const [otherGold, otherShare] = compiled(other).assets;
    expect(otherGold?.id).toEqual(gold?.id);
    expect(otherShare?.id).not.toEqual(share?.id);
    expect(share?.issuer).toBe(toHex(contract.digest));
  });

  test("leaves the supply of a declared asset that is already registered as it is", () => {
    const before = published(KEEPER).state;
    const [gold] = compiled(KEEPER).assets;
    if (gold === undefined) throw new Error("it declares GOLD");
    const key = stateKey.asset(gold.id);
    const record = AssetRecord.decode(before.tree.get(key) ?? new Uint8Array());
    const value = AssetRecord.encode({ ...record, supply: toAmount(5n) });
    const issued = { ...before, tree: before.tree.update([{ key, value }]) };
    const other = KEEPER.replace("contract keeper", "contract other");
    const proofs = [publish(world, alice, other, { ...rich, nonce: 1 })];
    const { state } = step(world, issued, { proofs });

    expect(recordIn(state, compiled(other).digest)).toBeDefined();
    expect(state.tree.get(key)).toEqual(value);
  });

  test("without a certificate of a contract is not recorded, whatever the Judge says", () => {
    const contract = compiled(KEEPER).digest;
    const one = encodeCertificate([[utf8("one row")]]);
    const judges: readonly Judged[] = [
      judgedBySolver(),
      { ...judgedSource(utf8(KEEPER)), certificate: one },
      { ...judgedSource(utf8(KEEPER)), certificate: new Uint8Array([1]) },
      { ...judgedSource(utf8(KEEPER)), certificate: undefined },
    ];
    for (const judged of judges) {
      const proofs = [publish(world, alice, KEEPER, rich)];
      const done = step(world, world.state, { proofs, judge: () => judged });
      expect(done.results[0]).toMatchObject({
        outcome: "unknown",
        trust: "none",
        errorCode: RESULT_CODES.uncertified,
      });
      expect(recordIn(done.state, contract)).toBeUndefined();
    }
  });

  test("that fits into no block is not recorded, and one that fits into another is refused", () => {
    const small = createWorld({ parameters: { blockUnitsMax: toResource(4_000_000) } });
    const judge = (body: ProofBody): Judged => ({
      ...judgedSource(body.type === "publish" ? body.source : utf8("")),
      certificate: encodeCertificate([[utf8("signs")], [new Uint8Array(999_900)]]),
    });
    const named = (name: string): string => KEEPER.replace("contract keeper", `contract ${name}`);
    const proofOf = (source: string, nonce: number) =>
      publish(small, small.alice, source, { nonce, feeLimit: 100_000_000n });
    // A text as long as there can be, nearly all of it cells.
    const cells = Array.from({ length: 760 }, (_, at) => {
      const owner = String(at).padStart(64, "f");
      return `[account "${owner}"]: 1`;
    });
    const full = `contract full { state { m: map[Account] Int = { ${cells.join(",")} }; } intent a(n: Int) { effect { m[none] = n; } } }`;
    const alone = step(small, small.state, { proofs: [proofOf(KEEPER, 0)], judge });
    expect(alone.results[0]?.outcome).toBe("applied");
    const large = step(small, small.state, { proofs: [proofOf(full, 0)], judge });
    expect(large.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["not-storable"],
    });
    expect(large.transition.changes.some(({ key }) => key[0] === KEY_KIND.cell)).toBe(false);
    const proofs = ["one", "two", "three", "four"].map((name, at) => proofOf(named(name), at));
    expect(() => build(small, small.state, { proofs, judge })).toThrow(/block-full/);
  });

  test("pays for what it leaves, and a quote covers it", () => {
    for (const source of [KEEPER, librarySource("treasury"), librarySource("exchange")]) {
      const { certificate, difficulty } = judgedSource(utf8(source));
      const { body } = publish(world, alice, source, rich);
      const feeLimit = quoteFeeLimit({
        body,
        difficulty,
        certificateBytes: certificate?.length ?? 0,
        parameters: world.genesis.parameters,
      });
      expect(published(source, { feeLimit }).results[0]?.outcome).toBe("applied");
    }
    const dear = createWorld({ parameters: { statePrice: toAmount(1_024_000n) } });
    const cheap = published(KEEPER, {}, createWorld({ parameters: { statePrice: toAmount(0n) } }));
    const done = published(KEEPER, { feeLimit: 90_000_000n }, dear);
    const left = done.transition.changes
      .filter(({ key, before }) => PAID.has(key[0] ?? 0) && before === undefined)
      .reduce((sum, { key, after }) => sum + key.length + (after?.length ?? 0), 0);
    const [burned = 0n, without = 0n] = [done, cheap].map((one) => one.receipts[0]?.burned ?? 0n);
    expect(burned - without).toBe(1_000n * BigInt(left));
  });
});

const PAID = new Set<number>([
  KEY_KIND.asset,
  KEY_KIND.source,
  KEY_KIND.contract,
  KEY_KIND.contractIntent,
  KEY_KIND.contractCertificate,
  KEY_KIND.scalars,
  KEY_KIND.vault,
]);
