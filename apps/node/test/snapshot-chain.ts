import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLedger, earliestTimestamp, type Ledger } from "@aethel/ledger";
import {
  blockDigest,
  createCertificate,
  hashGenesis,
  ledgerHeader,
  sha256,
  signableVote,
  toAccountId,
  toAmount,
  toSequence,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { contracts, createTestGenesis, testKey } from "@aethel/testkit";
import type { RootDatabase } from "lmdb";
import { type Layout, layoutOf } from "../src/files/layout.ts";
import { createLedgerStore, type DiskStore } from "../src/storage/ledger-store.ts";
import { openDatabase } from "../src/storage/open-database.ts";
import { restoreSnapshots, type SnapshotSchedule } from "../src/storage/snapshot-schedule.ts";
import { createSnapshotSource, type NodeSnapshots } from "../src/storage/snapshot-source.ts";

const alone = testKey("alone");

/** A genesis with the sample contracts, one validator and some accounts. */
export const genesis = createTestGenesis({
  name: "snapshots",
  validators: [{ id: alone.id, key: alone.signer.publicKey, stake: toAmount(5_000_000_000n) }],
  accounts: Array.from({ length: 400 }, (_, at) => ({
    id: toAccountId(sha256(Uint8Array.of(at & 0xff, at >> 8))),
    balance: toAmount(1_000_000n),
  })),
  intents: contracts.intents,
});

export const SCHEDULE: SnapshotSchedule = { every: 10, keep: 2 };

/** A ledger on the disk. */
export interface Opened {
  readonly layout: Layout;
  readonly database: RootDatabase;
  readonly store: DiskStore;
  readonly ledger: Ledger;
  readonly snapshots: NodeSnapshots;
  readonly close: () => Promise<void>;
}

const directories: string[] = [];

/** Makes an empty directory. */
export async function emptyLayout(): Promise<Layout> {
  const directory = await mkdtemp(join(tmpdir(), "aethel-snapshot-"));
  directories.push(directory);
  return layoutOf(directory);
}

/** Removes all directories. For `afterAll`. */
export async function removeAll(): Promise<void> {
  for (const directory of directories.splice(0)) {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Opens the ledger of a directory, and its snapshots. */
export async function openAt(layout: Layout, database?: RootDatabase): Promise<Opened> {
  const root = database ?? (await openDatabase(layout));
  const store = createLedgerStore(root, layout, { snapshots: SCHEDULE });
  if (store !== undefined && (await store.last()) === undefined) await writeGenesis(store);
  // Its judgements are never asked for: the genesis is in the store, and blocks judge nothing.
  const judge = { check: () => Promise.reject(new Error("nothing is judged")) };
  const ledger = await createLedger({ genesis, judge, store });
  const { header } = ledger.head();
  const tree = ledger.state().tree;
  const restored = restoreSnapshots(root, { tree, sequence: header.sequence });
  const snapshots = createSnapshotSource({ ledger, schedule: SCHEDULE, restored });
  const close = async (): Promise<void> => {
    snapshots[Symbol.dispose]();
    await root.close();
  };
  return { layout, database: root, store, ledger, snapshots, close };
}

async function writeGenesis(store: DiskStore): Promise<void> {
  const chain = await contracts.create(genesis);
  const { ledger } = await chain.createNode()();
  if (ledger === undefined) throw new Error("the application is a ledger");
  const { header, tree } = ledger.state();
  await store.write({
    header,
    finalized: undefined,
    leadership: new Uint8Array(),
    receipts: [],
    changes: [...tree.entries()].map(({ key, value }) => ({
      key,
      before: undefined,
      after: value,
    })),
    version: header.sequence,
    root: ledgerHeader(header).stateRootAfter,
  });
}

/** Adds heartbeats until the head has a sequence. */
export async function growTo(ledger: Ledger, sequence: number): Promise<void> {
  while (ledger.head().header.sequence < sequence) {
    const head = ledger.head();
    const { signal } = new AbortController();
    const block = await ledger.propose({
      sequence: toSequence(head.header.sequence + 1),
      timestamp: earliestTimestamp(ledger.state()),
      proposer: alone.id,
      parentCertificate: head.certificate,
      evidence: [],
      reason: "heartbeat",
      signal,
    });
    if (block === undefined) throw new Error("a heartbeat is due");
    const digest = blockDigest(block.header);
    const vote = { sequence: block.header.sequence, view: toView(0), digest };
    const signature = alone.signer.sign(signableVote("commit", hashGenesis(genesis), vote));
    const votes = [{ voter: toValidatorIndex(0), signature }];
    const about = { phase: "commit", vote, set: head.validators, votes } as const;
    await ledger.commit({ block, certificate: createCertificate(about) }, new Uint8Array());
  }
}
