import { require } from "./limits.ts";

/**
 * The result of `build` for `root`, each operand before what uses it, without recursion: the
 * depth of a term is bounded by nothing. Results are remembered in `known`, so what is shared is
 * built once. Refuses what contains itself.
 */
export function fold<Key, Result>(
  root: Key,
  options: {
    readonly known: Map<Key, Result>;
    readonly operandsOf: (key: Key) => readonly Key[];
    readonly build: (key: Key, operands: readonly Result[]) => Result;
  },
): Result {
  const { known, operandsOf, build } = options;
  const done = known.get(root);
  if (done !== undefined) return done;
  // What is open lies on the way from the root to the top of the stack.
  const open = new Map<Key, readonly Key[]>();
  const stack: Key[] = [root];
  for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
    const operands = open.get(key);
    if (known.has(key)) {
      stack.pop();
    } else if (operands === undefined) {
      const needed = operandsOf(key);
      open.set(key, needed);
      for (const operand of needed) {
        require(!open.has(operand) || known.has(operand), "a term or sort contains itself");
        if (!known.has(operand)) stack.push(operand);
      }
    } else {
      const results = operands.map((operand) => known.get(operand));
      known.set(
        key,
        build(
          key,
          results.filter((result) => result !== undefined),
        ),
      );
      stack.pop();
    }
  }
  const result = known.get(root);
  require(result !== undefined, "a term has no value");
  return result;
}
