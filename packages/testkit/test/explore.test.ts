import { createConfig, leaderOf, recover, step } from "@aethel/pbft";
import { describe, expect, test } from "vitest";
import { emptyModel, findModelDefect, possible, refusal, said } from "../src/explore/model.ts";
import { exploreEngine, exploreModel, SMALL_SCOPES } from "../src/index.ts";

const engine = { step, recover, createConfig, leaderOf };
/** States in each scope here; `npm run sim -- explore` looks at more. */
const MODEL_STATES = 6_000;
const ENGINE_STATES = 400;

describe("B2: the abstract model", () => {
  test.each([0, 1, 2, 3])(
    "every state of views 0 and 1 agrees and keeps locks, node %i Byzantine",
    (byzantine) => {
      const found = exploreModel([{ powers: [1, 1, 1, 1], byzantine, leaders: [0, 1] }], {
        states: 100_000,
      });

      expect(found).toMatchObject({ complete: true, defect: undefined });
      expect(found.states).toBeGreaterThan(10_000);
    },
  );

  test.each([2, 3])("the same with stakes 3,3,2,1, node %i Byzantine", (byzantine) => {
    const found = exploreModel([{ powers: [3, 3, 2, 1], byzantine, leaders: [2, 3] }], {
      states: 200_000,
    });

    expect(found).toMatchObject({ complete: true, defect: undefined });
  });

  test.each(SMALL_SCOPES)("up to a bound of states: $name", ({ powers, byzantine, views }) => {
    const leaders = Array.from({ length: views }, (_, view) => view);
    const configs = powers.map((list) => ({ powers: list, byzantine, leaders }));
    const found = exploreModel(configs, { states: MODEL_STATES });

    expect(found).toMatchObject({ states: MODEL_STATES, defect: undefined });
  });

  test("a Byzantine node with two thirds of the power breaks it: the invariants can fail", () => {
    const weak = { powers: [1, 1, 1, 6], byzantine: 3, leaders: [3, 0] };
    const found = exploreModel([weak], { states: 100_000 });

    expect(found.defect).toMatch(/agreement|two blocks are prepared/);
  });

  test("what honest nodes must not say is refused by name", () => {
    const config = { powers: [1, 1, 1, 1], byzantine: 3, leaders: [0, 1] };
    let state = emptyModel(config);
    const say = (message: Parameters<typeof refusal>[2]): string | undefined => {
      const reason = refusal(config, state, message);
      if (reason === undefined) state = said(config, state, message);
      return reason;
    };

    expect(say({ type: "prepare", node: 1, view: 0, value: 1 })).toBe(
      "nobody may propose that here",
    );
    expect(say({ type: "propose", node: 1, view: 0, value: 3 })).toBe("does not lead");
    expect(say({ type: "propose", node: 0, view: 0, value: 1 })).toBeUndefined();
    expect(say({ type: "prepare", node: 0, view: 0, value: 1 })).toBeUndefined();
    expect(say({ type: "commit", node: 0, view: 0, value: 1 })).toBe("not prepared");
    expect(say({ type: "prepare", node: 1, view: 0, value: 1 })).toBeUndefined();
    expect(say({ type: "commit", node: 0, view: 0, value: 1 })).toBeUndefined();
    expect(say({ type: "request", node: 0, view: 1, lock: undefined })).toBe("hides a lock");
    expect(say({ type: "request", node: 0, view: 1, lock: { view: 0, value: 1 } })).toBeUndefined();
    expect(say({ type: "commit", node: 0, view: 0, value: 1 })).toBeUndefined();
    expect(say({ type: "prepare", node: 2, view: 1, value: 3 })).toBe(
      "nobody may propose that here",
    );
    expect(findModelDefect(config, state)).toBeUndefined();
    expect(possible(config, state).length).toBeGreaterThan(0);
  });
});

describe("B2: the real engine", () => {
  test.each(SMALL_SCOPES)("says only what the model allows, and agrees: $name", async (scope) => {
    const found = await exploreEngine(scope, { engine, states: ENGINE_STATES });

    expect(found.violation).toBeUndefined();
    expect(found.states).toBe(ENGINE_STATES);
  });

  test("the same seed explores the same states", async () => {
    const [scope] = SMALL_SCOPES;
    if (scope === undefined) throw new Error("there is a scope");
    const explore = (): ReturnType<typeof exploreEngine> =>
      exploreEngine(scope, { engine, states: 150, seed: 3 });

    expect(await explore()).toEqual(await explore());
  });
});
