/**
 * Rooms of one package, top first: to each its purpose and the rooms below that it may import.
 *
 * A room is a folder of `src`, or a file that lies beside these folders, by its name without `.ts`.
 * `src/index.ts` belongs to no room: it names what is public, and no room imports it.
 */
export type RoomPlan = Readonly<Record<string, Room>>;

/** A room as it is declared. */
export interface Room {
  /** Purpose of its files together, in a few words. */
  readonly holds: string;
  /**
   * Names, with spaces or line breaks between them. Each is declared below this room, and something
   * in this room does import it.
   */
  readonly imports: string;
  /** Rooms of the folder itself, when it is large: folders in it, and files beside these. */
  readonly rooms?: RoomPlan;
}

/** A plan with the folder whose files it arranges. */
export interface Level {
  /** Path inside `src`: empty for the whole package, else it ends with a slash. */
  readonly home: string;
  readonly plan: RoomPlan;
}

/** The plan of a package, then those of its rooms, each after the one that holds it. */
export function levelsOf(plan: RoomPlan): readonly Level[] {
  const levels: Level[] = [{ home: "", plan }];
  for (const { home, plan: outer } of levels) {
    for (const [name, { rooms }] of Object.entries(outer)) {
      if (rooms !== undefined) levels.push({ home: `${home}${name}/`, plan: rooms });
    }
  }
  return levels;
}

/** The names of the rooms that a room may import. */
export function importsOf({ imports }: Room): readonly string[] {
  return imports.split(/\s+/).filter((name) => name !== "");
}
