import type { LabNode } from "../chain/lab-node.ts";
import { everywhere } from "../wires/conditions.ts";
import type { Case, Duration } from "./case.ts";
import { delayed } from "./steady.ts";
import { findFaults, highest, hold, settle, underLoad, untilAbove } from "./steps.ts";

const BEFORE_MS = 5_000;
const AFTER_MS = 20_000;
/** Blocks that were perhaps under way when a host moved. */
const IN_FLIGHT = 2;

/** Hosts that get another address while their nodes run. */
export const MOVES: readonly Case[] = [
  move("new-address", "the host of a validator gets another address; 5 ms", 1),
  move("new-addresses", "the hosts of two validators get other addresses at once; 5 ms", 2),
];

function move(name: string, title: string, count: number): Case {
  return {
    name,
    title,
    conditions: everywhere(delayed(5)),
    async run(lab) {
      await settle(lab);
      const untilNew = async (
        what: string,
        nodes: readonly LabNode[],
        head: number,
      ): Promise<Duration> => ({
        name: what,
        ms: await untilAbove(lab, nodes, head + IN_FLIGHT),
      });
      const moved = lab.validators.slice(0, count);
      const { load, result } = await underLoad(lab, async () => {
        await hold(BEFORE_MS);
        for (const { host } of moved) await lab.network.moveHost(host.number);
        const head = highest(lab, lab.validators);
        lab.options.say(`${moved.length} hosts have another address`);
        const others = lab.validators.filter((node) => !moved.includes(node));
        const durations = await Promise.all([
          untilNew("until the other validators have a new block", others, head),
          untilNew("until those that moved have one", moved, head),
          untilNew("until all observers have one", lab.observers, head),
        ]);
        await hold(AFTER_MS);
        return durations;
      });
      return { load, durations: result, faults: await findFaults(lab) };
    },
  };
}
