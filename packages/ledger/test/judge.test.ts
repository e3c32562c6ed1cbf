import { readFileSync } from "node:fs";
import {
  type Block,
  blockDigest,
  type Digest,
  hashProof,
  ledgerHeader,
  type QuorumCertificate,
  sha256,
  toAccountId,
  toSequence,
} from "@aethel/models";
import {
  createJudge,
  initialState,
  type Judge,
  judgeIdentity,
  standardIntents,
} from "@aethel/verifier";
import {
  checkIntentCertificate,
  checkTheoremCertificate,
  KERNEL_VERSION,
} from "@aethel/verifier/certificate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ContractRecord,
  createLedger,
  earliestTimestamp,
  type Ledger,
  type LedgerEvent,
  readContractState,
  stateKey,
} from "../src/index.ts";
import { compiled, librarySource } from "./fixtures/contracts.ts";
import {
  certify,
  createWorld,
  publish,
  STANDARD_SOURCE,
  theorem,
  transfer,
  utf8,
} from "./fixtures/world.ts";

// The real Judge, on the samples of the repository: no table here.
const base = createWorld({ parameters: { judge: judgeIdentity() } });
const sources = [STANDARD_SOURCE, ...standardIntents().map(({ source }) => source)];
const genesis = { ...base.genesis, intents: sources.map((source) => ({ source: utf8(source) })) };
const { alice, bob, carol } = base;

const sample = (path: string): string =>
  readFileSync(new URL(`../../../examples/${path}`, import.meta.url), "utf8");

let judge: Judge;
let ledger: Ledger;
const events: LedgerEvent[] = [];

beforeAll(async () => {
  judge = await createJudge({ workers: 1 });
  // However slow the machine of the test is, this leader includes what it has judged.
  const mempool = { proposableMs: 600_000 };
  ledger = await createLedger({ genesis, judge, judgeIdentity: judgeIdentity(), mempool });
  ledger.subscribe((event) => events.push(event));
});
afterAll(() => judge.close());

/** Waits until the Judge has said something of each. */
async function judged(...hashes: readonly Digest[]): Promise<void> {
  for (;;) {
    const open = hashes.filter((hash) => ledger.pending(hash)?.status !== "ready");
    if (open.length === 0) return;
    await new Promise<void>((resolve) => {
      const end = ledger.subscribe(({ type }) => {
        if (type !== "mempool") return;
        end();
        resolve();
      });
    });
  }
}

async function nextBlock(): Promise<Block> {
  const { header, certificate, validators } = ledger.head();
  const block = await ledger.propose({
    sequence: toSequence(header.sequence + 1),
    timestamp: earliestTimestamp(ledger.state()),
    proposer: validators.validators[0]?.id ?? toAccountId(new Uint8Array(32)),
    parentCertificate: certificate,
    evidence: [],
    reason: "work",
    signal: new AbortController().signal,
  });
  if (block === undefined) throw new Error("nothing to propose");
  const digest = blockDigest(block.header);
  const state = { ...ledger.state(), header: block.header, digest, previousSet: validators };
  const seal = certify({ ...base, chain: ledger.state().chain }, state) as QuorumCertificate;
  await ledger.commit({ block, certificate: seal });
  return block;
}

describe("with the real Judge", () => {
  test("all standard intents are proved while the genesis is built", () => {
    const names = ledger.intents().map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(standardIntents().length);
    expect(names).toContain("transfer");
  });

  test("true theorems and intents are recorded, false ones refuted; only what is certified is paid", async () => {
    const world = { ...base, chain: ledger.state().chain };
    const work = { resourceLimit: 5_000_000, feeLimit: 40_000_000n };
    const proofs = {
      tip: publish(world, alice, sample("intents/tip.ae"), { nonce: 0, ...work }),
      pigeonhole: theorem(world, alice, sample("theorems/pigeonhole.smt2"), { nonce: 1, ...work }),
      steal: publish(world, bob, sample("intents/refused-steal.ae"), { nonce: 0, ...work }),
      wrong: theorem(world, bob, sample("theorems/false-no-solution.smt2"), { nonce: 1, ...work }),
      // Of strings the kernel knows nothing: the solver's word is all there is.
      strings: theorem(world, bob, sample("theorems/concatenation.smt2"), { nonce: 2, ...work }),
    };
    const all = Object.values(proofs);
    for (const proof of all) expect(ledger.submit(proof).type).toBe("accepted");
    await judged(...all.map(hashProof));
    const block = await nextBlock();

    expect(block.items).toHaveLength(5);
    const outcomes: Record<string, string | undefined> = {};
    let counted = 0;
    for (const [name, proof] of Object.entries(proofs)) {
      const receipt = await ledger.receipt(hashProof(proof));
      outcomes[name] = `${receipt?.outcome} ${receipt?.trust}`;
      if (receipt?.trust === "certified") counted += receipt.difficulty;
    }
    expect(outcomes).toEqual({
      tip: "applied certified",
      pigeonhole: "applied certified",
      steal: "refuted none",
      wrong: "refuted none",
      strings: "applied solver",
    });
    expect(ledgerHeader(block.header).totalDifficulty).toBe(counted);
    const stolen = events.find(
      (event) => event.type === "judged" && event.reason?.includes("authority"),
    );
    expect(stolen).toMatchObject({ verdict: "refuted", counterexample: { kind: "authority" } });
    const script = utf8(sample("theorems/pigeonhole.smt2"));
    const certificate = ledger.certificate(sha256(script)) ?? utf8("none");
    expect(ledger.theorem(sha256(script))?.certification).toEqual({
      kernelVersion: KERNEL_VERSION,
      certificateHash: sha256(certificate),
    });
    expect(checkTheoremCertificate(script, certificate)).toMatchObject({ type: "certified" });
    const bySolver = sha256(utf8(sample("theorems/concatenation.smt2")));
    expect(ledger.theorem(bySolver)).toMatchObject({ trust: "solver" });
    expect(ledger.certificate(bySolver)).toBeUndefined();
    await nextBlock();
    expect(ledger.supply().minted).toBeGreaterThan(0n);
  });

  test("what an intent is certified by can be asked for, and shown by the kernel anew", () => {
    for (const { digest, text, origin, trust, certification } of ledger.intents()) {
      const certificate = ledger.certificate(digest) ?? utf8("none");
      expect(trust).toBe("certified");
      expect(certification?.certificateHash).toEqual(sha256(certificate));
      const checked = checkIntentCertificate(text, certificate, {
        privileged: origin === "genesis",
      });
      expect(checked).toMatchObject({ type: "certified" });
    }
  });

  test("money moves only through what is proved", async () => {
    const world = { ...base, chain: ledger.state().chain };
    const before = ledger.account(carol.id).balance;
    const { nonce } = ledger.account(alice.id);
    ledger.submit(transfer(world, alice, carol.id, { nonce, amount: 1_234n }));
    await nextBlock();

    expect(ledger.account(carol.id).balance).toBe(before + 1_234n);
  });

  test("garbage is rejected before Z3 sees it, and dropped", async () => {
    const world = { ...base, chain: ledger.state().chain };
    const { nonce } = ledger.account(carol.id);
    const junk = theorem(world, carol, "(assert (", { nonce });
    ledger.submit(junk);
    await new Promise<void>((resolve) => {
      const end = ledger.subscribe((event) => {
        if (event.type !== "dropped") return;
        end();
        expect(event.refusal.code).toBe("rejected");
        resolve();
      });
    });
    expect(ledger.pending(hashProof(junk))).toBeUndefined();
  });

  test("what the fixed tables of the other tests call valid is what this Judge proves", async () => {
    const said = await judge.check(
      { type: "publish", source: utf8(STANDARD_SOURCE), privileged: true },
      { resourceLimit: 20_000_000 },
    );
    expect(said).toMatchObject({ type: "judged", verdict: "valid" });
  });

  test("a contract of the library is published, begins in its initial state, and is known again", async () => {
    const world = { ...base, chain: ledger.state().chain };
    const source = librarySource("vesting");
    const contract = compiled(source);
    const options = { resourceLimit: 5_000_000, feeLimit: 60_000_000n };
    const first = publish(world, alice, source, {
      ...options,
      nonce: ledger.account(alice.id).nonce,
    });
    expect(ledger.submit(first).type).toBe("accepted");
    await judged(hashProof(first));
    await nextBlock();

    expect(await ledger.receipt(hashProof(first))).toMatchObject({
      outcome: "applied",
      trust: "certified",
    });
    const { tree } = ledger.state();
    expect(readContractState(tree, contract.digest)?.state.scalars).toEqual(
      initialState(contract).scalars,
    );
    const record = ContractRecord.decode(tree.get(stateKey.contract(contract.digest)) ?? utf8(""));
    const certificate = tree.get(stateKey.contractCertificate(contract.digest)) ?? utf8("");
    expect(record.certification).toEqual({
      kernelVersion: KERNEL_VERSION,
      certificateHash: sha256(certificate),
    });

    const { nonce } = ledger.account(bob.id);
    const again = publish(world, bob, source, { ...options, nonce });
    expect(ledger.submit(again).type).toBe("accepted");
    await judged(hashProof(again));
    await nextBlock();
    expect(await ledger.receipt(hashProof(again))).toMatchObject({ outcome: "recorded" });
  });

  test("a contract that breaks its word is refuted, and a faulty one dropped; none holds anything up", async () => {
    const world = { ...base, chain: ledger.state().chain };
    const theft = librarySource("attacks/escrow");
    const { nonce } = ledger.account(bob.id);
    const stolen = publish(world, bob, theft, {
      nonce,
      resourceLimit: 5_000_000,
      feeLimit: 60_000_000n,
    });
    expect(ledger.submit(stolen).type).toBe("accepted");
    await judged(hashProof(stolen));
    const faulty = "contract tiny { state { n: Int; } intent set() { effect { m = 1; } } }";
    const dropped = new Promise<LedgerEvent>((resolve) => {
      const end = ledger.subscribe((event) => {
        if (event.type !== "dropped") return;
        end();
        resolve(event);
      });
    });
    ledger.submit(publish(world, carol, faulty, { nonce: ledger.account(carol.id).nonce }));

    expect(await dropped).toMatchObject({ refusal: { code: "rejected" } });
    await nextBlock();
    expect(await ledger.receipt(hashProof(stolen))).toMatchObject({ outcome: "refuted" });
    const { tree } = ledger.state();
    expect(tree.get(stateKey.contract(compiled(theft).digest))).toBeUndefined();
  });
});
