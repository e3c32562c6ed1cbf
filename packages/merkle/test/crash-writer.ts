import { open } from "lmdb";
import { emptyTree } from "../src/index.ts";
import { createTreeStore } from "../src/lmdb/index.ts";
import { changesOf } from "./crash-content.ts";

/**
 * Writes version after version until it is killed, and says which ones are begun and committed. It
 * lingers inside of each transaction, before and after the tree is written, where a kill hurts most.
 */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("usage: crash-writer.ts DIRECTORY");
const root = open({ path });
const store = createTreeStore(root);
const blocks = root.openDB<number, string>({ name: "blocks" });
const start = store.load();
let tree = start?.tree ?? emptyTree;
for (let version = (start?.version ?? 0) + 1; version < 1_000_000; version++) {
  const changes = changesOf(version);
  tree = tree.update(changes);
  root.transactionSync(() => {
    blocks.putSync("head", version);
    process.stdout.write(`begun ${version}\n`);
    linger();
    store.write({ changes, version, root: tree.root });
    linger();
  });
  process.stdout.write(`committed ${version}\n`);
}

function linger(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
