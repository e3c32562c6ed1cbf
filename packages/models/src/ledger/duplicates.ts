import type { Problem } from "../problem.ts";

/** Value, as text, that must be unique, with its path in the genesis. */
export interface Placed {
  readonly path: string;
  readonly value: string;
}

/**
 * Returns a problem for each value that occurs again. It refers to the path of the first
 * occurrence.
 */
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
