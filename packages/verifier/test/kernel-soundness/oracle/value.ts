import type { Sort } from "../../../src/term.ts";
import type { RealNumber } from "./real-number.ts";

/** Whatever a term can be. */
export type Value = bigint | boolean | RealNumber | BitsValue | ElementValue | ArrayValue;

export interface BitsValue {
  readonly type: "bits";
  readonly width: number;
  readonly value: bigint;
}

/** An element of an uninterpreted sort. */
export interface ElementValue {
  readonly type: "element";
  readonly sort: string;
  readonly index: number;
}

/** A function from values to values that is `otherwise` nearly everywhere. */
export interface ArrayValue {
  readonly type: "array";
  readonly index: Sort;
  /** By the key of the index; none is `otherwise`, unless every index is listed. */
  readonly entries: ReadonlyMap<string, Value>;
  readonly otherwise: Value;
  /** Equal for equal functions. */
  readonly key: string;
}

/** Number of elements of each uninterpreted sort. */
export type Sizes = (sort: string) => number;

/** Index sorts with at most so many values have their arrays written out. */
const WRITTEN_OUT = 16;

/** Text that two values share exactly if they are equal. */
export function keyOf(value: Value): string {
  if (typeof value !== "object") return `${value}`;
  switch (value.type) {
    case "real":
      return `${value.a}+${value.b}r/${value.d}`;
    case "bits":
      return `${value.value}#${value.width}`;
    case "element":
      return `${value.sort}!${value.index}`;
    case "array":
      return value.key;
  }
}

/**
 * An array in the one form that its function has. Two stores that cover all of a small index sort
 * leave nothing of the array beneath, so there `otherwise` must not count.
 */
export function arrayValue(
  index: Sort,
  entries: ReadonlyMap<string, Value>,
  otherwise: Value,
  sizes: Sizes,
): ArrayValue {
  const domain = valuesOf(index, sizes);
  const written = new Map<string, Value>();
  if (domain !== undefined) {
    for (const one of domain) written.set(keyOf(one), entries.get(keyOf(one)) ?? otherwise);
  } else {
    const other = keyOf(otherwise);
    for (const one of [...entries.keys()].sort(byText)) {
      const value = entries.get(one);
      if (value !== undefined && keyOf(value) !== other) written.set(one, value);
    }
  }
  const rest = domain?.length === undefined ? otherwise : ([...written.values()][0] ?? otherwise);
  const parts = [...written].map(([key, value]) => `${key}:${keyOf(value)}`);
  return {
    type: "array",
    index,
    entries: written,
    otherwise: rest,
    key: `[${parts.join()};${keyOf(rest)}]`,
  };
}

/** All values of a sort, or undefined where they are many. */
export function valuesOf(sort: Sort, sizes: Sizes): readonly Value[] | undefined {
  if (sort === "boolean") return [false, true];
  if (typeof sort === "string") return undefined;
  if (sort.type === "uninterpreted") {
    return Array.from({ length: sizes(sort.name) }, (_, index) => ({
      type: "element",
      sort: sort.name,
      index,
    }));
  }
  if (sort.type === "bits") {
    if (2 ** sort.width > WRITTEN_OUT) return undefined;
    const { width } = sort;
    return Array.from({ length: 2 ** width }, (_, value) => ({
      type: "bits",
      width,
      value: BigInt(value),
    }));
  }
  return arraysOf(sort, sizes);
}

function arraysOf(
  sort: Extract<Sort, { type: "array" }>,
  sizes: Sizes,
): readonly Value[] | undefined {
  const indices = valuesOf(sort.index, sizes);
  const elements = valuesOf(sort.element, sizes);
  if (indices === undefined || elements === undefined) return undefined;
  if (elements.length ** indices.length > WRITTEN_OUT) return undefined;
  let tables: readonly ReadonlyMap<string, Value>[] = [new Map()];
  for (const index of indices) {
    tables = tables.flatMap((table) =>
      elements.map((element) => new Map(table).set(keyOf(index), element)),
    );
  }
  const [first] = elements;
  if (first === undefined) return undefined;
  return tables.map((table) => arrayValue(sort.index, table, first, sizes));
}

function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
