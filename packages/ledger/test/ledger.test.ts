import { verifyProof } from "@aethel/merkle";
import {
  type Block,
  blockDigest,
  type FinalizedBlock,
  hashProof,
  itemProof,
  ledgerHeader,
  type Proof,
  payloadRoot,
  proofItem,
  type QuorumCertificate,
  sha256,
  toAccountId,
  toDigest,
  toSequence,
  withLedgerHeader,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  type BlockRequest,
  createLedger,
  createMemoryStore,
  earliestTimestamp,
  type JudgePayload,
  type JudgePort,
  type Ledger,
  type LedgerEvent,
  type LedgerStore,
  stateKey,
} from "../src/index.ts";
import { tableJudgement } from "./fixtures/judgements.ts";
import {
  accountArgument,
  amountArgument,
  certify,
  createWorld,
  doubleVote,
  invoke,
  theorem,
  transfer,
  type World,
} from "./fixtures/world.ts";

const world = createWorld();
const { alice, bob } = world;
const signal = new AbortController().signal;

/** A judge that answers from the table, and counts. */
function tableJudge(): JudgePort & { asked: JudgePayload[] } {
  const asked: JudgePayload[] = [];
  return {
    asked,
    check: (payload) => {
      asked.push(payload);
      const envelope = { nonce: 0, resourceLimit: 1, feeLimit: 0n, expiry: 0, author: alice.id };
      const judgement = tableJudgement({ ...envelope, ...payload } as never);
      return Promise.resolve(judgement ?? { type: "abstained", reason: "overloaded" });
    },
  };
}

async function open(of: World = world, store?: LedgerStore, judge: JudgePort = tableJudge()) {
  const ledger = await createLedger(
    store === undefined ? { genesis: of.genesis, judge } : { genesis: of.genesis, judge, store },
  );
  const events: LedgerEvent[] = [];
  ledger.subscribe((event) => events.push(event));
  return { ledger, events };
}

function request(ledger: Ledger, change: Partial<BlockRequest> = {}): BlockRequest {
  const { header, certificate, validators } = ledger.head();
  return {
    sequence: toSequence(header.sequence + 1),
    timestamp: earliestTimestamp(ledger.state()),
    proposer: validators.validators[0]?.id ?? toAccountId(new Uint8Array(32)),
    parentCertificate: certificate,
    evidence: [],
    reason: "work",
    signal,
    ...change,
  };
}

function finalize(ledger: Ledger, block: Block): FinalizedBlock {
  const state = { ...ledger.state(), header: block.header, digest: blockDigest(block.header) };
  const set = ledger.head().validators;
  const certificate = certify(world, { ...state, previousSet: set });
  return { block, certificate: certificate as QuorumCertificate };
}

/** Lets everything that was started finish: judgements are promises only. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function verdictOf(ledger: Ledger, block: Block) {
  const digest = blockDigest(block.header);
  return await ledger.verify({ block, digest, patience: "watchdog", signal });
}

async function submitted(ledger: Ledger, ...proofs: readonly Proof[]): Promise<void> {
  for (const proof of proofs) expect(ledger.submit(proof).type).toBe("accepted");
  await settled();
}

describe("a leader and a voter", () => {
  test("what one proposes the other accepts, and both come to one root", async () => {
    const [leader, voter] = await Promise.all([open(), open()]);
    await submitted(
      leader.ledger,
      transfer(world, alice, bob.id, { nonce: 0, amount: 5n }),
      theorem(world, bob, "; valid", { nonce: 0 }),
      theorem(world, alice, "; refuted", { nonce: 1 }),
    );

    for (let round = 0; round < 3; round++) {
      const block = await leader.ledger.propose(request(leader.ledger));
      if (block === undefined) break;
      expect(await verdictOf(voter.ledger, block)).toEqual({ type: "accepted" });
      const final = finalize(leader.ledger, block);
      await leader.ledger.commit(final);
      await voter.ledger.commit(final);
      expect(voter.ledger.state().tree.root).toEqual(leader.ledger.state().tree.root);
    }

    // The proofs, then the block that pays for them; then there is nothing left to do.
    expect(leader.ledger.head().header.sequence).toBe(2);
    expect(leader.ledger.hasWork()).toBe(false);
    expect(leader.ledger.supply().minted).toBeGreaterThan(0n);
  });

  test("an idle ledger has no work and proposes nothing, but for a heartbeat", async () => {
    const { ledger } = await open();
    expect(ledger.hasWork()).toBe(false);
    expect(await ledger.propose(request(ledger))).toBeUndefined();
    const beat = await ledger.propose(request(ledger, { reason: "heartbeat" }));
    expect(beat?.items).toEqual([]);
    await ledger.commit(finalize(ledger, beat as Block));
    expect(ledger.hasWork()).toBe(false);
  });

  test("a lie in the header is refused with its field, and a Judge in trouble abstains", async () => {
    const { ledger } = await open();
    await submitted(ledger, theorem(world, bob, "; valid", { nonce: 0 }));
    const block = (await ledger.propose(request(ledger))) as Block;
    const { stateRootBefore } = ledgerHeader(block.header);
    const header = withLedgerHeader(block.header, { stateRootAfter: stateRootBefore });

    const voter = await open();
    const verdict = await verdictOf(voter.ledger, { ...block, header });
    expect(verdict).toMatchObject({ type: "refused" });
    expect(verdict.type === "refused" && verdict.reason).toContain("stateRootAfter");

    const table = tableJudge();
    const abstains: JudgePort = {
      check: (payload, how) =>
        payload.type === "theorem"
          ? Promise.resolve({ type: "abstained", reason: "watchdog" })
          : table.check(payload, how),
    };
    const troubled = await open(world, undefined, abstains);
    expect(await verdictOf(troubled.ledger, block)).toEqual({
      type: "abstained",
      reason: "watchdog",
    });
  });

  test("a commit after a verify asks the Judge nothing more; without one it judges itself", async () => {
    const leader = await open();
    await submitted(leader.ledger, theorem(world, bob, "; valid", { nonce: 0 }));
    const block = (await leader.ledger.propose(request(leader.ledger))) as Block;
    const final = finalize(leader.ledger, block);
    const [seen, late] = [tableJudge(), tableJudge()];
    const voter = await open(world, undefined, seen);
    const follower = await open(world, undefined, late);

    await verdictOf(voter.ledger, block);
    const asked = seen.asked.length;
    expect(await verdictOf(voter.ledger, block)).toEqual({ type: "accepted" });
    await voter.ledger.commit(final);
    await follower.ledger.commit(final);

    expect(seen.asked).toHaveLength(asked);
    expect(late.asked.map(({ type }) => type)).toEqual(["publish", "theorem"]);
    expect(follower.ledger.head().digest).toEqual(voter.ledger.head().digest);
    expect(await follower.ledger.commit(final)).toEqual(follower.ledger.head());
  });

  test("a final block that contradicts the own execution is never applied", async () => {
    const { ledger } = await open();
    const beat = (await ledger.propose(request(ledger, { reason: "heartbeat" }))) as Block;
    const header = withLedgerHeader(beat.header, { totalDifficulty: 1 as never });
    const before = ledger.head();

    await expect(ledger.commit(finalize(ledger, { ...beat, header }))).rejects.toMatchObject({
      fault: { code: "FINAL_BLOCK_REFUSED", sequence: 1 },
    });
    const gap = { ...beat, header: { ...beat.header, sequence: toSequence(2) } };
    await expect(ledger.commit(finalize(ledger, gap))).rejects.toMatchObject({
      fault: { code: "FINAL_BLOCK_ORDER", expected: 1, actual: 2 },
    });
    expect(ledger.head()).toEqual(before);
  });

  test("consensus' record of leaders is kept with the block and comes back with the head", async () => {
    const store = createMemoryStore();
    const { ledger } = await open(world, store);
    expect(ledger.head().leadership).toEqual(new Uint8Array());
    const record = new Uint8Array([1, 2, 3]);
    const leadership = sha256(record);
    const asked = request(ledger, { reason: "heartbeat", leadership });
    const beat = (await ledger.propose(asked)) as Block;

    expect(beat.header.leadership).toEqual(leadership);
    expect(await verdictOf(ledger, beat)).toEqual({ type: "accepted" });
    await ledger.commit(finalize(ledger, beat), record);
    expect(ledger.head().leadership).toEqual(record);
    const again = await open(world, store);
    expect(again.ledger.head()).toEqual(ledger.head());
    // Nobody says another: the header goes on with its parent's.
    const next = (await ledger.propose(request(ledger, { reason: "heartbeat" }))) as Block;
    expect(next.header.leadership).toEqual(leadership);
  });

  test("cheap checks come before the Judge: a block with a forged proof costs it nothing", async () => {
    const leader = await open();
    await submitted(leader.ledger, theorem(world, bob, "; valid", { nonce: 0 }));
    const block = (await leader.ledger.propose(request(leader.ledger))) as Block;
    const judge = tableJudge();
    const voter = await open(world, undefined, judge);
    const [first] = block.items.map(itemProof);
    const forged = { ...first, signatures: [new Uint8Array(64)] } as unknown as Proof;
    const items = [proofItem(forged)];
    const header = { ...block.header, payloadRoot: payloadRoot(items) };

    const verdict = await verdictOf(voter.ledger, { ...block, items, header });

    expect(verdict).toMatchObject({ type: "refused" });
    expect(judge.asked.map(({ type }) => type)).toEqual(["publish"]);
  });
});

describe("what only a block settles", () => {
  test("stake that waits for an epoch boundary is work until it is in effect", async () => {
    const { ledger } = await open();
    const given = [accountArgument(alice.id), amountArgument(20_000_000n)];
    await submitted(ledger, invoke(world, alice, { nonce: 0, intent: "stake", arguments: given }));
    const sequences: number[] = [];
    while (ledger.hasWork() && sequences.length < 20) {
      const block = (await ledger.propose(request(ledger))) as Block;
      await ledger.commit(finalize(ledger, block));
      sequences.push(block.header.sequence);
    }
    expect(sequences).toEqual([1, 2, 3, 4]);
    expect(ledger.validator(alice.id)).toMatchObject({ power: 20_000_000n, status: "active" });
  });

  test("a leader includes the evidence that convicts, and leaves out what does not", async () => {
    const { ledger } = await open();
    const [first, second] = world.validators;
    if (first === undefined || second === undefined) throw new Error("two validators");
    const good = doubleVote(world, { signer: first.signer, accused: first, sequence: 1 });
    const framed = doubleVote(world, { signer: second.signer, accused: first, sequence: 1 });
    const evidence = [framed, good, good];

    const block = (await ledger.propose(request(ledger, { evidence }))) as Block;
    await ledger.commit(finalize(ledger, block));

    expect(block.evidence).toEqual([good]);
    expect(ledger.validator(first.id)).toMatchObject({ stake: 32_000_000n, offences: 1 });
  });
});

describe("what it tells", () => {
  test("judged, finalized with receipts, dropped, and how full the mempool is", async () => {
    const { ledger, events } = await open();
    const good = theorem(world, bob, "; valid", { nonce: 0 });
    const bad = theorem(world, alice, "; rejected", { nonce: 0 });
    await submitted(ledger, good, bad);
    const block = (await ledger.propose(request(ledger))) as Block;
    await ledger.commit(finalize(ledger, block));

    const kinds = events.map(({ type }) => type);
    expect(kinds).toContain("mempool");
    expect(events.find(({ type }) => type === "judged")).toMatchObject({
      kind: "theorem",
      verdict: "valid",
      difficulty: 10_000,
      milliseconds: 1,
    });
    expect(events.find(({ type }) => type === "dropped")).toMatchObject({
      proofHash: hashProof(bad),
      refusal: { code: "rejected" },
    });
    expect(events.find(({ type }) => type === "finalized")).toMatchObject({
      sequence: 1,
      receipts: [{ outcome: "applied" }],
    });
    expect(ledger.mempool()).toEqual({ count: 0, waiting: 0, bytes: 0 });
  });

  test("receipts, accounts, intents, validators and supply can be asked for, and proved", async () => {
    const { ledger } = await open();
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 5n });
    await submitted(ledger, proof);
    const block = (await ledger.propose(request(ledger))) as Block;
    await ledger.commit(finalize(ledger, block));

    expect(await ledger.receipt(hashProof(proof))).toMatchObject({ sequence: 1, kind: "invoke" });
    expect(await ledger.receipts(toSequence(1))).toHaveLength(1);
    expect(await ledger.finalized(toSequence(1))).toMatchObject({ block });
    expect(ledger.account(bob.id).balance).toBe(500_000_005n);
    expect(ledger.intents().map(({ name }) => name)).toEqual([
      "stake",
      "swap",
      "transfer",
      "unstake",
    ]);
    expect(ledger.intent(toDigest(new Uint8Array(32)))).toBeUndefined();
    const stakes = ledger.validators().map(({ stake, power }) => stake === power);
    expect(stakes).toEqual([true, true, true, true]);
    expect(ledger.parameters()).toEqual(world.genesis.parameters);
    const { total, genesis, burned } = ledger.supply();
    expect(total).toBe(genesis - burned);
    const key = stateKey.account(bob.id);
    const root = ledgerHeader(ledger.head().header).stateRootAfter;
    expect(verifyProof({ root, key, proof: ledger.prove(key) })).toMatchObject({ ok: true });
  });
});

describe("opening", () => {
  test("all nodes derive one genesis, and the Judge must find its intents valid", async () => {
    const [left, right] = await Promise.all([open(), open()]);
    expect(left.ledger.head().digest).toEqual(right.ledger.head().digest);
    expect(left.ledger.head().digest).toEqual(world.state.digest);

    const refutes: JudgePort = {
      check: () =>
        Promise.resolve(tableJudgement(theorem(world, alice, "; refuted", { nonce: 0 }).body)).then(
          (judgement) => judgement ?? { type: "abstained", reason: "none" },
        ),
    };
    await expect(open(world, undefined, refutes)).rejects.toMatchObject({
      fault: { code: "GENESIS_INTENT", at: 0 },
    });
  });

  test("a Judge that is not the chain's is refused", async () => {
    const { genesis } = world;
    const { judge: own } = genesis.parameters;
    const open = (judgeIdentity: typeof own): Promise<Ledger> =>
      createLedger({ genesis, judge: tableJudge(), judgeIdentity });
    for (const change of [
      { version: 2 },
      { wasmHash: toDigest(new Uint8Array(32).fill(8)) },
      { kernelVersion: 4 },
      { proverVersion: 2 },
    ]) {
      await expect(open({ ...own, ...change })).rejects.toMatchObject({
        fault: { code: "JUDGE_MISMATCH" },
      });
    }
    await expect(open(own)).resolves.toBeDefined();
  });

  test("parameters whose economics cannot work are refused", async () => {
    const parameters = { ...world.genesis.parameters, burnBasisPoints: 10 };
    const genesis = { ...world.genesis, parameters };
    await expect(createLedger({ genesis, judge: tableJudge() })).rejects.toMatchObject({
      fault: { code: "ECONOMICS" },
    });
  });

  test("a ledger opened again stands where it stood, without judging the genesis again", async () => {
    const store = createMemoryStore();
    const { ledger } = await open(world, store);
    await submitted(ledger, theorem(world, bob, "; valid", { nonce: 0 }));
    const block = (await ledger.propose(request(ledger))) as Block;
    await ledger.commit(finalize(ledger, block));

    const judge = tableJudge();
    const again = await open(world, store, judge);

    expect(again.ledger.head()).toEqual(ledger.head());
    expect(judge.asked).toEqual([]);
    const next = (await again.ledger.propose(request(again.ledger))) as Block;
    expect(await verdictOf(ledger, next)).toEqual({ type: "accepted" });
  });

  test("a store of another chain, or whose tree is not its header's, is refused", async () => {
    const store = createMemoryStore();
    await open(world, store);
    const other = createWorld({ balances: [1n, 1n, 1n] });
    await expect(open(other, store)).rejects.toMatchObject({ fault: { code: "STORE_MISMATCH" } });
  });

  test("B17: whatever single value of the stored state was changed, it is not opened", async () => {
    const store = createMemoryStore();
    await open(world, store);
    const entries = [...world.state.tree.entries()];
    for (const { key, value } of entries) {
      const flipped = value.map((byte, at) => (at === value.length - 1 ? byte ^ 1 : byte));
      const damaged: LedgerStore = {
        ...store,
        load: async () => {
          const head = await store.load();
          if (head === undefined) return undefined;
          return { ...head, tree: head.tree.update([{ key, value: flipped }]) };
        },
      };
      await expect(open(world, damaged)).rejects.toMatchObject({
        fault: { code: "STORE_MISMATCH", what: "root" },
      });
    }
    expect(entries.length).toBeGreaterThan(10);
  });
});
