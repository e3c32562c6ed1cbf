/** Floods one engine in a process of its own and tells how much memory is left in use. */
import { createState, type State, step } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { junk } from "./junk.ts";
import { countObjects } from "./objects.ts";

const messages = Number(process.argv[2]);
const cluster = new Cluster({ powers: [1, 1, 1, 1, 1, 1, 1] });
const { config, app } = cluster.node(0);
let state: State = createState(config, app.head);
const figures: { readonly heap: number; readonly objects: number }[] = [];
for (let at = 1; at <= messages; at++) {
  // Two of seven: as many as may be faulty.
  const from = 5 + (at % 2);
  for (const message of junk(cluster, { from, serial: at, head: app.head })) {
    state = step(config, state, { type: "message", message, from: undefined, now: at }).state;
  }
  if (at === Math.floor(messages / 10) || at === messages) {
    globalThis.gc?.();
    figures.push({ heap: process.memoryUsage().heapUsed, objects: countObjects(state) });
  }
}
const votes = [state.prepares, state.commits].map(({ tally }) => tally.length);
process.send?.({ figures, evidence: state.evidence.length, votes });
process.disconnect?.();
