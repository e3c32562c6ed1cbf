import { createConfig, leaderOf, recover, step } from "@aethel/pbft";
import { describe, expect, test } from "vitest";
import { exploreEngine, SMALL_SCOPES } from "../../src/index.ts";

const engine = { step, recover, createConfig, leaderOf };
/** States in each scope here; `npm run sim -- explore` looks at more. */
const ENGINE_STATES = 400;

describe("B2: the real engine", () => {
  test.each(SMALL_SCOPES)(
    "says only what the model allows, agrees, and goes on without faults: $name",
    async (scope) => {
      const found = await exploreEngine(scope, { engine, states: ENGINE_STATES, recoverEvery: 8 });

      expect(found.violation).toBeUndefined();
      expect(found.states).toBe(ENGINE_STATES);
      // At most two turns in a row are the silent node's, or of the view that was left. Each state
      // has five continuations: old mail lost or late, and an honest node that restarts.
      expect(found.recovered).toBe(250);
      expect(found.viewsMost).toBeGreaterThan(0);
      expect(found.viewsMost).toBeLessThanOrEqual(3);
    },
  );

  test("the same seed explores the same states", async () => {
    const [scope] = SMALL_SCOPES;
    if (scope === undefined) throw new Error("there is a scope");
    const explore = (): ReturnType<typeof exploreEngine> =>
      exploreEngine(scope, { engine, states: 150, seed: 3, recoverEvery: 10 });

    expect(await explore()).toEqual(await explore());
  });
});
