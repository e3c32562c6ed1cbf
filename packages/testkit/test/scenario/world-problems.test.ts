import { describe, expect, test } from "vitest";
import { findWorldProblems } from "../../src/scenario/world-problems.ts";

describe("options of a world", () => {
  test("a sound world has no problems", () => {
    const sound = { nodeCount: 4, powers: [1, 2, 3, 4], rotation: [[0, 1, 1, 1]], twins: [3] };

    expect(findWorldProblems({ nodeCount: 1 })).toEqual([]);
    expect(findWorldProblems(sound)).toEqual([]);
  });

  test("every problem is named at once, with its numbers", () => {
    const problems = findWorldProblems({
      nodeCount: 3,
      byzantineCount: 4,
      powers: [1, 0],
      rotation: [[1], [0, 0, 0]],
      keyChanges: [{ node: 3, epoch: 1, holds: "both" }],
      escaping: [-1],
      twins: [2, 2],
      timing: { dateMs: 0.5 },
      slowBlocks: { rate: 2, judgingMs: 1 },
    });

    expect(problems).toEqual([
      "byzantineCount: 4 is more than the 3 nodes",
      "powers: 2 for 3 nodes; give one for each",
      "powers: 0 is not a whole number from 1",
      "rotation: a set has 1 powers for 3 nodes; give one for each",
      "rotation: a set has no power; give a node one above 0",
      "keyChanges: there is no node 3; there are 0 to 2",
      "escaping: there is no node -1; there are 0 to 2",
      "twins: a node is there twice",
      "timing: dateMs 0.5 is not a whole number",
      "slowBlocks: 2 and 1 ms are not a rate from 0 to 1 and a time from 0",
    ]);
    expect(findWorldProblems({ nodeCount: 0 })).toEqual([
      "nodeCount: 0 is not a whole number from 1",
    ]);
  });
});
