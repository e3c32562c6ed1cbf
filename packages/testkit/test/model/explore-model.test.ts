import { describe, expect, test } from "vitest";
import {
  type Explored,
  exploreModel,
  exploreModelByTurns,
  SMALL_SCOPES,
  toModels,
} from "../../src/index.ts";
import { findModelDefect, possible, refusal } from "../../src/model/model.ts";
import { emptyModel, type ModelConfig, said } from "../../src/model/model-state.ts";
import { loadModel, WRONG_MODELS } from "./explore-wrong-models.ts";

const EQUAL = [1, 1, 1, 1];
const UNEQUAL = [3, 3, 2, 1];
const CLASSES = 1_000_000;

describe("B2: the abstract model, wholly", () => {
  test.each(SMALL_SCOPES)("$name: no two blocks are final, no lock is passed by", (scope) => {
    const found = exploreModelByTurns(toModels(scope), { classes: CLASSES });

    expect(found).toMatchObject({ complete: true, defect: undefined });
    expect(found.decisions.length).toBeGreaterThan(10);
    expect(found.states).toBeGreaterThan(60_000_000n);
  });

  test("a Byzantine node with two thirds of the power breaks it: the invariants can fail", () => {
    const weak = [{ powers: [1, 1, 1, 6], byzantine: 3, leaders: [3, 0] }];
    const defect = /agreement|two blocks are prepared/;

    expect(exploreModel(weak, { states: 100_000 }).defect).toMatch(defect);
    expect(exploreModelByTurns(weak, { classes: CLASSES }).defect).toMatch(defect);
  });

  test("a bound of classes ends the search, which says so", () => {
    const sequences = [{ powers: EQUAL, byzantine: 0, leaders: [0, 1] }];

    expect(exploreModelByTurns(sequences, { classes: 100 })).toMatchObject({ complete: false });
  });

  test("a message that honest nodes must not send is refused by name", () => {
    const config = { powers: EQUAL, byzantine: 3, leaders: [0, 1] };
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

/**
 * Scopes small enough for a search one state at a time; a silent node makes three views small
 * enough.
 */
const COMPARED: readonly {
  readonly name: string;
  readonly sequences: readonly ModelConfig[];
  readonly silent?: readonly number[];
}[] = [
  ...[0, 1, 2, 3].map((byzantine) => ({
    name: `stakes 1,1,1,1, views 0-1, node ${byzantine} Byzantine`,
    sequences: [{ powers: EQUAL, byzantine, leaders: [0, 1] }],
  })),
  ...[2, 3].map((byzantine) => ({
    name: `stakes 3,3,2,1, views 0-1, node ${byzantine} Byzantine`,
    sequences: [{ powers: UNEQUAL, byzantine, leaders: [2, 3] }],
  })),
  ...[0, 1, 2, 3].map((byzantine) => ({
    name: `stakes 1,1,1,1, views 0-2, node ${byzantine} Byzantine, another silent`,
    sequences: [{ powers: EQUAL, byzantine, leaders: [0, 1, 2] }],
    silent: [3 - byzantine],
  })),
  ...[
    [EQUAL, UNEQUAL],
    [UNEQUAL, EQUAL],
  ].flatMap((sets) =>
    [0, 2].map((leader) => ({
      name: `an epoch boundary from ${sets.join(" to ")}, ${leader} leads, node 2 Byzantine`,
      sequences: sets.map((powers) => ({ powers, byzantine: 2, leaders: [leader] })),
    })),
  ),
];

describe("the search by turns leaves nothing out", () => {
  test.each(COMPARED)("$name: as many sets, as large, as one by one", ({ sequences, silent }) => {
    const one = exploreModel(sequences, { states: 100_000, silent: silent ?? [] });
    const turns = exploreModelByTurns(sequences, { classes: CLASSES, silent: silent ?? [] });

    expect(one.complete).toBe(true);
    expect(outcomeOf(turns)).toEqual(outcomeOf(one));
    expect(turns.transitions).toBeLessThan(one.transitions);
  });

  test.each(WRONG_MODELS)("both find out when $name", async (wrong) => {
    const model = await loadModel(wrong.edits);
    const { views = 2, defect, byTurns = defect } = wrong;
    const sequences = [{ powers: EQUAL, byzantine: 0, leaders: [0, 1, 2].slice(0, views) }];
    const silent = views === 3 ? [3] : [];

    expect(exploreModel(sequences, { states: 100_000, model, silent }).defect).toMatch(defect);
    expect(exploreModelByTurns(sequences, { classes: CLASSES, model, silent }).defect).toMatch(
      byTurns,
    );
  });

  test("a change to the model that fits nowhere is refused, and names its text", async () => {
    const edit = { find: "there is no such line", replace: "" };

    await expect(loadModel([edit])).rejects.toThrow('"there is no such line" is 0 times');
  });
});

function outcomeOf({ states, depth, decisions, complete, defect }: Explored): object {
  return { states, depth, decisions, complete, defect };
}
