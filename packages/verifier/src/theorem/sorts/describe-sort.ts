import type { Sort } from "./sort.ts";
import { type SortNames, writeSort } from "./write-sort.ts";

const SHOWN_MAX = 80;

/** Writes a sort as the script would, for messages. Cuts the text after 80 characters. */
export function describeSort(sort: Sort): string {
  const text = writeSort(sort, ownNames);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}...`;
}

const ownNames: SortNames = {
  declared: ({ symbol, operands }) =>
    operands.length === 0
      ? symbol.name
      : `(${symbol.name} ${operands.map((operand) => writeSort(operand, ownNames)).join(" ")})`,
  parameter: (index) => `parameter ${index + 1}`,
};
