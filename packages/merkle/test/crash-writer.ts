import { open } from "lmdb";
import { emptyTree } from "../src/index.ts";
import { createTreeStore } from "../src/lmdb/index.ts";
import { changesOf, chunksOf, KEEP, treeAt } from "./crash-content.ts";

/**
 * Writes version after version, or imports tree after tree, until it is killed, and says what is
 * begun and committed. It lingers inside of each transaction, before and after the store is
 * written, where a kill hurts most.
 */
const [mode, path] = process.argv.slice(2);
if (path === undefined) throw new Error("usage: crash-writer.ts write|import DIRECTORY");
const root = open({ path });
const store = createTreeStore(root, { keep: KEEP });
const blocks = root.openDB<number, string>({ name: "blocks" });
if (mode === "write") writeVersions();
else importTrees();

function writeVersions(): void {
  const start = store.load();
  let tree = start?.tree ?? emptyTree;
  for (let version = (start?.version ?? 0) + 1; version < 1_000_000; version++) {
    const changes = changesOf(version);
    tree = tree.update(changes);
    within(version, () => {
      blocks.putSync("head", version);
      store.write({ changes, version, root: tree.root });
      // Now and then by hand, and further down than `write` does by itself.
      if (version % 3 === 0) store.prune({ keep: KEEP - 1 });
    });
  }
}

function importTrees(): void {
  for (let version = (store.head()?.version ?? 0) + 1; version < 1_000_000; version++) {
    const coming = store.receive({ root: treeAt(version).root, version });
    const chunks = chunksOf(version);
    for (let index = coming.index; index < chunks.length; index++) {
      const chunk = chunks[index] ?? new Uint8Array();
      within(version * 1000 + index, () => {
        blocks.putSync("head", version * 1000 + index);
        coming.accept(chunk);
        if (index === chunks.length - 1) coming.finish();
      });
    }
  }
}

function within(step: number, action: () => void): void {
  root.transactionSync(() => {
    process.stdout.write(`begun ${step}\n`);
    linger();
    action();
    linger();
  });
  process.stdout.write(`committed ${step}\n`);
}

function linger(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
