import type { Sort } from "./sort.ts";

/**
 * Arguments of sort parameters, by index. Undefined where no sort has determined the argument yet.
 */
export type SortArguments = (Sort | undefined)[];

/**
 * Finds arguments for the parameters in `generic` that make it equal to `sort`, and adds them to
 * `found`.
 *
 * @returns Whether there are such arguments that agree with those already in `found`.
 */
export function matchSort(generic: Sort, sort: Sort, found: SortArguments): boolean {
  // Pairs to compare; sorts are bounded in size, and so is this list.
  const pending: [Sort, Sort][] = [[generic, sort]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [left, right] = pair;
    if (!left.generic) {
      if (left !== right) return false;
    } else if (left.type === "parameter") {
      const known = found[left.index];
      if (known !== undefined && known !== right) return false;
      found[left.index] = right;
    } else if (left.type === "array") {
      if (right.type !== "array") return false;
      pending.push([left.index, right.index], [left.element, right.element]);
    } else if (left.type === "declared") {
      if (right.type !== "declared" || right.symbol !== left.symbol) return false;
      left.operands.forEach((operand, index) => {
        const other = right.operands[index];
        if (other !== undefined) pending.push([operand, other]);
      });
    }
  }
  return true;
}
