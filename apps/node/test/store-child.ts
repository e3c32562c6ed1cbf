/**
 * Process that fills the database of the directory named on the command line, since LMDB may end the process
 * on a full disk. It prints `refused N ERRNO` for the first refused block, waits for a line, and continues
 * with that block.
 */
import { once } from "node:events";
import { createTree } from "@aethel/merkle";
import {
  blockDigest,
  type FinalizedBlock,
  type StateChange,
  toSequence,
  withLedgerHeader,
} from "@aethel/models";
import { PbftError } from "@aethel/pbft";
import { finalizedBlocks } from "@aethel/testkit";
import fc from "fast-check";
import { layoutOf } from "../src/files/layout.ts";
import { createLedgerStore, type DiskStore } from "../src/storage/ledger-store.ts";
import { openDatabase } from "../src/storage/open-database.ts";
import { closeAndTrim } from "../src/storage/preallocate.ts";
import { stateHasher } from "../src/storage/state-hasher.ts";

const KEYS = 8;
const BLOCKS = 2_000;
const [sample] = fc.sample(finalizedBlocks({ proofsMax: 1, evidenceMax: 0 }), {
  seed: 12,
  numRuns: 1,
});

let tree = createTree({ hasher: stateHasher() });

/** The next block changes the same few accounts again and adds one. */
function changesAt(version: number): readonly StateChange[] {
  return Array.from({ length: KEYS }, (_, at): StateChange => {
    const place = at === 0 ? 1_000 + version : at;
    const key = Uint8Array.of(1, place >> 8, place & 0xff);
    return { key, before: tree.get(key), after: new Uint8Array(1_500).fill(version % 251) };
  });
}

async function write(store: DiskStore, version: number): Promise<void> {
  if (sample === undefined) throw new Error("no sample");
  const changes = changesAt(version);
  const next = tree.update(changes.map(({ key, after }) => ({ key, value: after })));
  const { block, certificate } = sample;
  const sequence = toSequence(version);
  const header = withLedgerHeader({ ...block.header, sequence }, { stateRootAfter: next.root });
  const finalized: FinalizedBlock = {
    block: { ...block, header },
    certificate: { ...certificate, sequence, digest: blockDigest(header) },
  };
  await store.write({
    header,
    finalized,
    receipts: [],
    changes,
    version: sequence,
    root: next.root,
  });
  tree = next;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const layout = layoutOf(process.argv[2] ?? "");

async function fill(store: DiskStore): Promise<number> {
  for (let version = 1; version < BLOCKS; version++) {
    try {
      await write(store, version);
    } catch (error) {
      if (!(error instanceof PbftError) || error.fault.code !== "STORAGE") throw error;
      say(`refused ${version} ${error.fault.errno}`);
      return version;
    }
  }
  throw new Error("a small disk takes everything");
}

try {
  const database = await openDatabase(layout);
  const store = createLedgerStore(database, layout);
  const version = await fill(store);
  const head = (await store.summary())?.sequence;
  say(`head ${head}`);
  await once(process.stdin, "data");
  for (let at = version; at < version + 5; at++) await write(store, at);
  const blocks = await Promise.all(
    Array.from({ length: version + 4 }, (_, at) => store.block(toSequence(at + 1))),
  );
  say(`went on ${(await store.summary())?.sequence} ${blocks.every((each) => each !== undefined)}`);
  await closeAndTrim(database, { layout });
} catch (error) {
  say(
    error instanceof PbftError && error.fault.code === "STORAGE"
      ? error.fault.errno
      : String(error),
  );
}
process.exit(0);
