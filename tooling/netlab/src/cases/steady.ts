import { type Conditions, everywhere, IDEAL, type LinkConditions } from "../wires/conditions.ts";
import type { Case } from "./case.ts";
import { findFaults, hold, settle, underLoad } from "./steps.ts";

const MEASURED_MS = 30_000;
const MBIT = 1_000_000;
/** Part of a delay by which single packets differ. */
const JITTER_SHARE = 0.1;
/** Host all of whose packets may be lost, in one direction only. */
const LOSSY_HOST = 1;
const LOSS_SHARE = 0.05;

/** Creates a case in which nothing happens but the load. */
function steady(name: string, title: string, conditions: Conditions): Case {
  return {
    name,
    title,
    conditions,
    async run(lab) {
      await settle(lab);
      const { load } = await underLoad(lab, () => hold(MEASURED_MS));
      return { load, durations: [], faults: await findFaults(lab) };
    },
  };
}

/** A delay with jitter, the same on each link in each direction. */
export function delayed(oneWayMs: number): LinkConditions {
  return { delayMs: oneWayMs, jitterMs: oneWayMs * JITTER_SHARE };
}

/** Cases without events: an ideal network, a narrow one, long ways, and loss. */
export const STEADY: readonly Case[] = [
  steady("ideal", "no delay, no limit", IDEAL),
  steady("10mbit", "10 Mbit/s up and down for each host, 5 ms one way", {
    ...everywhere(delayed(5)),
    bitsPerSecond: 10 * MBIT,
  }),
  steady("5ms", "5 ms one way, 10 % jitter", everywhere(delayed(5))),
  steady("50ms", "50 ms one way, 10 % jitter", everywhere(delayed(50))),
  steady("150ms", "150 ms one way, 10 % jitter", everywhere(delayed(150))),
  steady("loss", "5 % of what one validator sends is lost, nothing of what it receives; 50 ms", {
    between: (from) =>
      from === LOSSY_HOST ? { ...delayed(50), lossShare: LOSS_SHARE } : delayed(50),
  }),
];
