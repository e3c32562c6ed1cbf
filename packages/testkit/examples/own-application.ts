import { createHash } from "node:crypto";
import type { StateMachine } from "@aethel/pbft";
import { drawWorld, runWorld, stateMachineKind, violationOf } from "@aethel/testkit";

/** An application of your own: how often each word has come. */
type Counts = Map<string, number>;

const root = (counts: Counts): Uint8Array => {
  const sorted = [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest();
};

/** Right: each item makes a new map. */
const sound = (): StateMachine<Counts> => ({
  initial: new Map(),
  root,
  apply(counts, item) {
    const word = String(item[0]);
    return new Map(counts).set(word, (counts.get(word) ?? 0) + 1);
  },
});

/** Wrong: it writes into the state that it was given, also for blocks that nobody agrees on. */
const hasty = (): StateMachine<Counts> => ({
  initial: new Map(),
  root,
  apply(counts, item) {
    const word = String(item[0]);
    return counts.set(word, (counts.get(word) ?? 0) + 1);
  },
});

/** Runs random worlds from a seed on; the first violation in words, or undefined. */
export async function fuzz(
  machine: () => StateMachine<Counts>,
  worlds: { readonly seed: number; readonly count: number },
): Promise<string | undefined> {
  const work = (count: number): Uint8Array => Uint8Array.of(count % 5, count >> 8, count & 255);
  const application = stateMachineKind({ name: "word-counts", machine, work });
  for (let seed = worlds.seed; seed < worlds.seed + worlds.count; seed++) {
    const world = drawWorld({ seed, application: "word-counts", nodesMax: 4, faultsMs: 2_000 });
    const violation = await violationOf(runWorld({ ...world, application }));
    if (violation !== undefined) return `seed ${seed}: ${violation.checker}: ${violation.reason}`;
  }
  return undefined;
}

/** Verdicts of the worlds on the two. */
export const verdicts = {
  sound: await fuzz(sound, { seed: 1, count: 3 }),
  hasty: await fuzz(hasty, { seed: 1, count: 3 }),
};
console.log(verdicts);
