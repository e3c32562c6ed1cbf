/**
 * One million keys, with each hasher, and against the rate at which this machine can
 * hash at all. `npm run bench -- merkle`.
 */
import {
  interleave,
  medianOf,
  printFigure,
  printPlace,
  ratioOf,
  type Subject,
  sized,
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
import { encodeMany, proveMany, verifyMany } from "@aethel/merkle/proofs";
import { content, keyOf, rewrites } from "./content.ts";
import { type Count, counting, hashtreeHasher, rawHashes } from "./hashers.ts";
import { perSecond, rates, seconds, share, type Took, timed } from "./units.ts";

const KEYS = sized(1_000_000, 5_000);
/** Milliseconds of processor time that stand for less than the system can tell. */
const LEAST_MS = 0.001;
const READS = sized(10_000, 50);

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
await benchUpdate({ size: sized(100_000, 1_000), rounds: 5, target: ">= 25 %" });
await benchUpdate({ size: sized(1_000, 100), rounds: 20 });
await benchUpdate({ size: 1, rounds: 300 });
benchReads();

function benchRaw(): void {
  const run = rawHashes(KEYS);
  run();
  const took = timed(run);
  printFigure({ name: "hashtree alone, 64-byte blocks", value: rates(KEYS, took) });
}

function build(name: Name): Tree {
  const hasher = hashers[name];
  // Compiles the code first, on a tree that is then forgotten.
  void createTree({ hasher }).update(content(sized(20_000, 200))).root;
  let tree = createTree({ hasher });
  const took = timed(() => {
    tree = tree.update(content(KEYS));
    void tree.root;
  });
  printFigure({ name: `build, ${name}`, value: seconds(took) });
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
    const took: Took = { wall: medianOf(timings, name), cpu: cpuOf(name) };
    const each = [took.wall, took.cpu].map((value) => `${value.toFixed(size === 1 ? 3 : 1)} ms`);
    const value = `${each.join(", CPU ")}: ${perSecond(size, took.cpu)}`;
    printFigure({ name: `${label}, ${name}`, value });
  }
  const figure = {
    name: `${label}, of the hash limit (${needed.toLocaleString("en-US")} hashes)`,
    value: share(ratioOf(timings, { slow: "raw", fast: "hashtree" })),
  };
  printFigure(target === undefined ? figure : { ...figure, target });
  const ofCpu = cpuOf("raw") / cpuOf("hashtree");
  printFigure({ name: `${label}, of the hash limit, by CPU time`, value: share(ofCpu) });
}

/** Mean of the runs that count: the system counts in steps that are longer than a short run. */
function cpuOf(name: Name | "raw"): number {
  const runs = cpu[name].slice(1);
  return Math.max(LEAST_MS, runs.reduce((sum, took) => sum + took, 0) / runs.length);
}

/** Notes the processor time of each run; the first one warms up. */
function clocked(name: Name | "raw", action: () => unknown): () => unknown {
  const taken: number[] = [];
  cpu[name] = taken;
  return () => {
    taken.push(timed(action).cpu);
  };
}

/** With noble, the default: a light client has nothing else. */
function benchReads(): void {
  const tree = trees.noble;
  const { root } = tree;
  const keys = Array.from({ length: READS }, (_, at) => keyOf((at * 97) % KEYS));
  for (const key of keys.slice(0, 1000)) verifyProof({ root, key, proof: prove(tree, key) });

  const read = timed(() => {
    for (const key of keys) if (tree.get(key) === undefined) throw new Error("a key is missing");
  });
  printFigure({ name: "get, noble", value: rates(READS, read) });
  const proved = timed(() => keys.forEach((key) => prove(tree, key)));
  printFigure({ name: "prove, noble", value: rates(READS, proved) });
  const proofs = keys.map((key) => ({ key, proof: prove(tree, key) }));
  const verified = timed(() => {
    for (const { key, proof } of proofs) {
      if (!verifyProof({ root, key, proof }).ok) throw new Error("a true proof is refused");
    }
  });
  const value = rates(READS, verified);
  printFigure({ name: "verify, noble", value, target: ">= 5,000/s" });
  benchMany(keys.slice(0, 1000));
  const lengths = proofs.map(({ proof }) => encodeProof(proof).length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / READS;
  printFigure({
    name: `proof, encoded, with its value: mean; longest of ${READS.toLocaleString("en-US")}`,
    value: `${mean.toFixed(0)}; ${Math.max(...lengths)} bytes`,
    target: "< 1,229 bytes",
  });
}

function benchMany(keys: readonly Uint8Array[]): void {
  const { length } = keys;
  const label = `multi-proof of ${length.toLocaleString("en-US")}, noble`;
  const tree = trees.noble;
  const { root } = tree;
  const proof = proveMany(tree, keys);
  const verify = (): void => {
    if (!verifyMany({ root, keys, proof }).ok) throw new Error("a true proof is refused");
  };
  verify();
  printFigure({ name: `${label}: verify`, value: rates(length, timed(verify)) });
  const bytes = encodeMany(proof).length / length;
  printFigure({ name: `${label}: bytes for each key`, value: bytes.toFixed(0) });
}
