import type { Package } from "../repository.ts";
import type { Violation } from "../violation.ts";
import { findKnots, shortestCycle } from "./cycles.ts";
import { roomsOf } from "./floors.ts";
import {
  ENTRY,
  type FileArrow,
  type FileGraph,
  graphWithin,
  readFileGraph,
  roomOf,
} from "./graph.ts";
import { importsOf, levelsOf, type RoomPlan } from "./plan.ts";

/** Finds differences between a package's sources and its plan, and files that import each other. */
export function findRoomViolations(item: Package, plan: RoomPlan): readonly Violation[] {
  const graph = readFileGraph(item);
  const levels = levelsOf(plan).map((level) => ({
    folder: `${item.folder}/src${level.home === "" ? "" : `/${level.home.slice(0, -1)}`}`,
    graph: graphWithin(graph, level.home),
    plan: level.plan,
  }));
  return [
    ...levels.flatMap((place) => [
      ...findPlanFaults(place),
      ...findStrangers(place),
      ...findIdlePermissions(place),
      ...place.graph.arrows.flatMap((arrow) => findWrongArrow(place, arrow)),
    ]),
    ...findFileCycles(item, graph),
  ];
}

/** One level of a plan, with the files to which it applies. */
interface Place {
  readonly folder: string;
  readonly graph: FileGraph;
  readonly plan: RoomPlan;
}

/**
 * Finds faults in the plan itself: a room that may import a room which is not declared further
 * down.
 */
function findPlanFaults({ folder, plan }: Place): readonly Violation[] {
  const order = Object.keys(plan);
  return Object.entries(plan).flatMap(([name, room]) =>
    importsOf(room)
      .filter((target) => order.indexOf(target) <= order.indexOf(name))
      .map((target) => ({
        file: folder,
        rule: `the plan lets "${name}" import "${target}", which it does not declare further down`,
        mend: "let arrows point down only",
      })),
  );
}

/** Finds rooms that are not in the plan, and rooms of the plan that have no file. */
function findStrangers({ folder: file, graph, plan }: Place): readonly Violation[] {
  const rooms = roomsOf(graph);
  return [
    ...rooms
      .filter((room) => !Object.hasOwn(plan, room))
      .map((room) => ({
        file,
        rule: `room "${room}" is not in the plan`,
        mend: "put its files into a room that is, or declare it",
      })),
    ...Object.keys(plan)
      .filter((room) => !rooms.includes(room))
      .map((room) => ({
        file,
        rule: `room "${room}" of the plan has no file`,
        mend: "strike it out",
      })),
  ];
}

/**
 * Finds rooms that a room may import but does not. The plan would show imports that do not exist.
 */
function findIdlePermissions({ folder, graph, plan }: Place): readonly Violation[] {
  const used = new Set(graph.arrows.map(({ from, to }) => `${roomOf(from)} ${roomOf(to)}`));
  return Object.entries(plan).flatMap(([name, room]) =>
    importsOf(room)
      .filter((target) => !used.has(`${name} ${target}`))
      .map((target) => ({
        file: folder,
        rule: `"${name}" may import "${target}" and does not`,
        mend: "strike the permission out of the plan",
      })),
  );
}

function findWrongArrow(
  { folder, plan }: Place,
  { from, to, line }: FileArrow,
): readonly Violation[] {
  const [home, target] = [roomOf(from), roomOf(to)];
  const file = `${folder}/${from}`;
  if (home === undefined || home === target) return [];
  if (target === undefined) {
    return [{ file, line, rule: `imports ${ENTRY}`, mend: "import the file that defines it" }];
  }
  const room = Object.hasOwn(plan, home) ? plan[home] : undefined;
  if (room === undefined || importsOf(room).includes(target)) return [];
  return [
    {
      file,
      line,
      rule: `"${home}" must not import "${target}"`,
      mend: "take what you need as a parameter, or move it down",
    },
  ];
}

function findFileCycles({ folder }: Package, { arrows }: FileGraph): readonly Violation[] {
  return findKnots(arrows).map(([first = ""]) => ({
    file: `${folder}/src/${first}`,
    rule: `files import each other: ${shortestCycle(arrows, first).join(" -> ")}`,
    mend: "move what both need into a file that both import",
  }));
}
