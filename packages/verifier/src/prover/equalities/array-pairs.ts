/** Pairs of arrays whose equality matters, and the indexes at which they may differ. */
export interface ArrayPairs {
  /** Pairs of array nodes whose equality matters, under the key `left right`. */
  readonly pairs: Map<string, readonly [number, number]>;
  /** Nodes that are used as array indexes, by sort. */
  readonly indexes: Map<number, Set<number>>;
  readonly done: Set<string>;
  nodesTaken: number;
}

export function createArrayPairs(): ArrayPairs {
  return { pairs: new Map(), indexes: new Map(), done: new Set(), nodesTaken: 0 };
}
