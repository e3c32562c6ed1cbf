import { fold } from "./fold.ts";
import { refuse, spend } from "./limits.ts";
import { addNode, booleanSort, type Problem } from "./problem.ts";

/**
 * Returns the node of `select array index`. The caller must have checked the sort of `index`.
 *
 * By McCarthy's axioms ("Towards a mathematical science of computation", 1962), `select (store a i
 * v) j` is `v` if `i = j`, otherwise `select a j`. A constant array has its value at every index. A
 * read of an `if` is the `if` of the reads. So a `select` node that remains reads a symbol, the
 * result of a function, or an array that is itself an element of an array.
 */
export function readElement(problem: Problem, array: number, index: number): number {
  const nodeOf = (id: number): Problem["nodes"][number] =>
    problem.nodes[id] ?? refuse("no such node");
  const sort = problem.sorts[nodeOf(array).sort];
  const element = sort?.type === "array" ? sort.element : refuse("not an array");
  const known = problem.reads.get(index) ?? new Map<number, number>();
  problem.reads.set(index, known);
  const arraysOf = (id: number): readonly number[] => {
    const { operator, operands } = nodeOf(id);
    if (operator === "store") return operands[1] === index ? [] : operands.slice(0, 1);
    return operator === "if" ? operands.slice(1) : [];
  };
  return fold(array, known, arraysOf, (id, elements) => {
    spend(problem.meter, 50);
    const { operator, operands } = nodeOf(id);
    const [first = -1, at = -1, value = -1] = operands;
    if (operator === "constant-array") return first;
    if (operator === "if") return addNode(problem, "if", element, [first, ...elements]);
    if (operator !== "store") return addNode(problem, "select", element, [id, index]);
    if (at === index) return value;
    const hit = addNode(problem, "equal", booleanSort, [at, index]);
    return addNode(problem, "if", element, [hit, value, ...elements]);
  });
}
