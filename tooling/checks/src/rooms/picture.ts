import type { Package } from "../repository.ts";
import { findKnots, shortestCycle } from "./cycles.ts";
import { floorsOf, orderRooms, pointsUp, type RoomArrow, roomArrows, roomsOf } from "./floors.ts";
import { type FileGraph, graphWithin, readFileGraph, roomOf } from "./graph.ts";
import { levelsOf, type RoomPlan } from "./plan.ts";

const COLUMNS = 100;

/**
 * Draws the rooms of a package as lines of text: floors, top first, and for each room what it
 * imports and how often. An arrow that does not lead down is marked `UP`. Cycles of files come
 * last. Without a plan, the rooms are in an order in which few arrows point up. A room that is
 * itself divided into rooms follows as a picture of its own.
 */
export function drawRooms(item: Package, plan: RoomPlan | undefined): readonly string[] {
  const graph = readFileGraph(item);
  if (plan === undefined) return drawLevel(item.folder, graph, plan);
  return levelsOf(plan).flatMap((level) =>
    drawLevel(
      level.home === "" ? item.folder : `${item.folder}/src/${level.home.slice(0, -1)}`,
      graphWithin(graph, level.home),
      level.plan,
    ),
  );
}

function drawLevel(title: string, graph: FileGraph, plan: RoomPlan | undefined): readonly string[] {
  const arrows = roomArrows(graph);
  const rooms = roomsOf(graph);
  const planned = Object.keys(plan ?? {}).filter((room) => rooms.includes(room));
  const others = rooms.filter((room) => !planned.includes(room));
  const order = [...planned, ...orderRooms(others, arrows)];
  const floors = floorsOf(order, arrows);
  const up = arrows.filter((arrow) => pointsUp(order, arrow));
  const knots = findKnots(graph.arrows);
  const summary = [
    plan === undefined ? "undeclared" : "declared",
    counted(graph.files.length, "file"),
    `${counted(rooms.length, "room")} on ${counted(floors.length, "floor")}`,
    `${counted(arrows.length, "arrow")} of ${counted(total(arrows), "import")}`,
    `${up.length} up of ${counted(total(up), "import")}`,
    `${counted(knots.length, "cycle")} of files`,
  ];
  return [
    `${title}: ${summary.join(", ")}`,
    ...floors.flatMap((names, at) => [
      `  floor ${floors.length - at}`,
      ...names.flatMap((room) => drawRoom({ room, graph, plan, arrows, order })),
    ]),
    ...knots.map((knot) => `  cycle of ${knot.length} files: ${cycleIn(graph, knot)}`),
  ];
}

function drawRoom(at: {
  readonly room: string;
  readonly graph: FileGraph;
  readonly plan: RoomPlan | undefined;
  readonly arrows: readonly RoomArrow[];
  readonly order: readonly string[];
}): readonly string[] {
  const { room, graph, plan = {}, arrows, order } = at;
  const size = graph.files.filter((file) => roomOf(file) === room).length;
  const holds = Object.hasOwn(plan, room) ? plan[room]?.holds : undefined;
  const targets = arrows
    .filter(({ from }) => from === room)
    .toSorted((left, right) => order.indexOf(left.to) - order.indexOf(right.to))
    .map((arrow) => `${pointsUp(order, arrow) ? "UP " : ""}${arrow.to} ${arrow.count}`);
  return [
    `    ${room} (${counted(size, "file")})${holds === undefined ? "" : `: ${holds}`}`,
    ...wrapped(targets, "      -> "),
  ];
}

/**
 * Joins items with commas, and breaks the text into lines. Lines after the first are indented like
 * `start`.
 */
function wrapped(items: readonly string[], start: string): readonly string[] {
  const lines: string[] = [];
  let line = start;
  items.forEach((item, at) => {
    const text = at < items.length - 1 ? `${item}, ` : item;
    if (line.trim() !== "" && line !== start && line.length + text.trimEnd().length > COLUMNS) {
      lines.push(line.trimEnd());
      line = " ".repeat(start.length);
    }
    line += text;
  });
  return items.length === 0 ? [] : [...lines, line];
}

function cycleIn({ arrows }: FileGraph, [first = ""]: readonly string[]): string {
  return shortestCycle(arrows, first).join(" -> ");
}

function total(arrows: readonly RoomArrow[]): number {
  return arrows.reduce((sum, { count }) => sum + count, 0);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
