import { createSnapshotImport, emptyTree, snapshotChunks } from "@aethel/merkle";
import { proveMany, verifyMany } from "@aethel/merkle/proofs";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const names = Array.from({ length: 1000 }, (_, at) => `account ${at}`);
const tree = emptyTree.update(names.map((name) => ({ key: bytes(name), value: bytes("1") })));
const root = tree.root;

// Ten keys in one proof: nodes that their paths share are in it once.
const keys = names.slice(0, 10).map(bytes);
const verdict = verifyMany({ root, keys, proof: proveMany(tree, keys) });
if (!verdict.ok) throw new Error(verdict.reason);
console.log(verdict.values.length, "values are shown");

// A new node trusts the root alone: a wrong chunk throws, and `next` says which one to request.
const coming = createSnapshotImport({ root });
for (const chunk of snapshotChunks(tree, { chunkBytes: 4096 })) coming.accept(chunk);
console.log(coming.tree?.size, "keys came in", coming.index, "chunks");
