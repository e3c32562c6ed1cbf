import { type Digest, ledgerHeader, sha256, toAmount, toResource } from "@aethel/models";
import {
  CERTIFICATE_BYTES_MAX,
  decodeCertificate,
  encodeCertificate,
} from "@aethel/verifier/certificate";
import { describe, expect, test } from "vitest";
import {
  createLedger,
  IntentRecord,
  type Judged,
  KEY_KIND,
  LedgerError,
  type LedgerState,
  quoteFeeLimit,
  RESULT_CODES,
  stateKey,
  TheoremRecord,
} from "../../src/index.ts";
import {
  judgedAs,
  judgedBySolver,
  judgedSource,
  judgedUncertified,
  standInCertificate,
} from "../fixtures/judgements.ts";
import {
  accountArgument,
  accountOf,
  BuildRefused,
  build,
  createWorld,
  type Executed,
  invoke,
  publish,
  STANDARD_SOURCE,
  step,
  theorem,
  transfer,
  utf8,
} from "../fixtures/world.ts";

const world = createWorld();
const { alice, bob } = world;

const TIP = `intent tip(signer from: Account, to: Account) {
  guard { from.balance >= 5; }
  effect { from.balance -= 5; to.balance += 5; }
  verify { from == to => from.balance == old(from.balance); }
}
`;
const TOUCH = `intent touch(signer me: Account) {
  guard { me.balance > 0; }
  verify { me.balance == old(me.balance); }
}
`;
const BATCH = `atomic_batch both { ${TIP.replace("tip", "first")} ${TIP.replace("tip", "second")} }
`;

function theoremIn(state: LedgerState, script: string): TheoremRecord | undefined {
  const bytes = state.tree.get(stateKey.theorem(sha256(utf8(script))));
  return bytes === undefined ? undefined : TheoremRecord.decode(bytes);
}

function intentIn(state: LedgerState, digest: Digest): IntentRecord | undefined {
  const bytes = state.tree.get(stateKey.intent(digest));
  return bytes === undefined ? undefined : IntentRecord.decode(bytes);
}

/** Executes a block with one theorem, then an empty one that pays for it. */
function oneTheorem(of: typeof world, script: string, feeLimit = 100_000n) {
  const proof = theorem(of, of.alice, script, { nonce: 0, feeLimit });
  const first = step(of, of.state, { proofs: [proof] });
  return { first, after: step(of, first.state) };
}

describe("what is certified", () => {
  test("a theorem's record names kernel and certificate, which stands beside it", () => {
    const { first, after } = oneTheorem(world, "; valid");
    const script = sha256(utf8("; valid"));
    const { certificate } = judgedAs("valid");

    expect(first.results[0]?.trust).toBe("certified");
    expect(ledgerHeader(first.state.header).totalDifficulty).toBe(10_000);
    expect(after.transition.minted).toBeGreaterThan(0n);
    expect(first.state.tree.get(stateKey.theoremCertificate(script))).toEqual(certificate);
    expect(theoremIn(first.state, "; valid")).toMatchObject({
      trust: "certified",
      certification: { kernelVersion: 3, certificateHash: sha256(certificate ?? utf8("")) },
    });
  });

  test("each intent of a source has its own part of the certificate, and a batch its members'", () => {
    const source = TIP + BATCH + TOUCH;
    const rows = decodeCertificate(standInCertificate(utf8(source))) ?? [];
    const { state } = step(world, world.state, {
      proofs: [publish(world, alice, source, { nonce: 0 })],
    });

    const programs = world.tools.programs.compile(utf8(source), "published");
    expect(programs.map(({ name }) => name)).toEqual(["tip", "touch", "both"]);
    for (const { digest, canonical, steps } of programs) {
      const stored = state.tree.get(stateKey.intentCertificate(digest)) ?? utf8("none");
      // The row of an intent begins with its own digest, wherever it stood in the source.
      expect(decodeCertificate(stored)).toEqual(
        steps.map((one) => rows.find(([start]) => start?.join() === one.digest.slice(0, 4).join())),
      );
      expect(intentIn(state, digest)).toMatchObject({
        canonical: utf8(canonical),
        trust: "certified",
        certification: { kernelVersion: 3, certificateHash: sha256(stored) },
      });
    }
  });

  test("every intent of the genesis has a certificate under the state root", () => {
    for (const digest of Object.values(world.intents)) {
      const stored = world.state.tree.get(stateKey.intentCertificate(digest)) ?? utf8("none");
      expect(intentIn(world.state, digest)?.certification?.certificateHash).toEqual(sha256(stored));
    }
  });

  test("an invoke has the trust of its intent", () => {
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 1n });
    expect(step(world, world.state, { proofs: [proof] }).results[0]?.trust).toBe("certified");
  });

  test("an intent that is there already is not stored again, and its bytes are not paid for again", () => {
    const published = step(world, world.state, {
      proofs: [publish(world, alice, TIP, { nonce: 0 })],
    });
    const { transition, results } = step(world, published.state, {
      proofs: [publish(world, bob, TIP, { nonce: 0 })],
    });
    expect(results[0]).toMatchObject({ outcome: "recorded", trust: "certified" });
    expect(transition.changes.some(({ key }) => key[0] === KEY_KIND.intentCertificate)).toBe(false);
  });
});

describe("an intent without a certificate", () => {
  const limits = { resourceLimit: 1_000_000, feeLimit: 1_000_000n };
  const proof = publish(world, alice, TIP, { nonce: 0, ...limits });
  const executed = (said: Judged): Executed =>
    step(world, world.state, { proofs: [proof], judge: () => said });

  test("is unknown, `uncertified`: the units used are charged, not the whole limit", () => {
    const { results, receipts, state, transition } = executed(judgedUncertified());
    const undecided = executed(judgedAs("unknown"));
    const refuted = executed(judgedAs("refuted"));

    expect(results[0]).toMatchObject({
      verdict: "unknown",
      trust: "none",
      outcome: "unknown",
      errorCode: RESULT_CODES.uncertified,
      resource: 5_000,
    });
    expect(receipts[0]?.fee).toBe(refuted.receipts[0]?.fee);
    // A limit of 1,000,000 units costs 1,000 micro-tokens, 5,000 of them cost 5.
    expect((undecided.receipts[0]?.fee ?? 0n) - (refuted.receipts[0]?.fee ?? 0n)).toBe(995n);
    expect(undecided.results[0]).toMatchObject({ resource: 1_000_000, errorCode: 3 });
    expect(ledgerHeader(state.header).totalDifficulty).toBe(0);
    expect(accountOf(state, alice.id).nonce).toBe(1);
    expect(transition.changes.map(({ key }) => key[0])).toEqual([
      KEY_KIND.account,
      KEY_KIND.account,
      stateKey.supply[0],
      stateKey.clock[0],
    ]);
  });

  test("takes no more of its block's resource than it used", () => {
    const of = createWorld({
      parameters: {
        blockResourceMax: limits.resourceLimit as never,
        proofResourceMax: 1_000_000 as never,
      },
    });
    const two = [alice, bob].map((who) => publish(of, who, TIP, { nonce: 0, ...limits }));
    const blockOf = (said: Judged) => build(of, of.state, { proofs: two, judge: () => said });

    expect(blockOf(judgedUncertified()).items).toHaveLength(2);
    expect(() => blockOf(judgedAs("unknown"))).toThrow(BuildRefused);
  });

  test("is not published either when a Judge calls it valid and shows no certificate for each intent", () => {
    const good = judgedSource(utf8(TIP));
    const rows = decodeCertificate(good.certificate ?? utf8("")) ?? [];
    const { certificate: _, ...bare } = good;
    const wrong: readonly Judged[] = [
      judgedBySolver(),
      bare,
      { ...good, trust: "solver" },
      { ...good, trust: undefined },
      { ...good, certificate: utf8("no certificate") },
      { ...good, certificate: encodeCertificate([]) },
      { ...good, certificate: encodeCertificate([...rows, ...rows]) },
      { ...good, certificate: new Uint8Array(CERTIFICATE_BYTES_MAX + 1) },
    ];

    for (const said of wrong) {
      const { results, transition } = executed(said);
      expect(results[0]).toMatchObject({ verdict: "unknown", trust: "none", resource: 5_000 });
      expect(results[0]?.errorCode).toBe(RESULT_CODES.uncertified);
      expect(transition.changes.some(({ key }) => key[0] === KEY_KIND.intent)).toBe(false);
    }
    expect(executed(good).results[0]?.outcome).toBe("applied");
  });
});

describe("bytes of certificates", () => {
  const long = (bytes: number): Judged => ({
    ...judgedSource(utf8(TIP)),
    certificate: encodeCertificate([[new Uint8Array(bytes)]]),
  });
  const dear = createWorld({ parameters: { bytePrice: toAmount(1_000_000n) } });

  test("are paid for; a fee limit that does not reach for them leaves the intent unpublished", () => {
    const { parameters } = dear.genesis;
    const envelope = { nonce: 0, resourceLimit: 1_000_000, feeLimit: 0n };
    const { body } = publish(dear, alice, TIP, envelope);
    const said = long(5_000);
    const certificateBytes = said.certificate?.length ?? 0;
    const quote = (bytes: number) =>
      quoteFeeLimit({ body, difficulty: said.difficulty, certificateBytes: bytes, parameters });
    const run = (feeLimit: bigint): Executed =>
      step(dear, dear.state, {
        proofs: [publish(dear, alice, TIP, { ...envelope, feeLimit })],
        judge: () => said,
      });

    const enough = run(quote(certificateBytes));
    const short = run(quote(certificateBytes - 100));
    expect(enough.results[0]).toMatchObject({ outcome: "applied", errorCode: RESULT_CODES.none });
    expect(short.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["certificate-fee"],
    });
    expect(short.transition.changes.some(({ key }) => key[0] === KEY_KIND.intent)).toBe(false);
    expect((enough.receipts[0]?.fee ?? 0n) - (short.receipts[0]?.fee ?? 0n)).toBeGreaterThan(
      // 1,000,000 micro-tokens for each KiB of what is stored.
      4_800_000n,
    );
  });

  test("take room in the block like the proofs themselves", () => {
    const of = createWorld({ parameters: { blockBytesMax: 2_097_152 } });
    const sources = ["a", "b", "c"].map((name) => TIP.replace("tip", name));
    const feeLimit = 1_000_000n;
    const proofs = sources.map((source, at) => publish(of, alice, source, { nonce: at, feeLimit }));
    const large: Judged = {
      ...judgedSource(utf8(TIP)),
      certificate: encodeCertificate([Array.from({ length: 15 }, () => new Uint8Array(65_000))]),
    };
    const blockOf = (count: number) =>
      build(of, of.state, { proofs: proofs.slice(0, count), judge: () => large });

    expect(blockOf(2).items).toHaveLength(2);
    expect(() => blockOf(3)).toThrow("block-full");
  });

  test("of a theorem are paid for and take room like those of an intent", () => {
    const said = (bytes: number): Judged => ({
      ...judgedAs("valid"),
      certificate: new Uint8Array(bytes),
    });
    const paid = (bytes: number, feeLimit: bigint): Executed =>
      step(dear, dear.state, {
        proofs: [theorem(dear, alice, "; valid", { nonce: 0, resourceLimit: 1_000_000, feeLimit })],
        judge: () => said(bytes),
      });
    const fee = (bytes: number): bigint => paid(bytes, 100_000_000n).receipts[0]?.fee ?? 0n;
    const of = createWorld({ parameters: { blockBytesMax: 2_097_152 } });
    const proofs = [0, 1, 2].map((nonce) => theorem(of, alice, `; valid ${nonce}`, { nonce }));
    const blockOf = (count: number) =>
      build(of, of.state, { proofs: proofs.slice(0, count), judge: () => said(975_000) });

    // 1,000,000 micro-tokens for each KiB, 90 for what the state keeps, and a few for units.
    const priced = fee(10_240) - fee(1_024);
    expect(priced).toBeGreaterThan(9n * 1_000_090n);
    expect(priced).toBeLessThan(9n * 1_000_090n + 100n);
    const short = paid(10_240, fee(10_240) - 1n);
    expect(short.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["state-fee"],
    });
    const shorter = paid(10_240, fee(10_240) - 5_000n);
    expect(shorter.results[0]?.errorCode).toBe(RESULT_CODES["certificate-fee"]);
    expect(theoremIn(short.state, "; valid")).toBeUndefined();
    expect(blockOf(2).items).toHaveLength(2);
    expect(() => blockOf(3)).toThrow("block-full");
  });

  test("of an intent that is there already are not paid for beside a new one's", () => {
    const limits = { resourceLimit: 1_000_000, feeLimit: 100_000_000n };
    const published = step(dear, dear.state, {
      proofs: [publish(dear, alice, TIP, { nonce: 0, ...limits })],
    });
    const proof = publish(dear, bob, TIP + TOUCH, { nonce: 0, ...limits });
    const fee = (state: LedgerState, bytes: number): bigint => {
      const certificate = encodeCertificate([[new Uint8Array(bytes)], [utf8("of touch")]]);
      const judge = (): Judged => ({ ...judgedSource(utf8(TIP + TOUCH)), certificate });
      const { results, receipts } = step(dear, state, { proofs: [proof], judge });
      expect(results[0]?.outcome).toBe("applied");
      return receipts[0]?.fee ?? 0n;
    };

    expect(fee(published.state, 20_000)).toBe(fee(published.state, 1));
    expect(fee(dear.state, 20_000)).toBeGreaterThan(fee(dear.state, 1));
  });

  test("are stored up to the most that a value may have, and that many are certified", () => {
    const most = new Uint8Array(CERTIFICATE_BYTES_MAX);
    const { results, state } = step(world, world.state, {
      proofs: [theorem(world, alice, "; valid", { nonce: 0, feeLimit: 100_000_000n })],
      judge: () => ({ ...judgedAs("valid"), certificate: most }),
    });

    expect(results[0]).toMatchObject({ outcome: "applied", trust: "certified" });
    expect(state.tree.get(stateKey.theoremCertificate(sha256(utf8("; valid"))))).toEqual(most);
  });
});

test("units that a Judge names beyond the limit are not charged, and are not in the result", () => {
  const limits = { resourceLimit: 100_000, feeLimit: 1_000_000n };
  const proof = publish(world, alice, TIP, { nonce: 0, ...limits });
  const of = (said: Judged, resource: number) =>
    step(world, world.state, {
      proofs: [proof],
      judge: () => ({ ...said, resource: toResource(resource) }),
    }).results[0]?.resource;

  for (const said of [judgedSource(utf8(TIP)), judgedAs("refuted"), judgedUncertified()]) {
    expect(of(said, 100_001)).toBe(100_000);
    expect(of(said, 99_999)).toBe(99_999);
  }
});

test("an invoke of a published intent runs on what was certified", () => {
  const [tip] = world.tools.programs.compile(utf8(TIP), "published");
  const published = step(world, world.state, {
    proofs: [publish(world, alice, TIP, { nonce: 0 })],
  });
  const call = invoke(world, bob, {
    nonce: 0,
    intent: tip?.digest ?? "",
    arguments: [accountArgument(bob.id), accountArgument(alice.id)],
  });
  const { results } = step(world, published.state, { proofs: [call] });
  expect(results[0]).toMatchObject({ outcome: "applied", verdict: "valid", trust: "certified" });
});

test("a genesis whose intent is not certified is refused, and the refusal says so", async () => {
  const { genesis } = world;
  const saying = (judged: Judged): Promise<unknown> =>
    createLedger({ genesis, judge: { check: () => Promise.resolve(judged) } }).then(
      () => "opened",
      (error: unknown) => (error instanceof LedgerError ? error.fault : error),
    );
  const { certificate: _, ...bare } = judgedSource(utf8(STANDARD_SOURCE));

  expect(await saying(judgedUncertified())).toEqual({
    code: "GENESIS_INTENT",
    at: 0,
    reason: "is uncertified: postcondition of pay: no certificate was found",
  });
  for (const said of [bare, judgedBySolver(), { ...bare, certificate: utf8("none") }]) {
    expect(await saying(said)).toMatchObject({
      code: "GENESIS_INTENT",
      reason: expect.stringMatching(/^is uncertified: /),
    });
  }
  expect(await saying(judgedSource(utf8(STANDARD_SOURCE)))).toBe("opened");
});
