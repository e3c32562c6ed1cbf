import { toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createPath } from "../src/joining/path.ts";
import {
  type Answer,
  checkpointAt,
  createHeaders,
  createJoiningStage,
  delays,
  forged,
  names,
  real,
} from "./joining-stage.ts";
import { createMembership } from "./keys.ts";
import { at } from "./rule-stage.ts";

describe("joining with a checkpoint", () => {
  test("R7.4: ahead of the head, the way to it is learnt, only its blocks are applied, and nobody is compared with", async () => {
    for (const joining of [{}, { trustedForMs: 60_000 }]) {
      const options = { ...joining, checkpoint: checkpointAt(4) };
      const answers = [real.answer, forged.answer, forged.answer];
      const { admit, pass, news, asked, joining: rule } = createJoiningStage({ options, answers });
      expect([admit(1), news]).toEqual(["wait", ["path"]]);
      await pass(1_000);

      expect(news).toEqual(["path", "path-known"]);
      expect([2, 3, 4].map((sequence) => admit(sequence, forged))).toEqual(Array(3).fill("wrong"));
      expect([1, 2, 3, 4, 5, 6].map((sequence) => admit(sequence))).toEqual(Array(6).fill("go"));
      await pass(1_000);
      expect(new Set(asked.map(({ request }) => request.type))).toEqual(new Set(["headers"]));
      expect(rule.stopped).toBeUndefined();
      await rule.stop();
    }
  });

  test("R7.4: at the head itself, it is that block, or contradicts it", () => {
    const head = at(real.heads, 3);
    const same = createJoiningStage({ head, options: { checkpoint: checkpointAt(3) } });
    expect([same.news, same.joining.stopped, same.admit(4)]).toEqual([[], undefined, "go"]);
    const other = createJoiningStage({ head, options: { checkpoint: checkpointAt(3, forged) } });
    expect([other.news, other.admit(4)]).toEqual([["checkpoint-contradicted"], "stop"]);
    const below = createJoiningStage({ head, options: { checkpoint: checkpointAt(2, forged) } });
    expect([below.news, below.admit(4)]).toEqual([[], "go"]);
  });

  test("an answer without headers is no honest one", () => {
    const { header, digest } = at(real.heads, 0);
    const path = createPath(checkpointAt(4), { sequence: header.sequence, digest });
    const request = path.request();
    for (const answer of [
      { type: "headers", headers: [] },
      { type: "absent", head: toSequence(9) },
    ] as const) {
      expect([path.measure(answer), path.take(answer)]).toEqual([undefined, false]);
    }
    expect(path.request()).toEqual(request);
    expect(request && path.measure(real.answer(request))).toBe(4);
  });

  test("where the network has no delay, 2 ms count as usual at most, and a second peer is asked soon", async () => {
    let peers: typeof names = names.slice(0, 1);
    const { checkpoint, answer } = createHeaders(400);
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow: Answer = (request) => promise.then(() => answer(request));
    let isFirst = true;
    const once: Answer = (request) => {
      if (!isFirst) return new Promise(() => {});
      isFirst = false;
      return slow(request);
    };
    const { asked, pass, joining } = createJoiningStage({
      options: { checkpoint },
      peers: () => peers,
      answers: [once],
      config: { ...delays, networkDelayMs: 0 },
    });
    await pass(3);
    resolve();
    await pass(0);
    peers = names.slice(0, 2);
    await pass(50);

    expect(asked.map(({ peer, atMs }) => [names.indexOf(peer), atMs])).toEqual([
      [0, 0],
      [0, 3],
      // Half as much again as is usual, since the first has proven itself.
      [1, 6],
    ]);
    await joining.stop();
  });
});

describe("joining without a checkpoint", () => {
  test("R7.4: from an old head it stops where somebody of the set has left, from a young one nowhere", () => {
    const stranger = createMembership([1, 1, 1]).set;
    for (const [trustedForMs, admission, news] of [
      [60_000, "stop", ["checkpoint-needed"]],
      [2_000_000, "go", []],
    ] as const) {
      const stage = createJoiningStage({ options: { trustedForMs } });
      const block = at(real.blocks, 0);
      const head = { ...at(real.heads, 0), validators: stranger };
      expect(stage.joining.admit(block, head)).toBe(admission);
      expect(stage.news).toEqual(news);
    }
  });
});
