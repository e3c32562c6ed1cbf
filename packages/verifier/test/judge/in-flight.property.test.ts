import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createJudge } from "../../src/index.ts";
import { createInFlightRequests } from "../../src/judge/in-flight.ts";
import type { JobResult } from "../../src/threads/worker-threads.ts";
import { endless, outcome, quick, theorem } from "./fixtures.ts";

type Step =
  | { readonly type: "call"; readonly key: string; readonly abortable: boolean }
  | { readonly type: "abort"; readonly caller: number }
  | { readonly type: "end"; readonly key: string; readonly result: JobResult };

const key = fc.constantFrom("a", "b");
const result: fc.Arbitrary<JobResult> = fc.constantFrom(
  { type: "rejected", diagnostics: [], milliseconds: 0 },
  { type: "abstained", reason: "crash" },
  { type: "abstained", reason: "watchdog" },
);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("call" as const), key, abortable: fc.boolean() }),
    fc.record({ type: fc.constant("abort" as const), caller: fc.nat({ max: 12 }) }),
    fc.record({ type: fc.constant("end" as const), key, result }),
  ),
  { maxLength: 30 },
);

/** One request as a thread would serve it: a step ends it, or its last caller gives it up. */
interface Started {
  readonly key: string;
  readonly signal: AbortSignal;
  readonly end: (result: JobResult) => void;
  readonly callers: Caller[];
  over: JobResult | undefined;
}

interface Caller {
  readonly abort: AbortController | undefined;
  readonly answer: Promise<JobResult>;
  started: Started;
  aborted: boolean;
}

const aborted: JobResult = { type: "abstained", reason: "aborted" };

/** Runs the steps against a plain model of requests, their callers and their ends. */
async function play(script: readonly Step[], settle: () => Promise<void>): Promise<void> {
  const inFlight = createInFlightRequests();
  const all: Started[] = [];
  const callers: Caller[] = [];
  const live = (name: string): Started | undefined =>
    all.find((one) => one.key === name && one.over === undefined && !one.signal.aborted);

  function start(name: string, signal: AbortSignal): Promise<JobResult> {
    const { promise, resolve } = Promise.withResolvers<JobResult>();
    expect(live(name)).toBeUndefined();
    all.push({ key: name, signal, end: resolve, callers: [], over: undefined });
    signal.addEventListener("abort", () => resolve(aborted));
    return promise;
  }

  for (const step of script) {
    if (step.type === "call") {
      const before = live(step.key);
      const abort = step.abortable ? new AbortController() : undefined;
      const answer = inFlight.join({
        key: step.key,
        signal: abort?.signal,
        start: async (signal) => await start(step.key, signal),
      });
      const started = live(step.key);
      if (started === undefined) throw new Error("nothing was started");
      if (before !== undefined) expect(started).toBe(before);
      const caller: Caller = { abort, answer, started, aborted: false };
      started.callers.push(caller);
      callers.push(caller);
    } else if (step.type === "abort") {
      const caller = callers[step.caller];
      if (caller?.abort === undefined) continue;
      caller.aborted ||= caller.started.over === undefined;
      caller.abort.abort();
    } else {
      const started = live(step.key);
      if (started === undefined) continue;
      started.over = step.result;
      started.end(step.result);
      await settle();
    }
    for (const one of all) {
      // Given up when everybody has gone, and not before.
      expect(one.signal.aborted).toBe(one.callers.every((caller) => caller.aborted));
    }
  }
  for (const one of all) {
    if (one.over !== undefined || one.signal.aborted) continue;
    one.over = { type: "rejected", diagnostics: [], milliseconds: 1 };
    one.end(one.over);
  }
  for (const caller of callers) {
    expect(await caller.answer).toEqual(caller.aborted ? aborted : caller.started.over);
  }
}

/** Waits until all settled promises have run their callbacks. */
async function breathe(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("calls for the same thing at the same time", () => {
  test("they share one judging, in every order of calls, aborts and ends", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => await play(script, breathe)),
      { numRuns: 2_000 },
    );
  });

  test("a judge judges once for all who ask, and each may go alone", async () => {
    await using judge = await createJudge({ workers: 2 });
    const impatient = new AbortController();
    const payload = theorem(`; shared\n${quick}`);
    const [first, second, third, other] = await Promise.all([
      judge.check(payload, { signal: impatient.signal }),
      judge.check(payload),
      judge.check(payload, { signal: new AbortController().signal }),
      judge.check(payload, { resourceLimit: 1_000 }),
      Promise.resolve().then(() => impatient.abort()),
    ]);

    expect([first, second, third, other].map(outcome)).toEqual([
      "abstained",
      "valid",
      "valid",
      "valid",
    ]);
    expect(third).toBe(second);
    expect(other).not.toBe(second);
    expect(judge.statistics()).toMatchObject({ merged: 2, workersReplaced: 0 });
  });

  test("the thread is replaced when the last has gone, and what they got is not kept", async () => {
    await using judge = await createJudge({ workers: 1 });
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => judge.check(theorem(endless), { signal }));
    controllers[0]?.abort();
    expect(await calls[0]).toEqual(aborted);
    expect(judge.statistics().workersReplaced).toBe(0);
    controllers[1]?.abort();

    expect(await calls[1]).toEqual(aborted);
    expect(judge.statistics()).toMatchObject({ workersReplaced: 1, merged: 1 });
    const again = await judge.check(theorem(endless), { resourceLimit: 1_000 });
    expect(outcome(again)).toBe("unknown");
    expect(judge.statistics().cacheHits).toBe(0);
  });

  test("a crash or a watchdog is told to all who waited, and the next call judges anew", async () => {
    await using judge = await createJudge({
      workers: 1,
      limits: { watchdogMilliseconds: 1_500 },
    });
    const hung = await Promise.all([judge.check(theorem(endless)), judge.check(theorem(endless))]);
    const before = judge.statistics();
    const next = await judge.check(theorem(endless));

    expect(hung).toEqual([
      { type: "abstained", reason: "watchdog" },
      { type: "abstained", reason: "watchdog" },
    ]);
    expect(next).toEqual(hung[0]);
    expect(before).toMatchObject({ merged: 1, workersReplaced: 1 });
    expect(judge.statistics()).toMatchObject({ merged: 1, cacheHits: 0, workersReplaced: 2 });
  });
});
