import type { Sort } from "./sort.ts";

/** What sort parameters stand for, by their places; a place that no sort spoke of is empty. */
export type SortArguments = (Sort | undefined)[];

/**
 * Finds what the parameters in `generic` stand for so that it becomes `sort`, and adds it to
 * `found`.
 *
 * @returns Whether there is such a choice, in agreement with what was found before.
 */
export function matchSort(generic: Sort, sort: Sort, found: SortArguments): boolean {
  // Pairs that wait: sorts are bounded in size, and so is this list.
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
