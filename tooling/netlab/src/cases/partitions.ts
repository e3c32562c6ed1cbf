import type { LabNode } from "../chain/lab-node.ts";
import type { Lab } from "../lab/lab.ts";
import { pause } from "../lab/waiting.ts";
import { everywhere, split } from "../wires/conditions.ts";
import type { Case, CaseFigures } from "./case.ts";
import { delayed } from "./steady.ts";
import { findFaults, highest, hold, settle, underLoad, untilAbove } from "./steps.ts";

const BEFORE_MS = 5_000;
const CUT_MS = 20_000;
/** Time in which a block that was nearly final may still become so. */
const IN_FLIGHT_MS = 2_000;
const CONDITIONS = everywhere(delayed(5));

/** Half of the validators, or one less than half: neither side has a quorum. */
export const halfOf = (count: number): number => Math.floor(count / 2);

/** Most validators that may be away while the others go on: less than a third. */
function minorityOf(count: number): number {
  return Math.floor((count - 1) / 3);
}

/** Cut of a network in two, and what must follow from it. */
interface Cut {
  /** Number of validators of the smaller side. */
  readonly away: (count: number) => number;
  /** Side that makes blocks during the cut. */
  readonly goesOn: "majority" | "nobody";
  readonly cutMs: number;
}

/** Creates a case that cuts the network in two, and heals it. */
function partition(
  options: { readonly name: string; readonly title: string } & Omit<Cut, "cutMs">,
): Case {
  const { name, title, away, goesOn } = options;
  return {
    name,
    title,
    conditions: CONDITIONS,
    async run(lab) {
      await settle(lab);
      const { load, result } = await underLoad(lab, async () => {
        await hold(BEFORE_MS);
        return await cutAndHeal(lab, { away, goesOn, cutMs: CUT_MS });
      });
      const { durations, faults } = result;
      return { load, durations, faults: [...faults, ...(await findFaults(lab))] };
    },
  };
}

/** Cuts the network in two, watches which side makes blocks, heals it and waits for a new block. */
export async function cutAndHeal(lab: Lab, options: Cut): Promise<Omit<CaseFigures, "load">> {
  const { away, goesOn, cutMs } = options;
  const smaller = lab.validators.slice(0, away(lab.validators.length));
  const larger = lab.validators.filter((node) => !smaller.includes(node));
  await cut(lab, smaller, larger);
  await pause(IN_FLIGHT_MS);
  const [still, moved] = [highest(lab, smaller), highest(lab, larger)];
  await hold(cutMs);
  const faults: string[] = [];
  // One sequence is in flight at a time, and what a busy host has received counts late. So without
  // a quorum each side may still finish one block, and no more.
  const last = Math.max(still, moved) + 1;
  if (highest(lab, smaller) > last) faults.push("the smaller side has made blocks");
  const hasGoneOn = highest(lab, larger) > last;
  if (hasGoneOn && goesOn === "nobody") faults.push("a side without a quorum made blocks");
  if (!hasGoneOn && goesOn === "majority") {
    faults.push(`the larger side has made no block for ${cutMs / 1_000} s`);
  }
  const head = highest(lab, lab.running());
  await lab.network.apply(CONDITIONS);
  lab.options.say("healed");
  const ms = await untilAbove(lab, lab.running(), head);
  return { durations: [{ name: "from healing until all nodes have a new block", ms }], faults };
}

/** Cuts the links between two groups of validators. Observers are dealt out to both sides. */
async function cut(
  lab: Lab,
  smaller: readonly LabNode[],
  larger: readonly LabNode[],
): Promise<void> {
  const numbers = (nodes: readonly LabNode[]): readonly number[] =>
    nodes.map(({ host }) => host.number);
  const [few, many] = [0, 1].map((side) => lab.observers.filter((_, at) => at % 2 === side));
  const groups = [
    [...numbers(smaller), ...numbers(few ?? [])],
    [...numbers(larger), ...numbers(many ?? [])],
  ] as const;
  await lab.network.apply(split(CONDITIONS, groups));
  lab.options.say(`cut ${groups[0].length} hosts from ${groups[1].length}`);
}

/** Partitions, with and without a quorum on one side. */
export const PARTITIONS: readonly Case[] = [
  partition({
    name: "partition",
    title: "cut in two for 22 s, no side has a quorum, then healed; 5 ms",
    away: halfOf,
    goesOn: "nobody",
  }),
  partition({
    name: "minority",
    title: "less than a third cut off for 22 s, then healed; 5 ms",
    away: minorityOf,
    goesOn: "majority",
  }),
  {
    name: "broken-link",
    title: "two validators cannot reach each other, and all others can; 5 ms",
    conditions: split(CONDITIONS, [[1], [2]]),
    async run(lab) {
      await settle(lab);
      const { load } = await underLoad(lab, () => hold(CUT_MS));
      return { load, durations: [], faults: await findFaults(lab) };
    },
  },
];
