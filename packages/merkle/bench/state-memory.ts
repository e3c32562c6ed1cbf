/** Prints the bytes that a tree of a million keys keeps. Run alone, with `--expose-gc`. */
import { createTree } from "@aethel/merkle";
import { content } from "./content.ts";
import { hashtreeHasher } from "./hashers.ts";

const empty = createTree({ hasher: hashtreeHasher });
void empty.update(content(1000)).root;
const before = used();
const tree = empty.update(content(Number(process.argv[2] ?? 1_000_000)));
void tree.root;
const after = used();
console.log(JSON.stringify({ bytes: after - before, keys: tree.size }));

function used(): number {
  // The second collection frees what the first one's finalizers let go of.
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  // External memory includes that of array buffers.
  return heapUsed + external;
}
