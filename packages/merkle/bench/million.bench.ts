/**
 * One million keys, with each hasher, and against the rate at which this machine can
 * hash at all. `npm run bench -- merkle`.
 */
import {
  interleave,
  median,
  medianOf,
  printFigure,
  printPlace,
  ratioOf,
  type Subject,
} from "@aethel/bench";
import {
  createSimdHasher,
  createTree,
  encodeProof,
  type Hasher,
  nobleHasher,
  prove,
  type Tree,
  verifyProof,
} from "@aethel/merkle";
import { content, keyOf, rewrites } from "./content.ts";
import { type Count, counting, hashtreeHasher, rawHashes } from "./hashers.ts";
import { perSecond, share, timed } from "./units.ts";

const KEYS = 1_000_000;
const READS = 10_000;

type Name = "noble" | "vectors" | "hashtree";
const names: readonly Name[] = ["noble", "vectors", "hashtree"];
const count: Count = { hashes: 0 };
const cpu: Record<Name | "raw", number[]> = { noble: [], vectors: [], hashtree: [], raw: [] };
const hashers: Readonly<Record<Name, Hasher>> = {
  noble: nobleHasher,
  vectors: createSimdHasher() ?? nobleHasher,
  // To count costs an addition for each batch, so the counted tree is the timed one.
  hashtree: counting(hashtreeHasher, count),
};

printPlace(`Merkle: ${KEYS.toLocaleString("en-US")} keys of 32 bytes, values of 64 bytes`);
benchRaw();
const trees = { noble: build("noble"), vectors: build("vectors"), hashtree: build("hashtree") };
await benchUpdate({ size: 100_000, rounds: 5, target: ">= 25 %" });
await benchUpdate({ size: 1_000, rounds: 20 });
await benchUpdate({ size: 1, rounds: 300 });
benchReads();

function benchRaw(): void {
  const run = rawHashes(KEYS);
  run();
  const took = timed(run);
  printFigure({ name: "hashtree alone, 64-byte blocks", value: perSecond(KEYS, took) });
}

function build(name: Name): Tree {
  const hasher = hashers[name];
  // Compiles the code first, on a tree that is then forgotten.
  void createTree({ hasher }).update(content(20_000)).root;
  let tree = createTree({ hasher });
  const took = timed(() => {
    tree = tree.update(content(KEYS));
    void tree.root;
  });
  printFigure({ name: `build, ${name}`, value: `${(took / 1000).toFixed(2)} s` });
  return tree;
}

/** Updates of the same million, root included, each round with values that no other one has. */
async function benchUpdate(options: {
  readonly size: number;
  readonly rounds: number;
  readonly target?: string;
}): Promise<void> {
  const { size, rounds, target } = options;
  const batch = (generation: number) => rewrites({ count: size, of: KEYS, generation });
  count.hashes = 0;
  const roots = names.map((name) => trees[name].update(batch(1)).root.join());
  if (new Set(roots).size !== 1) throw new Error("the hashers disagree");
  const needed = count.hashes;

  const subjects: Subject<Name | "raw">[] = names.map((name) => {
    const batches = Array.from({ length: rounds + 1 }, (_, at) => batch(at + 2));
    return { name, run: clocked(name, () => trees[name].update(batches.pop() ?? []).root) };
  });
  subjects.push({ name: "raw", run: clocked("raw", rawHashes(needed)) });
  const timings = await interleave(subjects, { rounds, budgetMilliseconds: 12_000 });
  const label = `update of ${size.toLocaleString("en-US")}`;
  for (const name of names) {
    const took = medianOf(timings, name);
    const value = `${took.toFixed(took < 1 ? 3 : 1)} ms, ${perSecond(size, took)}`;
    printFigure({ name: `${label}, ${name}`, value });
  }
  const figure = {
    name: `${label}, of the hash limit (${needed.toLocaleString("en-US")} hashes)`,
    value: share(ratioOf(timings, { slow: "raw", fast: "hashtree" })),
  };
  printFigure(target === undefined ? figure : { ...figure, target });
  // The processor's own time of this thread: what a busy machine distorts least.
  const ofCpu = median(cpu.raw.slice(1)) / median(cpu.hashtree.slice(1));
  printFigure({ name: `${label}, of the hash limit, by CPU time`, value: share(ofCpu) });
}

/** Notes the processor time of each run; the first one warms up. */
function clocked(name: Name | "raw", action: () => unknown): () => unknown {
  const taken: number[] = [];
  cpu[name] = taken;
  return () => {
    const before = process.threadCpuUsage();
    const result = action();
    const { user, system } = process.threadCpuUsage(before);
    taken.push(user + system);
    return result;
  };
}

/** With noble, the default: a light client has nothing else. */
function benchReads(): void {
  const tree = trees.noble;
  const { root } = tree;
  const keys = Array.from({ length: READS }, (_, at) => keyOf(at * 97));
  for (const key of keys.slice(0, 1000)) verifyProof({ root, key, proof: prove(tree, key) });

  const read = timed(() => keys.forEach((key) => tree.get(key)));
  printFigure({ name: "get, noble", value: perSecond(READS, read) });
  const proved = timed(() => keys.forEach((key) => prove(tree, key)));
  printFigure({ name: "prove, noble", value: perSecond(READS, proved) });
  const proofs = keys.map((key) => ({ key, proof: prove(tree, key) }));
  const verified = timed(() => {
    for (const { key, proof } of proofs) {
      if (!verifyProof({ root, key, proof }).ok) throw new Error("a true proof is refused");
    }
  });
  const value = perSecond(READS, verified);
  printFigure({ name: "verify, noble", value, target: ">= 5,000/s" });
  const lengths = proofs.map(({ proof }) => encodeProof(proof).length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / READS;
  printFigure({
    name: `proof, encoded, with its value: mean; longest of ${READS.toLocaleString("en-US")}`,
    value: `${mean.toFixed(0)}; ${Math.max(...lengths)} bytes`,
    target: "< 1,229 bytes",
  });
}
