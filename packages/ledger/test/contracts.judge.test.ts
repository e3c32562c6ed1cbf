import {
  type Block,
  blockDigest,
  type Digest,
  hashProof,
  ledgerHeader,
  type Proof,
  type QuorumCertificate,
  toAccountId,
  toAmount,
  toHex,
  toSequence,
} from "@aethel/models";
import { createJudge, type FieldValue, type Judge, judgeIdentity } from "@aethel/verifier";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createLedger,
  createMemoryStore,
  detailText,
  earliestTimestamp,
  type Ledger,
  RESULT_CODES,
  type Receipt,
} from "../src/index.ts";
import { cellBytes } from "../src/state/contract-codings.ts";
import { Holding } from "../src/state/records.ts";
import { stateKey } from "../src/state/state-key.ts";
import type { ModelCall } from "./fixtures/contract-model.ts";
import { storedState, transaction, wireCall } from "./fixtures/contract-world.ts";
import { compiled, intentOf, librarySource } from "./fixtures/contracts.ts";
import {
  certify,
  createWorld,
  type Person,
  publish,
  STANDARD_SOURCE,
  utf8,
} from "./fixtures/world.ts";

// The real Judge, on contracts of the library: no table here.
const PRICE = 5n;
const base = createWorld({
  balances: [1_000_000_000n, 1_000_000_000n, 1_000_000_000n],
  parameters: { judge: judgeIdentity(), depositPrice: toAmount(PRICE) },
});
const { alice, bob, carol } = base;
const genesis = { ...base.genesis, intents: [{ source: utf8(STANDARD_SOURCE) }] };
const source = librarySource("escrow");
const escrow = compiled(source);
const deals = escrow.maps.find(({ name }) => name === "deals");
const DEPOSIT = PRICE * BigInt(deals === undefined ? 0 : cellBytes(deals));

let judge: Judge;
let leader: Ledger;
let replica: Ledger;
const store = createMemoryStore();

const open = (options: Partial<Parameters<typeof createLedger>[0]> = {}): Promise<Ledger> =>
  createLedger({
    genesis,
    judge,
    judgeIdentity: judgeIdentity(),
    // However slow the machine of the test is, this leader includes what it has judged.
    mempool: { proposableMs: 600_000 },
    ...options,
  });

beforeAll(async () => {
  judge = await createJudge({ workers: 1 });
  leader = await open({ store });
  replica = await open();
});
afterAll(() => judge.close());

/** Waits until the Judge has said something of each. */
async function judged(...hashes: readonly Digest[]): Promise<void> {
  for (;;) {
    if (hashes.every((hash) => leader.pending(hash)?.status === "ready")) return;
    await new Promise<void>((resolve) => {
      const end = leader.subscribe(({ type }) => {
        if (type !== "mempool") return;
        end();
        resolve();
      });
    });
  }
}

/** Has a block with these proofs built by the leader, and verified and committed by both. */
async function nextBlock(...proofs: readonly Proof[]): Promise<readonly Receipt[]> {
  for (const proof of proofs) expect(leader.submit(proof)).toMatchObject({ type: "accepted" });
  await judged(...proofs.map(hashProof));
  const { header, certificate, validators } = leader.head();
  const block: Block | undefined = await leader.propose({
    sequence: toSequence(header.sequence + 1),
    timestamp: earliestTimestamp(leader.state()),
    proposer: validators.validators[0]?.id ?? toAccountId(new Uint8Array(32)),
    parentCertificate: certificate,
    evidence: [],
    reason: "work",
    signal: new AbortController().signal,
  });
  if (block === undefined) throw new Error("nothing to propose");
  expect(block.items).toHaveLength(proofs.length);
  const digest = blockDigest(block.header);
  const { signal } = new AbortController();
  const verdict = await replica.verify({ block, digest, patience: "none", signal });
  expect(verdict).toEqual({ type: "accepted" });
  const state = { ...leader.state(), header: block.header, digest, previousSet: validators };
  const world = { ...base, chain: leader.state().chain };
  const seal = certify(world, state) as QuorumCertificate;
  for (const one of [leader, replica]) await one.commit({ block, certificate: seal });
  expect(replica.state().tree.root).toEqual(leader.state().tree.root);
  const receipts = await Promise.all(proofs.map((proof) => leader.receipt(hashProof(proof))));
  return receipts.flatMap((receipt) => receipt ?? []);
}

function call(name: string, ...values: readonly FieldValue[]): ModelCall {
  return { type: "contract", contract: escrow, intent: intentOf(escrow, name), values };
}

const pay = (from: Person, to: Person, amount: bigint): ModelCall => {
  return { type: "transfer", from: toHex(from.id), to: toHex(to.id), amount };
};

function proofOf(author: Person, ...calls: readonly ModelCall[]): Proof {
  const state = leader.state();
  const world = { ...base, chain: state.chain };
  return transaction(world, state, author, { calls: calls.map((one) => wireCall(world, one)) });
}

/** Calls one intent in a block of its own. */
async function calling(author: Person, ...calls: readonly ModelCall[]): Promise<Receipt> {
  const [receipt] = await nextBlock(proofOf(author, ...calls));
  if (receipt === undefined) throw new Error("an executed proof has a receipt");
  return receipt;
}

const balance = ({ id }: Person): bigint => leader.account(id).balance;
const pool = (): bigint => {
  const bytes = leader.state().tree.get(stateKey.deposits);
  return bytes === undefined ? 0n : Holding.decode(bytes).amount;
};
const vault = (): bigint => storedState(leader.state(), escrow).vaults.get("") ?? 0n;
const openDeal = (id: bigint, amount: bigint, deadline: bigint): ModelCall =>
  call("open", toHex(alice.id), toHex(bob.id), id, amount, deadline);

const work = { resourceLimit: 5_000_000, feeLimit: 100_000_000n };

describe("an escrow with the real Judge", () => {
  test("an escrow that anybody may release is refuted, the sound one is recorded", async () => {
    const world = { ...base, chain: leader.state().chain };
    const receipts = await nextBlock(
      publish(world, alice, source, { nonce: 0, ...work }),
      publish(world, bob, librarySource("attacks/escrow"), { nonce: 0, ...work }),
    );

    expect(receipts.map(({ outcome, trust }) => `${outcome} ${trust}`)).toEqual([
      "applied certified",
      "refuted none",
    ]);
  });

  test("a deal is opened: the payer pays, the vault holds, and the cell has its deposit", async () => {
    const before = balance(alice);
    const receipt = await calling(alice, openDeal(0n, 500n, 7_000_000n));

    expect(receipt.outcome).toBe("applied");
    expect(receipt.depositPaid).toBe(DEPOSIT);
    expect(receipt.depositReturned).toBe(0n);
    expect(balance(alice)).toBe(before - 500n - receipt.fee - DEPOSIT);
    expect(vault()).toBe(500n);
    expect(pool()).toBe(DEPOSIT);
    expect(receipt.calls).toMatchObject([
      {
        cells: [{ map: 0, isPresent: true }],
        vaults: [{ before: 0n, after: 500n }],
        events: [{ name: new TextEncoder().encode("Opened") }],
      },
    ]);
    expect(receipt.calls[0]?.units).toBe(receipt.resource);
  });

  test("a stranger cannot release it, and a refund waits for its deadline", async () => {
    const byStranger = await calling(carol, call("release", 0n));
    const early = await calling(carol, call("refund", 0n));

    expect([byStranger.outcome, early.outcome]).toEqual(["guard-false", "guard-false"]);
    expect(detailText(byStranger)).toContain("signed(d.payer)");
    expect(vault()).toBe(500n);
  });

  test("a call that does not fit its intent is refused before it enters a block", () => {
    const state = leader.state();
    const world = { ...base, chain: state.chain };
    const wire = wireCall(world, openDeal(1n, 1n, 1n));
    const refused = (calls: readonly (typeof wire)[]): string => {
      const added = leader.submit(transaction(world, state, bob, { calls }));
      return added.type === "refused" ? added.code : added.type;
    };
    const none = { type: "account", value: toAccountId(new Uint8Array(32)) } as const;

    expect(refused([wire])).toBe("signers");
    expect(refused([{ ...wire, arguments: wire.arguments.slice(1) }])).toBe("arguments");
    expect(refused([{ ...wire, arguments: wire.arguments.with(1, none) }])).toBe("arguments");
    expect(refused([{ ...wire, arguments: wire.arguments.toReversed() }])).toBe("arguments");
  });

  test("the payer releases it to the payee, and pays no deposit twice", async () => {
    const before = balance(bob);
    const receipt = await calling(alice, call("release", 0n));

    expect(receipt.outcome).toBe("applied");
    expect(balance(bob)).toBe(before + 500n);
    expect([vault(), pool(), receipt.depositPaid]).toEqual([0n, DEPOSIT, 0n]);
  });

  test("a refund after the deadline needs nobody's signature but its caller's", async () => {
    await calling(alice, openDeal(1n, 300n, -1n));
    const before = balance(alice);
    const receipt = await calling(carol, call("refund", 1n));

    expect(receipt.outcome).toBe("applied");
    expect(balance(alice)).toBe(before + 300n);
  });

  test("a transfer and a call of a contract are applied together or not at all", async () => {
    const [from, to, held] = [balance(alice), balance(carol), vault()];
    const failed = await calling(alice, pay(alice, carol, 7n), openDeal(9n, 1n, 0n));

    expect(failed.outcome).toBe("guard-false");
    expect(detailText(failed)).toContain("call 2 of 2");
    expect([balance(alice), balance(carol), vault()]).toEqual([from - failed.fee, to, held]);

    const both = await calling(alice, pay(alice, carol, 7n), openDeal(2n, 1n, 0n));
    expect(both.outcome).toBe("applied");
    expect([balance(carol), vault()]).toEqual([to + 7n, held + 1n]);
    expect(both.calls.map(({ cells }) => cells.length)).toEqual([0, 1]);
  });

  test("a call sees what the calls before it in the transaction left", async () => {
    const receipt = await calling(alice, openDeal(3n, 4n, 0n), call("release", 3n));

    expect(receipt.outcome).toBe("applied");
    expect(receipt.calls.map(({ vaults }) => vaults.map(({ after }) => after))).toEqual([
      [5n],
      [1n],
    ]);
  });

  test("a fee limit that covers the fee and not the deposit stops the call", async () => {
    const state = leader.state();
    const world = { ...base, chain: state.chain };
    const calls = [wireCall(world, openDeal(4n, 1n, 0n))];
    const body = { calls, resourceLimit: 20_000 };
    const enough = leader.quote(transaction(world, state, alice, body).body).charge.most;
    const [receipt] = await nextBlock(
      transaction(world, state, alice, { ...body, feeLimit: enough - 1n }),
    );

    expect(receipt?.outcome).toBe("forbidden");
    expect(detailText(receipt as Receipt)).toContain(`a deposit of ${DEPOSIT}`);
  });

  test("a contract takes no more of a signer than the transaction says", async () => {
    const state = leader.state();
    const world = { ...base, chain: state.chain };
    const calls = [wireCall(world, openDeal(4n, 500n, 0n))];
    const outcomes: string[] = [];
    for (const limit of [499n, 500n]) {
      const proof = transaction(world, leader.state(), alice, { calls, limit });
      for (const { outcome, errorCode } of await nextBlock(proof)) {
        outcomes.push(`${outcome} ${errorCode}`);
      }
    }

    expect(outcomes).toEqual([`forbidden ${RESULT_CODES.spending}`, "applied 0"]);
    await calling(carol, call("refund", 4n));
  });

  test("a ledger that restarts has the same state, and goes on", async () => {
    const again = await open({ store });

    expect(again.state().tree.root).toEqual(leader.state().tree.root);
    expect(ledgerHeader(again.head().header).stateRootAfter).toEqual(again.state().tree.root);
    leader = again;
    const receipt = await calling(bob, call("refund", 2n));
    expect(receipt.outcome).toBe("applied");
    expect(vault()).toBe(0n);
  });
});
