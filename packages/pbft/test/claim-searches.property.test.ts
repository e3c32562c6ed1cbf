import { toAccountId, toSequence, toTimestamp, ZERO_DIGEST } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clock, Occurrence } from "../src/index.ts";
import { createApplicationCalls } from "../src/replica/application-calls.ts";
import { Counter } from "./counter.ts";
import { asApplication } from "./hub.ts";
import { createMembership, GENESIS } from "./keys.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const turns = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at++) await turn();
};

/** A clock that only moves when it is told to. */
function createHandClock() {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const clock: Clock = {
    now: () => now,
    schedule(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const advance = (ms: number): void => {
    now += ms;
    for (const timer of timers) {
      if (timer.at <= now && timers.delete(timer)) timer.run();
    }
  };
  return { clock, advance, now: () => now };
}

/**
 * Calls of an application whose validations last `validating` turns. A search answers one question
 * for each turn, and remembers the answers when it is repeated, as a Judge does.
 */
function createStage(validating: number, questions: number) {
  const counter = new Counter(GENESIS, createMembership([1], "ed25519").set);
  const { clock, advance, now } = createHandClock();
  const answers: Occurrence[] = [];
  let [asked, open, begun] = [0, 0, 0];
  const [spans, clashes]: [{ from: number; to: number }[], number[]] = [[], []];
  const application = {
    ...asApplication(counter),
    verify: async () => {
      open += 1;
      await turns(validating);
      open -= 1;
      return { type: "accepted" } as const;
    },
    findClaim: async ({ signal }: { readonly signal: AbortSignal }) => {
      const span = { from: now(), to: now() };
      spans.push(span);
      begun += 1;
      while (asked < questions && !signal.aborted) {
        await turn();
        advance(1);
        span.to = now();
        if (signal.aborted) break;
        if (open > 0) clashes.push(asked);
        asked += 1;
      }
      return signal.aborted ? undefined : Uint8Array.of(7);
    },
  };
  const fail = (_: unknown, error: unknown) => {
    throw error;
  };
  const answer = (occurrence: Occurrence) => answers.push(occurrence);
  const hooks = { answer, onFailure: fail, onCommitFailure: fail };
  const calls = createApplicationCalls({ application, clock, ...hooks });
  const block = counter.propose({
    sequence: toSequence(1),
    timestamp: toTimestamp(1),
    proposer: toAccountId(GENESIS),
    parentCertificate: undefined,
    evidence: [],
    leadership: ZERO_DIGEST,
    reason: "heartbeat",
  });
  if (block === undefined) throw new Error("a heartbeat has a block");
  const about = { digest: counter.head.digest, block };
  const found = () => answers.filter(({ type }) => type === "claim");
  return { calls, about, found, spans, clashes, advance, begun: () => begun };
}

describe("a search for a false header", () => {
  test("asks nothing while a validation waits or runs, goes on after it, and is answered once", async () => {
    let interrupted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 }),
        async (validating, questions, gaps) => {
          const stage = createStage(validating, questions);
          stage.calls.findClaim({ type: "find-claim", ...stage.about });
          for (const gap of gaps) {
            await turns(gap);
            stage.calls.verify({ type: "verify", ...stage.about, patience: "watchdog" });
          }
          for (let at = 0; at < 200 && stage.found().length === 0; at++) {
            await turn();
            stage.advance(1);
          }
          expect(stage.clashes).toEqual([]);
          const { digest } = stage.about;
          expect(stage.found()).toEqual([{ type: "claim", digest, claim: Uint8Array.of(7) }]);
          if (stage.begun() > 1) interrupted += 1;
          await stage.calls.stop();
          expect(stage.found()).toHaveLength(1);
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 100, seed: 1 },
    );
    expect(interrupted).toBeGreaterThan(20);
  });

  test("rests three times as long as it took, so searches take at most a quarter of the time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
        async (verifyAfter) => {
          const stage = createStage(1, 1_000);
          stage.calls.findClaim({ type: "find-claim", ...stage.about });
          for (const gap of verifyAfter) {
            await turns(gap);
            stage.calls.verify({ type: "verify", ...stage.about, patience: "watchdog" });
            for (let at = 0; at < 60; at++) {
              await turn();
              if (stage.spans.at(-1)?.to !== undefined) stage.advance(1);
            }
          }
          await stage.calls.stop();
          for (const [at, { from }] of stage.spans.entries()) {
            const before = stage.spans[at - 1];
            if (before === undefined) continue;
            expect(from - before.to).toBeGreaterThanOrEqual(3 * (before.to - before.from));
          }
          expect(stage.spans.length).toBeGreaterThan(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("that never gets to an end counts as one that found nothing", async () => {
    const stage = createStage(1, Number.POSITIVE_INFINITY);
    stage.calls.findClaim({ type: "find-claim", ...stage.about });
    for (let at = 0; at < 100 && stage.found().length === 0; at++) {
      await turns(4);
      stage.calls.verify({ type: "verify", ...stage.about, patience: "watchdog" });
      await turns(4);
      stage.advance(1_000);
    }
    expect(stage.found()).toMatchObject([{ type: "claim", claim: undefined }]);
    expect(stage.begun()).toBe(65);
    await stage.calls.stop();
  });
});
