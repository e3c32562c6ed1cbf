import type { LabNode } from "../chain/lab-node.ts";
import { timeUntil } from "../lab/waiting.ts";
import { everywhere } from "../wires/conditions.ts";
import type { Case } from "./case.ts";
import { delayed } from "./steady.ts";
import {
  findFaults,
  highest,
  hold,
  PATIENCE_MS,
  settle,
  underLoad,
  untilAbove,
  untilInStep,
} from "./steps.ts";

const BEFORE_MS = 5_000;
const AFTER_MS = 5_000;

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
      const moved = lab.validators.slice(0, count);
      const { load, result } = await underLoad(lab, async () => {
        await hold(BEFORE_MS);
        const head = highest(lab, lab.validators);
        for (const { host } of moved) await lab.network.moveHost(host.number);
        lab.options.say(`${moved.length} hosts have another address`);
        const durations = [
          {
            name: "until all nodes have a new block",
            ms: await untilAbove(lab, lab.running(), head),
          },
          {
            name: "until those that moved are in step",
            ms: Math.max(
              ...(await Promise.all(
                moved.map(async (node) => (await untilInStep(lab, node)) ?? Number.NaN),
              )),
            ),
          },
          {
            name: "until all validators have a connection to each other",
            ms: await untilMeshed(lab.validators),
          },
        ];
        await hold(AFTER_MS);
        return durations;
      });
      return { load, durations: result, faults: await findFaults(lab) };
    },
  };
}

/** Waits until each validator has as many peers as there are other validators. */
async function untilMeshed(validators: readonly LabNode[]): Promise<number | undefined> {
  return await timeUntil(async () => {
    const all = await Promise.all(validators.map((node) => node.client().status()));
    return all.every(({ peers }) => peers >= validators.length - 1);
  }, PATIENCE_MS);
}
