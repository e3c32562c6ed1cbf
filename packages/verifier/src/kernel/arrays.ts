import { fold } from "./fold.ts";
import { refuse } from "./limits.ts";
import { addNode, booleanSort, type Problem } from "./problem.ts";

/**
 * The node of `select array index`, without a `select` of what the array is made of.
 *
 * By the axioms of arrays (McCarthy, "Towards a mathematical science of computation", 1962):
 * `select (store a i v) j` is `v` if `i = j`, else `select a j`; a constant array has its value at
 * each index; and a function of an `if` is the `if` of the function's values. What remains is a
 * `select` of a symbol, of a function's result, of an element of an array of arrays, or of a fresh
 * symbol. The caller has checked that the sort of `index` is that of the array.
 */
export function readElement(problem: Problem, array: number, index: number): number {
  const known = problem.reads.get(index) ?? new Map<number, number>();
  problem.reads.set(index, known);
  return fold(array, {
    known,
    operandsOf: (id) => {
      const { operator, operands } = nodeAt(problem, id);
      // Of a store the array, of an `if` both branches.
      if (operator === "store") return operands[1] === index ? [] : operands.slice(0, 1);
      return operator === "if" ? operands.slice(1) : [];
    },
    build: (id, elements) => buildElement(problem, { id, index, elements }),
  });
}

function buildElement(
  problem: Problem,
  read: { readonly id: number; readonly index: number; readonly elements: readonly number[] },
): number {
  const { id, index } = read;
  const [then = -1, otherwise = -1] = read.elements;
  const { operator, operands, sort } = nodeAt(problem, id);
  const [first = -1, at = -1, value = -1] = operands;
  const arraySort = problem.sorts[sort];
  const element = arraySort?.type === "array" ? arraySort.element : refuse("not an array");
  const chooseNode = (condition: number, branches: readonly number[]): number =>
    addNode(problem, {
      operator: "if",
      sort: element,
      operands: [condition, ...branches],
      detail: "",
    });
  switch (operator) {
    case "store": {
      if (at === index) return value;
      const equal = { operator: "equal", sort: booleanSort, operands: [at, index] } as const;
      return chooseNode(addNode(problem, { ...equal, detail: "" }), [value, then]);
    }
    case "if":
      return chooseNode(first, [then, otherwise]);
    case "constant-array":
      return first;
    default:
      return addNode(problem, {
        operator: "select",
        sort: element,
        operands: [id, index],
        detail: "",
      });
  }
}

function nodeAt(problem: Problem, id: number): Problem["nodes"][number] {
  return problem.nodes[id] ?? refuse("an unknown node");
}
