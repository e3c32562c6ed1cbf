/**
 * One million keys on the disk and on the way: opening from LMDB, snapshots out and in, with noble
 * and with hashtree. Each is done once: these are seconds, not ratios. CPU tells of a busy machine.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printFigure, printPlace, sized } from "@aethel/bench";
import {
  createTree,
  type Hasher,
  importSnapshot,
  nobleHasher,
  releaseTree,
  snapshotChunks,
  snapshotStream,
  type Tree,
  takeAll,
} from "@aethel/merkle";
import { readSnapshot, writeSnapshot } from "@aethel/merkle/file";
import { createTreeStore } from "@aethel/merkle/lmdb";
import { open } from "lmdb";
import { content } from "./content.ts";
import { hashtreeHasher } from "./hashers.ts";

const KEYS = sized(1_000_000, 5_000);
const hashers: readonly (readonly [name: string, hasher: Hasher])[] = [
  ["noble", nobleHasher],
  ["hashtree", hashtreeHasher],
];
const folder = mkdtempSync(join(tmpdir(), "aethel-bench-"));
const file = join(folder, "snapshot");

printPlace(`Merkle: ${KEYS.toLocaleString("en-US")} keys stored and sent`);
const tree = createTree({ hasher: hashtreeHasher }).update(content(KEYS));
const { root } = tree;
try {
  await benchStore();
  await benchSnapshot();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function benchStore(): Promise<void> {
  const path = join(folder, "store");
  await report("LMDB: write all in one transaction", async () => {
    const environment = open({ path });
    const store = createTreeStore(environment, { hasher: hashtreeHasher });
    environment.transactionSync(() => store.write({ changes: content(KEYS), version: 1, root }));
    await environment.close();
  });
  await report("LMDB: read all pairs, hash none", async () => {
    const environment = open({ path });
    const pairs = environment.openDB<Uint8Array, Uint8Array>({
      name: "tree",
      encoding: "binary",
      keyEncoding: "binary",
    });
    let bytes = 0;
    for (const { key, value } of pairs.getRange({})) bytes += key.length + value.length;
    await environment.close();
    return bytes;
  });
  for (const [name, hasher] of hashers) {
    await report(
      `LMDB: open, checked against its root, ${name}`,
      async () => {
        const environment = open({ path });
        const loaded = createTreeStore(environment, { hasher }).load();
        expectWhole(loaded?.tree);
        await environment.close();
      },
      "seconds",
    );
  }
}

async function benchSnapshot(): Promise<void> {
  await report("snapshot out, chunks of 256 KiB", () => {
    let bytes = 0;
    for (const chunk of snapshotChunks(tree)) bytes += chunk.length;
    return bytes;
  });
  await report("snapshot out, into a file", () => writeSnapshot({ tree, path: file }));
  const { size } = statSync(file);
  printFigure({ name: "snapshot: bytes for each key", value: (size / KEYS).toFixed(1) });
  for (const [name, hasher] of hashers) {
    await report(`snapshot in from a file, every chunk checked, ${name}`, async () => {
      expectWhole(await importSnapshot({ root, source: readSnapshot(file), hasher }));
    });
  }
  await report(
    "snapshot in, into LMDB, a transaction for each chunk, read back and checked, hashtree",
    async () => {
      const environment = open({ path: join(folder, "received") });
      const store = createTreeStore(environment, { hasher: hashtreeHasher });
      const coming = store.receive({ root, version: 1 });
      await takeAll(snapshotStream(tree), {
        get index() {
          return coming.index;
        },
        get next() {
          return coming.next;
        },
        accept: (chunk) => {
          environment.transactionSync(() => coming.accept(chunk));
        },
      });
      await coming.check();
      environment.transactionSync(() => coming.finish());
      if (store.head()?.version !== 1) throw new Error("the import did not end");
      await environment.close();
    },
  );
}

function expectWhole(loaded: Tree | undefined): void {
  if (loaded?.root.join() !== root.join()) throw new Error("another tree came in");
  releaseTree(loaded);
}

async function report(name: string, action: () => unknown, target?: string): Promise<void> {
  globalThis.gc?.();
  const [begun, cpuBefore] = [performance.now(), process.cpuUsage()];
  await action();
  const { user, system } = process.cpuUsage(cpuBefore);
  const value = `${seconds(performance.now() - begun)}, CPU ${seconds((user + system) / 1000)}`;
  printFigure(target === undefined ? { name, value } : { name, value, target });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
