import { Account, type LedgerState, stateKey } from "@aethel/ledger";
import { createTree } from "@aethel/merkle";
import {
  blockDigest,
  createCertificate,
  encodeValidatorSet,
  hashGenesis,
  type SnapshotHead,
  sha256,
  signableVote,
  toAccountId,
  toAmount,
  toNonce,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  withLedgerHeader,
} from "@aethel/models";
import { contracts, createTestGenesis, testKey } from "@aethel/testkit";
import type { Snapshot } from "../src/storage/snapshot-schedule.ts";
import { stateHasher } from "../src/storage/state-hasher.ts";

/** The only validator. */
export const alone = testKey("alone");

/** Genesis of the chain of the bench, with contracts and their certificates. */
export const genesis = createTestGenesis({
  name: "sync bench",
  validators: [{ id: alone.id, key: alone.signer.publicKey, stake: toAmount(5_000_000_000n) }],
  accounts: [{ id: alone.id, balance: toAmount(5_000_000n) }],
  intents: contracts.intents,
  parameters: { unbondingMs: 1_209_600_000 },
});

/** Returns the state after the genesis block. */
export async function genesisState(): Promise<LedgerState> {
  const chain = await contracts.create(genesis);
  const { ledger } = await chain.createNode()();
  if (ledger === undefined) throw new Error("the application is a ledger");
  return ledger.state();
}

/**
 * Makes a snapshot of a block with many accounts. Nothing executed the block: its header is signed
 * with the validator's key, as if the accounts had come by transfers.
 */
export async function snapshotOf(accounts: number): Promise<Snapshot & { head: SnapshotHead }> {
  const { header: first, digest, tree: base, votingSet } = await genesisState();
  const value = Account.encode({ balance: toAmount(1_000_000n), nonce: toNonce(0) });
  const tree = createTree({ hasher: stateHasher() })
    .update(base.entries())
    .update(accountsOf(accounts, value));
  const about = {
    ...first,
    sequence: toSequence(10),
    parent: digest,
    timestamp: toTimestamp(first.timestamp + 60_000),
  };
  const header = withLedgerHeader(about, { stateRootAfter: tree.root });
  const vote = { sequence: header.sequence, view: toView(0), digest: blockDigest(header) };
  const signature = alone.signer.sign(signableVote("commit", hashGenesis(genesis), vote));
  const votes = [{ voter: toValidatorIndex(0), signature }];
  const certificate = createCertificate({ phase: "commit", vote, set: votingSet, votes });
  const record = { header, certificate, leadership: new Uint8Array() };
  const set = encodeValidatorSet(votingSet);
  return { tree, record, head: { ...record, validators: set, nextValidators: set } };
}

function* accountsOf(
  count: number,
  value: Uint8Array,
): IterableIterator<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
  const number = new Uint8Array(4);
  for (let at = 0; at < count; at++) {
    new DataView(number.buffer).setUint32(0, at);
    yield { key: stateKey.account(toAccountId(sha256(number))), value };
  }
}
