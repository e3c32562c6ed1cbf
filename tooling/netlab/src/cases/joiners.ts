import type { Lab } from "../lab/lab.ts";
import { everywhere } from "../wires/conditions.ts";
import type { Case, Duration } from "./case.ts";
import { delayed } from "./steady.ts";
import { findFaults, highest, hold, settle, underLoad, untilInStep } from "./steps.ts";

const GROWTH_MS = 30_000;
const CONDITIONS = everywhere(delayed(5));

/** Joiners: observers that begin with the genesis and the address of one validator. */
export const JOINERS: readonly Case[] = [
  {
    name: "late-joiner",
    title: "an observer with the genesis and one address joins an idle chain; 5 ms",
    conditions: CONDITIONS,
    async run(lab) {
      await settle(lab);
      const { load } = await underLoad(lab, () => hold(GROWTH_MS));
      return { load, durations: await join(lab), faults: await findFaults(lab) };
    },
  },
  {
    name: "busy-joiner",
    title: "the same, while the load goes on",
    conditions: CONDITIONS,
    async run(lab) {
      await settle(lab);
      const { load, result } = await underLoad(lab, async () => {
        await hold(GROWTH_MS);
        return await join(lab);
      });
      return { load, durations: result, faults: await findFaults(lab) };
    },
  },
];

/** Lets an observer join with one address, and measures how long it takes to be in step. */
export async function join(lab: Lab): Promise<readonly Duration[]> {
  const node = await lab.addObserver();
  const [address = ""] = lab.peersOf(node);
  const head = highest(lab, lab.validators);
  lab.options.say(`${node.name} joins at block ${head}`);
  const begun = performance.now();
  await node.start([address]);
  const ready = performance.now() - begun;
  const inStep = await untilInStep(lab, node);
  const name = `from its API until it has the head (${head} blocks)`;
  return [
    { name: "from its start until its API answers", ms: ready },
    { name, ms: inStep },
  ];
}
