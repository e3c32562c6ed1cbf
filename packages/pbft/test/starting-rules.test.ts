import { toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type ApplicationHead, hashLeadership, recover, type State } from "../src/index.ts";
import { considerProposing } from "../src/leader/lead.ts";
import type { StepContext } from "../src/step-context.ts";
import { armViewTimer, disarmViewTimer } from "../src/timing/timing.ts";
import { Cluster } from "./cluster.ts";
import { only } from "./rule-stage.ts";

/** Nothing is final yet, and nothing has been sent: no engine ran to get here. */
const cluster = new Cluster({ scheme: "trusted" }).startAll();
const leader = cluster.leader(1, 0);
const { config, app } = cluster.node(leader);
const state = cluster.state(leader);

function drafted(changes: Partial<State>): StepContext {
  const { now } = cluster;
  return { config, now, elapsed: now, state: { ...state, ...changes }, effects: [] };
}

describe("the first proposal", () => {
  test("is built at once when the interval is over to the millisecond, else when it will be", () => {
    for (const left of [-1, 0, 1, 40]) {
      const pacedFrom = cluster.now - config.minBlockIntervalMs + left;
      const context = drafted({ work: true, measures: { ...state.measures, pacedFrom } });

      considerProposing(context);

      const timers = only(context, "start-timer");
      expect(timers).toEqual(
        left > 0 ? [{ type: "start-timer", timer: "propose", delayMs: left }] : [],
      );
      expect(only(context, "propose").map(({ view }) => view)).toEqual(left > 0 ? [] : [0]);
    }
  });

  test("P10: has no deadline but the time-out of its view: no leader has been measured", () => {
    for (const view of [0, 1, 2]) {
      const context = drafted({ work: true, view: toView(view) });

      armViewTimer(context);

      const timers = only(context, "start-timer");
      expect(timers.map(({ timer }) => timer)).toEqual(["view", "resend"]);
      for (const { delayMs } of timers) expect(delayMs).toBeGreaterThan(0);
      expect(context.state.pace.deadlineRuns).toBe(false);
      disarmViewTimer(context);
      expect(only(context, "stop-timer")).toEqual([{ type: "stop-timer", timer: "view" }]);
    }
  });
});

describe("a head whose record of leaders is not the one that it commits to", () => {
  const start = (head: ApplicationHead) =>
    recover({ config, head, entries: [], hasWork: false, now: cluster.now });

  test("is refused before anything else: with it every leader would be another one", () => {
    const { head } = app;
    const record = new Uint8Array([1, 2, 3]);
    const committed = { ...head.header, leadership: hashLeadership(record) };
    const { leadership: _, ...lost } = { ...head, header: committed };
    const problem = (what: string) => ({
      code: "CONFIG",
      problems: [expect.stringContaining(`has ${what} the record of leaders`)],
    });

    expect(start(head).state.head).toBe(head);
    for (const [wrong, what] of [
      [lost, "lost"],
      [{ ...head, leadership: record }, "changed"],
      [{ ...head, header: committed }, "changed"],
    ] as const) {
      expect(() => start(wrong as ApplicationHead)).toThrow(
        expect.objectContaining({ fault: problem(what) }) as Error,
      );
    }
  });
});
