import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJudge, type Judge, type Judgement, type JudgePayload } from "../../src/index.ts";
import { createRandom } from "../soundness/random-source.ts";
import { intents, scripts } from "./claims.ts";
import { mutateIntent, randomIntent, renderIntent } from "./intent-genome.ts";
import { mutateScript, randomScript, renderScript } from "./script-genome.ts";

/** Small, so that what Z3 counts ends soon; what it does not count has to end without it. */
const resourceLimit = 200_000;

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 2 });
});
afterAll(async () => await judge.close());

const theorem = (text: string): JudgePayload => {
  return { type: "theorem", script: new TextEncoder().encode(text) };
};
const publish = (text: string): JudgePayload => {
  return { type: "publish", source: new TextEncoder().encode(text) };
};

/** Possible results of a bounded Judge: an answer, or the place of a fault. */
function ended(judgement: Judgement): string {
  if (judgement.type === "abstained") return `abstained: ${judgement.reason}`;
  if (judgement.type === "rejected") return "rejected";
  return judgement.resource <= resourceLimit ? "judged" : "beyond its limit";
}

describe("what once took seconds or for ever", () => {
  test.each(Object.keys(scripts))("script: %s", async (name) => {
    const judgement = await judge.check(theorem(scripts[name] ?? ""), { resourceLimit });

    expect(ended(judgement)).toMatch(/^(?:judged|rejected)$/);
    if (judgement.type === "rejected") {
      // Not for how it is written: these are well-formed claims.
      expect(judgement.diagnostics[0]?.code).toMatch(
        /^(?:growth|expansion|depth|too-large|index|sort|refused)$/,
      );
    }
  });

  test.each(Object.keys(intents))("intent: %s", async (name) => {
    const judgement = await judge.check(publish(intents[name] ?? ""), { resourceLimit });

    expect(ended(judgement)).toMatch(/^(?:judged|rejected)$/);
    if (judgement.type === "rejected") expect(judgement.diagnostics[0]?.code).toBe("limit");
  });

  test("no thread had to be ended for them", () => {
    expect(judge.statistics().workersReplaced).toBe(0);
  });
});

describe("what the search makes", () => {
  test("every script and every intent comes to a counted end", async () => {
    const payloads = Array.from({ length: 24 }, (_, index) => {
      const random = createRandom(11, index);
      const script = mutateScript(random, mutateScript(random, randomScript(random)));
      const intent = mutateIntent(random, mutateIntent(random, randomIntent(random)));
      return [theorem(renderScript(script)), publish(renderIntent(intent))];
    }).flat();
    const judgements = await Promise.all(
      payloads.map(async (payload) => await judge.check(payload, { resourceLimit: 50_000 })),
    );

    expect(judgements.filter(({ type }) => type === "abstained")).toEqual([]);
    // Most are admitted, or it would search where nothing is.
    expect(judgements.filter(({ type }) => type === "judged").length).toBeGreaterThan(24);
  });
});
