import { everywhere } from "../wires/conditions.ts";
import type { Case } from "./case.ts";
import { join } from "./joiners.ts";
import { cutAndHeal, halfOf } from "./partitions.ts";
import { delayed } from "./steady.ts";
import { findFaults, hold, settle, underLoad } from "./steps.ts";

const BEFORE_MS = 3_000;
const CUT_MS = 6_000;

/** Case that CI runs: a partition, healing and a late joiner, on one network and in short. */
export const BRIEF: Case = {
  name: "brief",
  title: "cut in two for 8 s, healed, and a late joiner; 5 ms",
  conditions: everywhere(delayed(5)),
  async run(lab) {
    await settle(lab);
    const { load, result } = await underLoad(lab, async () => {
      await hold(BEFORE_MS);
      return await cutAndHeal(lab, { away: halfOf, goesOn: "nobody", cutMs: CUT_MS });
    });
    const joined = await join(lab);
    return {
      load,
      durations: [...result.durations, ...joined],
      faults: [...result.faults, ...(await findFaults(lab))],
    };
  },
};
