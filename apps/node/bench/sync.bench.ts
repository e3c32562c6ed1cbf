/**
 * A node joins a loopback network by a snapshot: connection, header, chunks over libp2p, import
 * into LMDB, check of the whole root, opening of the ledger. The same chunks are then imported from
 * a file. The server is a process of its own.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { demandWork, printFigure, printPlace, sized } from "@aethel/bench";
import { createLedger } from "@aethel/ledger";
import { type ChunkTaker, takeAll } from "@aethel/merkle";
import { readSnapshot } from "@aethel/merkle/file";
import { blockDigest, fromHex, hashGenesis, SnapshotHead, toTimestamp } from "@aethel/models";
import { createPeerTransport } from "@aethel/p2p";
import { createSnapshotSync, type SnapshotSink } from "@aethel/pbft";
import { z } from "zod";
import { layoutOf } from "../src/files/layout.ts";
import { createSystemClock } from "../src/runtime/clock.ts";
import { createLedgerStore } from "../src/storage/ledger-store.ts";
import { openDatabase } from "../src/storage/open-database.ts";
import { createSnapshotSink } from "../src/storage/snapshot-sink.ts";
import { genesis, genesisState } from "./sync-chain.ts";

const ACCOUNTS = sized(1_000_000, 5_000);
const Ready = z.object({ addresses: z.array(z.string()), head: z.string(), entries: z.int() });

const folder = mkdtempSync(path.join(tmpdir(), "aethel-bench-"));
const file = path.join(folder, "state.snapshot");
printPlace(`Joining by a snapshot of ${ACCOUNTS.toLocaleString("en-US")} accounts, on loopback`);
const server = fork(new URL("./sync-server.ts", import.meta.url), [`${ACCOUNTS}`, file]);
try {
  const [answer]: readonly unknown[] = await once(server, "message");
  const { addresses, head: bytes, entries } = Ready.parse(answer);
  const head = SnapshotHead.decode(fromHex(bytes));
  const overNetwork = await join({ addresses, head });
  const fromFile = await importFile(head);
  demandWork("entries over the network", entries, ACCOUNTS);
  const rate = (ms: number): string =>
    `${Math.round((entries / ms) * 1_000).toLocaleString("en-US")}/s`;
  printFigure({
    name: "joined, from connecting to the open ledger",
    value: seconds(overNetwork.joinedMs),
    target: "under 20 s",
  });
  printFigure({
    name: "of it: chunks, verified and in LMDB",
    value: seconds(overNetwork.chunksMs),
  });
  printFigure({
    name: "of it: whole state read back, root checked, committed",
    value: seconds(overNetwork.finishMs),
  });
  printFigure({ name: "of it: ledger opened", value: seconds(overNetwork.openMs) });
  printFigure({ name: "processor time of the joiner", value: seconds(overNetwork.cpuMs) });
  printFigure({
    name: "keys over the network, until committed",
    value: rate(overNetwork.importedMs),
  });
  printFigure({ name: "keys from a file, until committed", value: rate(fromFile.importedMs) });
  const ratio = overNetwork.importedMs / fromFile.importedMs;
  printFigure({ name: "over the network, times as long as from a file", value: ratio.toFixed(2) });
} finally {
  server.disconnect();
  rmSync(folder, { recursive: true, force: true });
}

async function join(from: {
  readonly addresses: readonly string[];
  readonly head: SnapshotHead;
}): Promise<{
  readonly joinedMs: number;
  readonly chunksMs: number;
  readonly finishMs: number;
  readonly importedMs: number;
  readonly openMs: number;
  readonly cpuMs: number;
}> {
  const layout = layoutOf(path.join(folder, "joiner"));
  const { header, digest, votingSet: validators, previousSet } = await genesisState();
  const own = {
    header,
    digest,
    certificate: undefined,
    validators,
    previousValidators: previousSet,
  };
  const database = await openDatabase(layout);
  const times = { chunks: 0, finish: 0 };
  const sink = timed(createSnapshotSink(database, { layout }), times);
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  const transport = await createPeerTransport({
    genesis: hashGenesis(genesis),
    networkKey: new Uint8Array(32).fill(2),
    head: () => own,
    listen: [],
    bootstrap: from.addresses,
  });
  transport.attach({
    message: () => undefined,
    connected: () => undefined,
    request: () => Promise.resolve({ type: "absent", head: header.sequence }),
  });
  const { header: at } = from.head;
  const sync = createSnapshotSync({
    genesis: hashGenesis(genesis),
    own,
    checkpoint: {
      sequence: at.sequence,
      digest: blockDigest(at),
      statedAt: toTimestamp(Date.now()),
    },
    parameters: genesis.parameters,
    transport,
    clock: createSystemClock(),
    sink,
  });
  const result = await sync.run();
  if (result.type !== "done") throw new Error(`the sync ended with ${JSON.stringify(result)}`);
  const importedMs = performance.now() - begun;
  const store = createLedgerStore(database, layout);
  const judge = { check: () => Promise.reject(new Error("nothing is judged")) };
  const ledger = await createLedger({ genesis, judge, store });
  if (ledger.head().header.sequence !== at.sequence) throw new Error("the ledger is elsewhere");
  const joinedMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  await transport.stop();
  await database.close();
  return {
    joinedMs,
    importedMs,
    openMs: joinedMs - importedMs,
    chunksMs: times.chunks,
    finishMs: times.finish,
    cpuMs: (user + system) / 1_000,
  };
}

/** Measures the time from `begin` to `finish`, and that of `finish`. */
function timed(sink: SnapshotSink, times: { chunks: number; finish: number }): SnapshotSink {
  let begun = 0;
  return {
    ...sink,
    begin: (head) => {
      begun = performance.now();
      return sink.begin(head);
    },
    finish: async () => {
      const ended = performance.now();
      times.chunks = ended - begun;
      await sink.finish();
      times.finish = performance.now() - ended;
    },
  };
}

/** Imports the same chunks from a file through the same receiver. */
async function importFile(head: SnapshotHead): Promise<{ readonly importedMs: number }> {
  const layout = layoutOf(path.join(folder, "from-file"));
  const database = await openDatabase(layout);
  const sink = createSnapshotSink(database, { layout });
  const begun = performance.now();
  await sink.begin(head);
  const chunks: Uint8Array[] = [];
  const taker: ChunkTaker = {
    index: 0,
    next: undefined,
    accept: (chunk) => void chunks.push(chunk),
  };
  await takeAll(readSnapshot(file), taker);
  for (const chunk of chunks) {
    const from = sink.missing()[0]?.from;
    if (from === undefined) break;
    const { type } = await sink.accept(from, chunk);
    if (type !== "accepted") throw new Error(`a chunk was ${type}`);
  }
  await sink.finish();
  const importedMs = performance.now() - begun;
  await database.close();
  return { importedMs };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
