import { createHash } from "node:crypto";
import type { StateCoding, StateMachine } from "@aethel/pbft";
import {
  drawWorld,
  runWorld,
  shrinkWorld,
  stateMachineKind,
  type Violation,
  violationOf,
  type WorldOptions,
} from "@aethel/testkit";

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

/** Codec of the state that a restart reads, saved after every fifth block. It must lose nothing. */
const coding: StateCoding<Counts> = {
  encode: (counts) => new TextEncoder().encode(JSON.stringify([...counts])),
  decode: (bytes) => new Map(JSON.parse(new TextDecoder().decode(bytes))),
  everyBlocks: 5,
};

/** Runs one world with a machine; the violation with which it ends, or undefined. */
export function run(
  machine: () => StateMachine<Counts>,
  world: WorldOptions,
): Promise<Violation | undefined> {
  const work = (count: number): Uint8Array => Uint8Array.of(count % 5, count >> 8, count & 255);
  const application = stateMachineKind({ name: "word-counts", machine, work, coding });
  return violationOf(runWorld({ ...world, application }));
}

/** Runs random worlds; the first violation in words, and a smaller world that shows it, as JSON. */
export async function fuzz(
  machine: () => StateMachine<Counts>,
  seeds: readonly number[],
): Promise<{ readonly violation: string; readonly world: string } | undefined> {
  for (const seed of seeds) {
    const world = drawWorld({ seed, application: "word-counts", nodesMax: 4, faultsMs: 2_000 });
    const violation = await run(machine, world);
    if (violation === undefined) continue;
    const found = { world, violation };
    const smaller = await shrinkWorld(found, { run: (each) => run(machine, each), tries: 20 });
    const { checker, reason } = smaller.violation;
    return { violation: `${checker}: ${reason}`, world: JSON.stringify(smaller.world) };
  }
  return undefined;
}

/** Verdicts of the worlds on the two. */
export const verdicts = {
  sound: await fuzz(sound, [1, 2, 3]),
  hasty: await fuzz(hasty, [1, 2, 3]),
};
console.log(verdicts);
/** The same world once more, from the JSON alone: set a breakpoint in `apply` for this. */
export const again = verdicts.hasty && (await run(hasty, JSON.parse(verdicts.hasty.world)));
console.log(again?.reason);
