import path from "node:path";
import type { LabNode } from "../chain/lab-node.ts";
import type { Lab } from "../lab/lab.ts";
import { everywhere } from "../wires/conditions.ts";
import type { Case, Duration } from "./case.ts";
import { delayed } from "./steady.ts";
import { findFaults, hold, settle, underLoad, untilInStep } from "./steps.ts";

const CONDITIONS = everywhere(delayed(5));
const RUN_MS = 10_000;

/** Nodes that end and come back, with what is on their disks. */
export const RESTARTS: readonly Case[] = [
  {
    name: "rolling-restart",
    title: "all validators restarted in good order, one after the other; 5 ms",
    conditions: CONDITIONS,
    async run(lab) {
      await settle(lab);
      const { load, result } = await underLoad(lab, async () => {
        const durations: Duration[] = [];
        for (const node of lab.validators) {
          await node.stop();
          durations.push(...(await comeBack(lab, node)));
          await hold(1_000);
        }
        return durations;
      });
      const durations = ["from its start until its API answers", "until it is in step"].map(
        (name): Duration => ({
          name: `${name}, slowest of ${lab.validators.length}`,
          ms: slowest(result.filter((each) => each.name === name)),
        }),
      );
      return { load, durations, faults: await findFaults(lab) };
    },
  },
  {
    name: "old-database",
    title:
      "a validator is killed and its database is one from before; its signing log is kept; 5 ms",
    conditions: CONDITIONS,
    run: (lab) => withOldDisk(lab, "database"),
  },
  {
    name: "old-disk",
    title: "a validator is killed and its whole disk is one from before, its signing log too; 5 ms",
    conditions: CONDITIONS,
    run: (lab) => withOldDisk(lab, "all"),
  },
];

async function withOldDisk(lab: Lab, part: "all" | "database"): ReturnType<Case["run"]> {
  const [node] = lab.validators;
  if (node === undefined) throw new RangeError("the lab has no validator");
  const copy = path.join(lab.options.directory, "older-copy");
  await settle(lab);
  await node.kill();
  await node.copyDisk(copy);
  await comeBack(lab, node);
  const { load, result } = await underLoad(lab, async () => {
    await hold(RUN_MS);
    await node.kill();
    await hold(RUN_MS);
    await node.restoreDisk(copy, part);
    lab.options.say(
      `${node.name} starts with ${part === "all" ? "its old disk" : "an old database"}`,
    );
    const durations = await comeBack(lab, node);
    await hold(RUN_MS);
    return durations;
  });
  return { load, durations: result, faults: await findFaults(lab) };
}

async function comeBack(lab: Lab, node: LabNode): Promise<readonly Duration[]> {
  const begun = performance.now();
  await node.start(lab.peersOf(node));
  const ready = performance.now() - begun;
  const inStep = await untilInStep(lab, node);
  lab.options.say(`${node.name} is back after ${Math.round((ready + (inStep ?? 0)) / 1_000)} s`);
  return [
    { name: "from its start until its API answers", ms: ready },
    { name: "until it is in step", ms: inStep },
  ];
}

/** Returns the longest duration; undefined if one did not end. */
function slowest(durations: readonly Duration[]): number | undefined {
  const times = durations.map(({ ms = Number.POSITIVE_INFINITY }) => ms);
  const longest = Math.max(...times);
  return Number.isFinite(longest) ? longest : undefined;
}
