/**
 * Plan of the rooms of one package, top first. Each room states its purpose and the rooms below it
 * that it may import.
 *
 * A room is a folder of `src`, or a file beside these folders, named without `.ts`. `src/index.ts`
 * belongs to no room: it names what is public, and no room imports it.
 */
export type RoomPlan = Readonly<Record<string, Room>>;

/** Declaration of a room in a plan. */
export interface Room {
  /** Purpose of its files together, in a few words. */
  readonly holds: string;
  /**
   * Names of the rooms that this room may import, separated by spaces or line breaks. Each MUST be
   * declared below this room, and a file of this room MUST import it.
   */
  readonly imports: string;
  /** Rooms within this room, if it is large: its folders, and the files beside them. */
  readonly rooms?: RoomPlan;
}

/** Plan, with the folder to whose files it applies. */
export interface Level {
  /** Path inside `src`, with a slash at its end; empty for the whole package. */
  readonly home: string;
  readonly plan: RoomPlan;
}

/**
 * Lists the plan of a package and the plans within its rooms, each after the plan that contains it.
 */
export function levelsOf(plan: RoomPlan): readonly Level[] {
  const levels: Level[] = [{ home: "", plan }];
  for (const { home, plan: outer } of levels) {
    for (const [name, { rooms }] of Object.entries(outer)) {
      if (rooms !== undefined) levels.push({ home: `${home}${name}/`, plan: rooms });
    }
  }
  return levels;
}

/** Returns the names of the rooms that a room may import. */
export function importsOf({ imports }: Room): readonly string[] {
  return imports.split(/\s+/).filter((name) => name !== "");
}
