import { open } from "lmdb";
import { emptyTree } from "../src/index.ts";
import { createTreeStore } from "../src/lmdb/index.ts";
import { changesOf } from "./crash-content.ts";

/** Writes version after version until it is killed, and says which ones are committed. */
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
    store.write({ changes, version, root: tree.root });
  });
  process.stdout.write(`${version}\n`);
}
