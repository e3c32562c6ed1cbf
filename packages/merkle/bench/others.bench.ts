/**
 * Side by side with two other trees, each at a size at which it is ready within seconds; both
 * subjects of a ratio have the same size, keys and batches. Every update ends with the root.
 */
import { interleave, medianOf, printFigure, printPlace, ratioOf, sized } from "@aethel/bench";
import { createTree, type Entry, type MerkleProof, prove, verifyProof } from "@aethel/merkle";
import { keyOf, valueOf } from "./content.ts";
import { hashtreeHasher } from "./hashers.ts";
import { type OtherTree, startIden3, startMpt } from "./other-trees.ts";
import { perSecond, timed, times } from "./units.ts";

printPlace("Merkle: side by side with other trees");
await compare(await startMpt(), {
  ...sized({ keys: 50_000, batch: 1_000, reads: 500 }, { keys: 500, batch: 20, reads: 10 }),
  target: ">= 10 x",
});
await compare(
  startIden3(),
  sized({ keys: 1_000, batch: 50, reads: 50 }, { keys: 30, batch: 5, reads: 5 }),
);

interface Sizes {
  readonly keys: number;
  readonly batch: number;
  readonly reads: number;
  readonly target?: string;
}

function pairOf(at: number, generation = 0): Entry {
  return { key: keyOf(at), value: valueOf(at, generation) };
}

async function compare(other: OtherTree, { keys, batch, reads, target }: Sizes): Promise<void> {
  console.log(`\n${other.name}, ${keys.toLocaleString("en-US")} keys:`);
  const all = Array.from({ length: keys }, (_, at) => pairOf(at));
  const ours = startOurs();
  const begun = performance.now();
  await other.update(all);
  const theirBuild = performance.now() - begun;
  const ourBuild = timed(() => ours.update(all)).wall;
  printFigure({
    name: "build: theirs; ours",
    value: `${perSecond(keys, theirBuild)}; ${perSecond(keys, ourBuild)}`,
  });

  for (const size of [batch, 1]) {
    const next = generations(size, keys);
    const rounds = size === 1 ? 50 : 8;
    const label = `update of ${size.toLocaleString("en-US")}`;
    const bounds = size === 1 || target === undefined ? {} : { target };
    await pair(
      label,
      { ours: () => ours.update(next("ours")), theirs: () => other.update(next("theirs")) },
      { rounds, each: size, ...bounds },
    );
  }
  const asked = Array.from({ length: reads }, (_, at) => keyOf((at * 7) % keys));
  await pair(
    "get",
    {
      ours: () => asked.forEach((key) => ours.get(key)),
      theirs: async () => {
        for (const key of asked) await other.get(key);
      },
    },
    { rounds: 8, each: reads },
  );
  await pair(
    "prove",
    {
      ours: () => asked.forEach((key) => ours.prove(key)),
      theirs: async () => {
        for (const key of asked) await other.prove(key);
      },
    },
    { rounds: 8, each: reads },
  );
  const proofs = asked.map((key) => ({ key, proof: ours.prove(key) }));
  const checks: (() => Promise<unknown>)[] = [];
  for (const key of asked) checks.push(await other.prove(key));
  await pair(
    "verify, ours in noble",
    {
      ours: () => proofs.forEach((one) => ours.verify(one)),
      theirs: async () => {
        for (const check of checks) await check();
      },
    },
    { rounds: 8, each: reads },
  );
}

function startOurs() {
  let tree = createTree({ hasher: hashtreeHasher });
  return {
    update: (pairs: readonly Entry[]) => {
      tree = tree.update(pairs);
      return tree.root;
    },
    get: (key: Uint8Array) => tree.get(key),
    prove: (key: Uint8Array) => prove(tree, key),
    verify: ({ key, proof }: { readonly key: Uint8Array; readonly proof: MerkleProof }) => {
      if (!verifyProof({ root: tree.root, key, proof }).ok) throw new Error("not verified");
    },
  };
}

/** Batches in an order that is the same for both, new values each time. */
function generations(size: number, keys: number): (who: "ours" | "theirs") => readonly Entry[] {
  const made = { ours: 0, theirs: 0 };
  return (who) => {
    const generation = ++made[who];
    return Array.from({ length: size }, (_, at) =>
      pairOf((at * Math.floor(keys / size) + generation) % keys, generation),
    );
  };
}

async function pair(
  label: string,
  subjects: Readonly<Record<"ours" | "theirs", () => unknown>>,
  {
    rounds,
    each,
    target,
  }: { readonly rounds: number; readonly each: number; readonly target?: string },
): Promise<void> {
  const timings = await interleave(
    [
      { name: "ours", run: subjects.ours },
      { name: "theirs", run: subjects.theirs },
    ],
    { rounds, budgetMilliseconds: 6_000 },
  );
  const rates = `${perSecond(each, medianOf(timings, "theirs"))}; ${perSecond(each, medianOf(timings, "ours"))}`;
  printFigure({ name: `${label}: theirs; ours`, value: rates });
  const figure = {
    name: `${label}: ours is faster`,
    value: times(ratioOf(timings, { slow: "theirs", fast: "ours" })),
  };
  printFigure(target === undefined ? figure : { ...figure, target });
}
