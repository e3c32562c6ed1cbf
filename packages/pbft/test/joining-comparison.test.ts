import { toHex, type VerifySigned } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { findRival } from "../src/joining/comparison.ts";
import { createTrail } from "../src/joining/trail.ts";
import { type Answer, createJoiningStage, delays, forged, names, real } from "./joining-stage.ts";
import { GENESIS } from "./keys.ts";
import { at } from "./rule-stage.ts";

/** An answer that comes when the test says so. */
function createLateAnswer(answer: Answer): { readonly answer: Answer; readonly come: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { answer: (request) => promise.then(() => answer(request)), come: () => resolve() };
}

describe("the first comparison with peers", () => {
  test("R7.4: waits for two thirds, or after the first answer for one delay more, and no longer", async () => {
    const one = createJoiningStage({ answers: [real.answer] });
    expect(one.admit(1)).toBe("wait");
    await one.pass(delays.networkDelayMs - 1);
    expect([one.admit(1), one.changes()]).toEqual(["wait", 0]);
    await one.pass(1);
    expect([one.admit(1), one.changes()]).toEqual(["go", 1]);
    await one.joining.stop();

    const two = createJoiningStage({ answers: [real.answer, real.answer] });
    expect(two.admit(1)).toBe("wait");
    await two.pass(0);
    expect([two.admit(1), two.changes()]).toEqual(["go", 1]);
    await two.joining.stop();
  });

  test("gives an answer the time that a message and a block need both ways, twice; hanging peers are passed over then", async () => {
    const { admit, asked, pass, joining } = createJoiningStage({
      config: {
        ...delays,
        resendIntervalMs: 10_000,
      },
    });
    const answerMs = 2 * (delays.disseminationBoundMs + 2 * delays.networkDelayMs);
    expect(admit(1)).toBe("wait");
    await pass(answerMs - 1);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
    expect(admit(1)).toBe("wait");
    await pass(1);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    expect(admit(1)).toBe("go");
    await joining.stop();
  });

  test("lets go at once where there is nobody", () => {
    expect(createJoiningStage({ peers: () => [] }).admit(1)).toBe("go");
  });
});

describe("comparisons from time to time", () => {
  const follow = (stage: ReturnType<typeof createJoiningStage>): void => {
    for (let sequence = 1; sequence <= 3; sequence++) stage.admit(sequence);
  };
  const counts = ({ asked }: ReturnType<typeof createJoiningStage>): readonly number[] =>
    names.map((name) => asked.filter(({ peer }) => peer === name).length);

  test("are with whoever was compared with least, three times with each peer", async () => {
    const stage = createJoiningStage({ answers: [real.answer, real.answer, real.answer] });
    stage.admit(1);
    await stage.pass(0);
    follow(stage);
    expect(counts(stage)).toEqual([1, 1, 1]);
    await stage.pass(3 * delays.resendIntervalMs);
    expect(counts(stage)).toEqual([2, 2, 2]);
    await stage.pass(20 * delays.resendIntervalMs);
    expect(counts(stage)).toEqual([3, 3, 3]);
    await stage.joining.stop();
  });

  test("begin anew with a peer that had gone: nothing is kept of names that nobody has", async () => {
    let peers: typeof names = names.slice(0, 2);
    const stage = createJoiningStage({
      peers: () => peers,
      answers: [real.answer, real.answer, real.answer],
    });
    stage.admit(1);
    await stage.pass(10 * delays.resendIntervalMs);
    expect(counts(stage)).toEqual([3, 3, 0]);
    peers = names.slice(1);
    await stage.pass(10 * delays.resendIntervalMs);
    expect(counts(stage)).toEqual([3, 3, 3]);
    peers = names;
    await stage.pass(10 * delays.resendIntervalMs);
    expect(counts(stage)).toEqual([6, 3, 3]);
    await stage.joining.stop();
  });
});

describe("a peer with another history", () => {
  /** Follows three real blocks, and then hears of the other history. */
  async function compare(verify: VerifySigned, isStopped = false) {
    const late = createLateAnswer(forged.answer);
    const stage = createJoiningStage({ verify, answers: [real.answer, real.answer, late.answer] });
    stage.admit(1);
    await stage.pass(0);
    stage.admit(2);
    stage.admit(3);
    await stage.pass(delays.resendIntervalMs - 1);
    const stopping = isStopped ? stage.joining.stop() : undefined;
    late.come();
    await stage.pass(10 * delays.resendIntervalMs);
    await stopping;
    if (!isStopped) await stage.joining.stop();
    return stage;
  }

  test("R7.4: stops everything when its certificates are as good, and nothing when they are not", async () => {
    const good = await compare(() => true);
    expect([good.news, good.admit(4)]).toEqual([["history-forked"], "stop"]);
    const bad = await compare(() => false);
    expect([bad.news, bad.joining.stopped]).toEqual([[], undefined]);
  });

  test("is not spoken of any more when the replica has stopped", async () => {
    const { news } = await compare(() => true, true);
    expect(news).toEqual([]);
  });

  test("is told by the first block that differs, with both digests", async () => {
    const trail = createTrail(at(real.heads, 0).header.sequence);
    for (const [index, { certificate }] of real.blocks.entries()) {
      trail.record(certificate.digest, at(real.heads, index));
    }
    const asked: number[] = [];
    const ask = (blocks: typeof real.blocks) => async (sequence: number) => {
      asked.push(sequence);
      return at(blocks, sequence - 1);
    };
    const options = { trail, start: 0, genesis: GENESIS, verify: () => true };
    expect(await findRival({ ...options, ask: ask(real.blocks) })).toBeUndefined();
    expect(asked).toEqual([real.blocks.length]);
    expect(await findRival({ ...options, ask: ask(forged.blocks) })).toEqual({
      sequence: 2,
      digests: [real, forged].map(({ blocks }) => toHex(at(blocks, 1).certificate.digest)),
    });
    const refused = { ...options, verify: () => false };
    expect(await findRival({ ...refused, ask: ask(forged.blocks) })).toBeUndefined();
  });
});
