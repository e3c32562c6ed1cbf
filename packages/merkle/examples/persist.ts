import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyTree } from "@aethel/merkle";
import { createTreeStore } from "@aethel/merkle/lmdb";
import { open } from "lmdb";

const path = mkdtempSync(join(tmpdir(), "aethel-example-"));
const environment = open({ path });
const store = createTreeStore(environment);

const changes = [{ key: Uint8Array.of(1), value: Uint8Array.of(42) }];
const tree = (store.load()?.tree ?? emptyTree).update(changes);
// Other writes of this transaction survive a crash if and only if the tree does.
environment.transactionSync(() => store.write({ changes, version: 1, root: tree.root }));

console.log("stored:", store.verify());
await environment.close();
rmSync(path, { recursive: true });
