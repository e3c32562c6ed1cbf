/**
 * Drops versions without releasing them, and prints the nodes that stay. Run with `--expose-gc`.
 */
import { setImmediate } from "node:timers/promises";
import { createTree, type Entry, releaseTree, type Tree } from "../src/index.ts";
import { handleOf } from "../src/tree/tree.ts";
import { reachableFrom } from "./reachable.ts";

const bytes = (at: number): Uint8Array => Uint8Array.of(at >>> 16, at >>> 8, at);

const content = (count: number, byte: number) =>
  Array.from({ length: count }, (_, at) => ({
    key: bytes(at),
    value: new Uint8Array(64).fill(byte),
  }));

async function collect(): Promise<void> {
  for (let round = 0; round < 6; round++) {
    globalThis.gc?.();
    await setImmediate();
  }
}

interface Chain {
  readonly first: Tree;
  /** Iterator within the fifth version, which nothing else holds. */
  readonly entries: Iterator<Entry>;
}

/** Makes a chain of versions, each with new values for all keys. */
function chain(): Chain {
  const first = createTree().update(content(2_000, 1));
  void first.root;
  let tree = first;
  let entries = first.entries();
  for (let version = 2; version < 12; version++) {
    tree = tree.update(content(2_000, version));
    void tree.root;
    if (version !== 5) continue;
    entries = tree.entries();
    entries.next();
  }
  return { first, entries };
}

/** Whether the iterator still gives the entries of its version. */
function isComplete(entries: Iterator<Entry>): boolean {
  for (let left = 1_999; left > 0; left--) {
    const { value }: { value: Entry | undefined } = entries.next();
    if (value === undefined || value.value.some((byte) => byte !== 5)) return false;
  }
  return entries.next().done === true;
}

const kept: { chain: Chain | undefined } = { chain: chain() };
const first = kept.chain?.first ?? createTree();
const { arena } = handleOf(first);
const before = arena.live;
await collect();
const complete = kept.chain !== undefined && isComplete(kept.chain.entries);
kept.chain = undefined;
await collect();
arena.freeDropped(Number.POSITIVE_INFINITY);
const after = arena.live;
const reachable = reachableFrom([first]);

const used = (): number => process.memoryUsage().arrayBuffers;
await collect();
const lineage = { before: used(), during: 0, after: 0 };
await (async () => {
  const tree = createTree().update(content(20_000, 3));
  await collect();
  lineage.during = used();
  if (tree.size !== 20_000) throw new Error("the tree is there as long as it is used");
})();
await collect();
lineage.after = used();

/** Versions that are released and garbage collected: their nodes are freed once. */
const root = createTree().update(content(500, 1));
await (async () => {
  for (let at = 2; at < 6; at++) releaseTree(root.update(content(500, at)));
  await collect();
})();
await collect();
const fresh = root.update(content(250, 7));
handleOf(root).arena.freeDropped(Number.POSITIVE_INFINITY);
const twice = { live: handleOf(root).arena.live, reachable: reachableFrom([root, fresh]) };
for (const { value } of root.entries()) if (value[0] !== 1) throw new Error("a live value changed");

/** Long values of collected versions, in an arena that is still in use. */
const large = { before: lineage.after, during: 0, after: 0 };
const base = createTree().update(content(2, 1));
await (async () => {
  let tree = base;
  for (let at = 0; at < 8; at++) {
    tree = tree.update([{ key: bytes(5), value: new Uint8Array(1_000_000).fill(at) }]);
  }
  await collect();
  large.during = used();
  if (tree.size !== 3) throw new Error("the tree is there as long as it is used");
})();
await collect();
handleOf(base).arena.freeDropped(Number.POSITIVE_INFINITY);
await collect();
large.after = used();
console.log(JSON.stringify({ before, after, complete, reachable, lineage, large, twice }));
