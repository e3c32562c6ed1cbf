import { type AccountId, equalBytes, sha256, toSequence, toTimestamp } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type Listening, type ListeningCause } from "../src/books/listening.ts";
import { silentValidators } from "../src/hearing/hearing.ts";
import { createHeadQuestions } from "../src/listening/ask-signed-heads.ts";
import { askForHeads, beginListening } from "../src/listening/listen.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, me } = stage;
const ids = state.head.validators.validators.map(({ id }) => id);
const others = ids.filter((_, index) => index !== me);
const causes = ["starting", "log-lost", "own-signature"] as const;

/** One has answered that is near, the two others are far. */
const heard = (cause: ListeningCause, rounds: number): Listening => ({
  cause,
  since: toTimestamp(7),
  answers: others.map((validator, index) => ({
    validator,
    sequence: toSequence(index === 0 ? 1 : 9),
    near: index === 0,
  })),
  rounds,
});

describe("who is asked for its head", () => {
  test("only who has told nothing yet; after a loss now and then all: they may have forgotten", () => {
    for (const cause of causes) {
      for (let round = 1; round <= 16; round++) {
        const context = stage.context({ listening: heard(cause, round - 1) });

        askForHeads(context);

        const far = others.slice(1);
        const isLost = cause !== "starting";
        // After a loss any answer counts.
        const open = isLost ? [] : far;
        const of = isLost && round % 8 === 0 ? others : open;
        expect(only(context, "ask-signed-heads")).toEqual([
          { type: "ask-signed-heads", of, listening: isLost, fresh: round === 1 },
        ]);
        if (!isLost) expect(context.state.listening?.rounds).toBe(round);
      }
    }
  });

  test("at a boundary also who was in the set before: its quorum made the head final", () => {
    const { set: larger } = createMembership([1, 1, 1, 1, 1, 1], "trusted");
    const former = larger.validators
      .map(({ id }) => id)
      .filter((id) => !ids.some((own) => equalBytes(own, id)));
    expect(former).toHaveLength(2);
    const listening = { ...heard("log-lost", 1), answers: [] };
    const head = { ...state.head, previousValidators: larger };
    const first = at(former, 0);
    const answers = [{ validator: first, sequence: toSequence(1), near: true }];

    const silent = silentValidators(stage.context({ listening, head }).state);
    const left = silentValidators(
      stage.context({ listening: { ...listening, answers }, head }).state,
    );

    expect(silent).toEqual([...others, ...former]);
    expect(left).toEqual(silent.filter((id) => id !== first));
  });
});

describe("the beginning", () => {
  test("of a start is no event, that after a loss is; a foreign signature is remembered", () => {
    for (const cause of causes) {
      const context = stage.context({ viewTimerRuns: true });

      beginListening(context, cause);

      const events = only(context, "report").map(({ event }) => event);
      expect(events).toEqual(
        cause === "starting"
          ? []
          : [{ type: "listening", sequence: 2, state: "started", signsFrom: undefined }],
      );
      const since = context.state.listening?.since;
      expect(since).toBe(Math.floor(context.now));
      expect(only(context, "persist")).toEqual(
        cause === "own-signature"
          ? [{ type: "persist", entries: [{ type: "listen", since }] }]
          : [],
      );
      expect(only(context, "ask-signed-heads").map(({ of }) => of)).toEqual([others]);
      expect(context.state.viewTimerRuns).toBe(false);
    }
  });
});

describe("questions over a transport", () => {
  test("a peer that becomes reachable is asked at once if its answer is waited for, and it alone", async () => {
    const listening = heard("starting", 1);
    for (const waits of [true, false]) {
      const asked: AccountId[] = [];
      const questions = createHeadQuestions({
        transport: {
          request: async (to) => {
            asked.push(to);
            throw new Error("not reachable");
          },
        },
        clock: { now: () => 0, schedule: () => () => {} },
        genesis: GENESIS,
        id: at(ids, me),
        verify: undefined,
        random: () => sha256(new Uint8Array([1])),
        answerMs: 100,
        state: () => ({ ...state, listening: waits ? listening : undefined }),
        receive: () => {},
        input: () => {},
      });
      const of = others.slice(0, 2);
      questions.ask({ type: "ask-signed-heads", of, listening: false, fresh: true });
      await settled();
      expect(asked).toEqual(of);

      for (const peer of others) questions.connected(peer);
      await settled();

      expect(asked).toEqual(waits ? [...of, ...of] : of);
      await questions.stop();
    }
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
