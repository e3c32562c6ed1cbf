import { demand, refuse } from "./limits.ts";

/**
 * Computes `build` for `root`, from the operands up. Does not recurse, because the depth of a term
 * is not bounded. `known` holds the results, so a shared operand is built once. Refuses a term that
 * contains itself.
 */
export function fold<Key, Result>(
  root: Key,
  known: Map<Key, Result>,
  operandsOf: (key: Key) => readonly Key[],
  build: (key: Key, operands: readonly Result[]) => Result,
): Result {
  // Keys that are open and not known lie between the root and the top of the stack.
  const open = new Map<Key, readonly Key[]>();
  const stack = [root];
  while (stack.length > 0) {
    const key = stack.at(-1) ?? root;
    const operands = open.get(key);
    if (known.has(key)) stack.pop();
    else if (operands === undefined) {
      const needed = operandsOf(key);
      open.set(key, needed);
      for (const operand of needed) {
        demand(operand !== undefined && operand !== null, "an operand is missing");
        demand(known.has(operand) || !open.has(operand), "a term or sort contains itself");
        if (!known.has(operand)) stack.push(operand);
      }
    } else {
      const results = operands.map((operand) => known.get(operand) ?? refuse("not built"));
      known.set(key, build(key, results));
      stack.pop();
    }
  }
  return known.get(root) ?? refuse("not built");
}
