/**
 * Pairs of arrays that the search compares for equality, and the nodes that are indexes, at which
 * two arrays may differ.
 */
export interface ArrayPairs {
  /** Pairs of array nodes that are compared for equality, under the key `left right`. */
  readonly pairs: Map<string, readonly [number, number]>;
  /** Nodes that are used as array indexes, by sort. */
  readonly indexes: Map<number, Set<number>>;
  readonly done: Set<string>;
  nodesTaken: number;
}

export function createArrayPairs(): ArrayPairs {
  return { pairs: new Map(), indexes: new Map(), done: new Set(), nodesTaken: 0 };
}
