import type { Problem } from "../problem.ts";

/** Value, as text, that must be unique, with its path. */
export interface Placed {
  readonly path: string;
  readonly value: string;
}

/** Finds repeated values; each problem names the path of the first one. */
export function duplicateProblems(values: readonly Placed[]): Problem[] {
  const first = new Map<string, string>();
  return values.flatMap(({ path, value }) => {
    const twin = first.get(value);
    if (twin === undefined) {
      first.set(value, path);
      return [];
    }
    const repair = `${twin} has it already; remove one`;
    return [{ path, what: `${value} is there twice`, repair, involves: [twin] }];
  });
}
