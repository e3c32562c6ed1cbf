import { describe, expect, test } from "vitest";
import { findPackages, nameOfPackage, type Package, readRepository } from "../src/repository.ts";
import { findKnots, shortestCycle } from "../src/rooms/cycles.ts";
import { floorsOf, orderRooms, pointsUp } from "../src/rooms/floors.ts";
import { drawRooms } from "../src/rooms/picture.ts";
import type { RoomPlan } from "../src/rooms/plan.ts";
import { PLANS } from "../src/rooms/plans/index.ts";
import { findRoomViolations } from "../src/rooms/room-rules.ts";
import { describeViolations } from "../src/violation.ts";
import { planted } from "./planted.ts";

const packages = findPackages(readRepository());

describe("the rooms of packages and apps", () => {
  test.each(Object.entries(PLANS))("the imports of %s are those of its plan", (name, plan) => {
    expect(describeViolations(findRoomViolations(packageNamed(name), plan))).toEqual([]);
  });
});

describe("the check of the rooms", () => {
  const plan: RoomPlan = {
    engine: { holds: "steps", imports: "books state" },
    books: { holds: "votes", imports: "state" },
    state: { holds: "what a replica knows", imports: "" },
  };
  const good = {
    "index.ts": 'export { step } from "./engine/step.ts";',
    "engine/step.ts": 'import { count } from "../books/votes.ts";\nimport "./on-vote.ts";',
    "engine/on-vote.ts": 'import type { State } from "../state.ts";',
    "books/votes.ts": 'import type { State } from "../state.ts";',
    "state.ts": "",
  };
  const faults = (
    files: Readonly<Record<string, string>>,
    declared: RoomPlan = plan,
  ): readonly string[] => describeViolations(findRoomViolations(pbft(files), declared));

  test("accepts arrows of the plan, imports within a room, and the entry's", () => {
    expect(faults(good)).toEqual([]);
  });

  test("finds an arrow that points up, also of a type alone, with its line", () => {
    const files = { ...good, "state.ts": '\nimport type { Votes } from "./books/tally.ts";' };

    expect(faults({ ...files, "books/tally.ts": "" })).toEqual([
      'packages/pbft/src/state.ts:2: "state" must not import "books"; take what you need as a parameter, or move it down',
    ]);
  });

  test("finds an arrow that points down and is not in the plan", () => {
    const declared = { ...plan, engine: { holds: "steps", imports: "books" } };

    expect(faults(good, declared)).toEqual([
      'packages/pbft/src/engine/on-vote.ts:1: "engine" must not import "state"; take what you need as a parameter, or move it down',
    ]);
  });

  test("finds a room that is not in the plan, a planned one that is not there, and an idle permission", () => {
    const declared = {
      gate: { holds: "nothing yet", imports: "" },
      ...plan,
      books: { holds: "votes", imports: "" },
    };
    const files = { ...good, "books/votes.ts": "", "clock.ts": "" };

    expect(faults(files, declared)).toEqual([
      'packages/pbft/src: room "clock" is not in the plan; put its files into a room that is, or declare it',
      'packages/pbft/src: room "gate" of the plan has no file; strike it out',
    ]);
    expect(faults(files)).toContain(
      'packages/pbft/src: "books" may import "state" and does not; strike the permission out of the plan',
    );
  });

  test("finds a plan with an arrow that does not point down, though the sources obey it", () => {
    const files = { ...good, "state.ts": 'import type { Votes } from "./books/tally.ts";' };
    const declared = { ...plan, state: { holds: "what a replica knows", imports: "books" } };

    expect(faults({ ...files, "books/tally.ts": "" }, declared)).toEqual([
      'packages/pbft/src: the plan lets "state" import "books", which it does not declare further down; let arrows point down only',
    ]);
  });

  test("finds files that import each other within a room, be it for types alone", () => {
    const files = { ...good, "engine/on-vote.ts": 'import type { State } from "../state.ts";' };
    const circular = {
      ...files,
      "engine/step.ts": `${files["engine/step.ts"]}\nimport type { A } from "./a.ts";`,
      "engine/a.ts": 'import type { B } from "./b.ts";',
      "engine/b.ts": 'import type { A } from "./a.ts";\nexport type { A } from "./a.ts";',
    };

    expect(faults(circular)).toEqual([
      "packages/pbft/src/engine/a.ts: files import each other: engine/a.ts -> engine/b.ts -> engine/a.ts; move what both need into a file that both import",
    ]);
  });

  test("checks the rooms within a room like those of a package, with places of the whole package", () => {
    const files = {
      "engine/on-vote.ts": 'import "./votes/count.ts";',
      "engine/votes/count.ts": "",
      "engine/timers/start.ts": '\nimport "../votes/count.ts";',
    };
    const inner: RoomPlan = {
      "on-vote": { holds: "votes", imports: "votes" },
      timers: { holds: "timers", imports: "votes" },
      votes: { holds: "counts", imports: "" },
    };
    const outer = (rooms: RoomPlan): RoomPlan => ({
      engine: { holds: "steps", imports: "", rooms },
    });

    expect(faults(files, outer(inner))).toEqual([]);
    expect(faults(files, outer({ ...inner, timers: { holds: "timers", imports: "" } }))).toEqual([
      'packages/pbft/src/engine/timers/start.ts:2: "timers" must not import "votes"; take what you need as a parameter, or move it down',
    ]);
    expect(faults(files, outer({ ...inner, clocks: { holds: "time", imports: "" } }))).toEqual([
      'packages/pbft/src/engine: room "clocks" of the plan has no file; strike it out',
    ]);
  });

  test("finds an import of the package's entry", () => {
    const files = { ...good, "state.ts": 'import { step } from "./index.ts";' };

    expect(faults(files).join("\n")).toContain("packages/pbft/src/state.ts:1: imports index.ts");
  });
});

describe("the picture of the rooms", () => {
  const files = {
    "index.ts": 'export { step } from "./engine/step.ts";',
    "engine/step.ts": 'import "../books/votes.ts";\nimport "../books/tally.ts";',
    "engine/on-vote.ts": 'import "../books/votes.ts";',
    "books/votes.ts": 'import type { Step } from "../engine/step.ts";\nimport "../state.ts";',
    "books/tally.ts": "",
    "state.ts": "",
  };

  test("shows floors, imports by number, arrows up and cycles; without a plan few point up", () => {
    expect(drawRooms(pbft(files), undefined)).toEqual([
      "packages/pbft: undeclared, 6 files, 3 rooms on 3 floors, 3 arrows of 5 imports, 1 up of 1 import, 1 cycle of files",
      "  floor 3",
      "    engine (2 files)",
      "      -> books 3",
      "  floor 2",
      "    books (2 files)",
      "      -> UP engine 1, state 1",
      "  floor 1",
      "    state (1 file)",
      "  cycle of 2 files: books/votes.ts -> engine/step.ts -> books/votes.ts",
    ]);
  });

  test("takes the order of the plan when there is one, and says what each room holds", () => {
    const plan: RoomPlan = {
      books: { holds: "votes", imports: "engine state" },
      engine: { holds: "steps", imports: "" },
      state: { holds: "what a replica knows", imports: "" },
    };

    const lines = drawRooms(pbft(files), plan);

    expect(lines[0]).toContain("declared");
    expect(lines.slice(2, 6)).toEqual([
      "    books (2 files): votes",
      "      -> engine 1, state 1",
      "  floor 1",
      "    engine (2 files): steps",
    ]);
    expect(lines).toContain("      -> UP books 3");
  });
});

describe("the order of the rooms", () => {
  const arrows = (text: string): { from: string; to: string; count: number }[] =>
    text.split(" ").map((pair) => {
      const [from = "", to = ""] = pair.split(">");
      return { from, to, count: 1 };
    });

  test("has no arrow up when there is no cycle, and floors by the longest way down", () => {
    const down = arrows("b>a c>b d>a d>c e>a");
    const order = orderRooms(["a", "b", "c", "d", "e"], down);

    expect(down.filter((arrow) => pointsUp(order, arrow))).toEqual([]);
    expect(floorsOf(order, down).map(sorted)).toEqual([["d"], ["c"], ["b", "e"], ["a"]]);
  });

  test("turns up the weaker arrow of a cycle", () => {
    const cyclic = [
      { from: "a", to: "b", count: 1 },
      { from: "b", to: "a", count: 9 },
    ];

    expect(orderRooms(["a", "b"], cyclic)).toEqual(["b", "a"]);
  });

  test("knots are names that reach each other, and a cycle is the shortest way back", () => {
    const tangled = arrows("a>b b>c c>d d>a c>a d>e e>f f>e x>a");

    expect(findKnots(tangled)).toEqual([
      ["a", "b", "c", "d"],
      ["e", "f"],
    ]);
    expect(shortestCycle(tangled, "a")).toEqual(["a", "b", "c", "a"]);
    expect(shortestCycle(tangled, "x")).toEqual([]);
  });
});

function sorted(names: readonly string[]): readonly string[] {
  return names.toSorted((left, right) => (left < right ? -1 : 1));
}

function pbft(files: Readonly<Record<string, string>>): Package {
  const sources = Object.entries(files).map(([path, text]) => [`src/${path}`, text]);
  return planted({ folder: "packages/pbft", files: Object.fromEntries(sources) });
}

function packageNamed(name: string): Package {
  const item = packages.find(
    (each) => nameOfPackage(each) === name && !each.folder.startsWith("tooling/"),
  );
  if (item === undefined) throw new Error(`there is no package or app ${name}`);
  return item;
}
