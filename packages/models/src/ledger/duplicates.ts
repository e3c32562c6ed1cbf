import type { Problem } from "../problem.ts";

/** A value that must be the only one of its kind, as text, and where it stands. */
export interface Placed {
  readonly path: string;
  readonly value: string;
}

/** A problem for each value that stood before, which names its twin. */
export function duplicateProblems(values: readonly Placed[]): Problem[] {
  const first = new Map<string, string>();
  return values.flatMap(({ path, value }) => {
    const twin = first.get(value);
    if (twin === undefined) {
      first.set(value, path);
      return [];
    }
    const mend = `${twin} has it already; remove one`;
    return [{ path, what: `${value} is there twice`, mend, involves: [twin] }];
  });
}
