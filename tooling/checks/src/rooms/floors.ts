import { type FileGraph, roomOf } from "./graph.ts";

/**
 * Imports from one room into another. A room is a folder or file directly under `src`, see
 * `RoomPlan`.
 */
export interface RoomArrow {
  readonly from: string;
  readonly to: string;
  /** Number of pairs of files of which the first, in `from`, imports the second, in `to`. */
  readonly count: number;
}

/** Lists all rooms of a graph, sorted. */
export function roomsOf({ files }: FileGraph): readonly string[] {
  return [...new Set(files.flatMap((file) => roomOf(file) ?? []))];
}

/** Lists the arrows between different rooms, ordered by the room that imports. */
export function roomArrows({ arrows }: FileGraph): readonly RoomArrow[] {
  const counts = new Map<string, RoomArrow>();
  for (const arrow of arrows) {
    const [from, to] = [roomOf(arrow.from), roomOf(arrow.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from} ${to}`;
    counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/**
 * Orders rooms, top first, so that few imports point up. If there is an order in which none points
 * up, finds one. Otherwise the heuristic of Eades, Lin and Smyth (1993) for feedback arcs keeps
 * their number low.
 */
export function orderRooms(
  rooms: readonly string[],
  arrows: readonly RoomArrow[],
): readonly string[] {
  const [top, bottom]: [string[], string[]] = [[], []];
  let rest = rooms;
  while (rest.length > 0) {
    const left = new Set(rest);
    const open = arrows.filter(({ from, to }) => left.has(from) && left.has(to));
    const sinks = rest.filter((room) => open.every(({ from }) => from !== room));
    if (sinks.length > 0) {
      bottom.unshift(...sinks);
      rest = rest.filter((room) => !sinks.includes(room));
      continue;
    }
    const gain = (room: string): number => sum(open, "from", room) - sum(open, "to", room);
    const source = rest.find((room) => open.every(({ to }) => to !== room));
    const next = source ?? rest.reduce((best, room) => (gain(room) > gain(best) ? room : best));
    top.push(next);
    rest = rest.filter((room) => room !== next);
  }
  return [...top, ...bottom];
}

/**
 * Tells whether an arrow points up: its target is not further down in the order than its source, or
 * is not in the order.
 */
export function pointsUp(order: readonly string[], { from, to }: RoomArrow): boolean {
  return order.indexOf(to) <= order.indexOf(from);
}

/**
 * Divides ordered rooms into floors (rows of a picture), top first. Every arrow that does not point
 * up leads to a lower floor.
 */
export function floorsOf(
  order: readonly string[],
  arrows: readonly RoomArrow[],
): readonly (readonly string[])[] {
  const down = arrows.filter((arrow) => !pointsUp(order, arrow));
  const heights = new Map<string, number>();
  // From the bottom up: what a room leads down to has its height by then.
  for (const room of order.toReversed()) {
    const below = down.filter(({ from }) => from === room).map(({ to }) => heights.get(to) ?? 0);
    heights.set(room, Math.max(0, ...below.map((height) => height + 1)));
  }
  const top = Math.max(-1, ...heights.values());
  return Array.from({ length: top + 1 }, (_, floor) =>
    order.filter((room) => heights.get(room) === top - floor),
  );
}

function sum(arrows: readonly RoomArrow[], end: "from" | "to", room: string): number {
  return arrows.reduce((total, arrow) => total + (arrow[end] === room ? arrow.count : 0), 0);
}
