/** Arrays whose equality matters, and the indexes at which they may differ. */
export interface ArrayPairs {
  /** Pairs of nodes whose equality matters, each as `left right`. */
  readonly pairs: Map<string, readonly [number, number]>;
  /** Nodes that index arrays, by the sort of the index. */
  readonly indexes: Map<number, Set<number>>;
  readonly done: Set<string>;
  nodesTaken: number;
}

export function createArrayPairs(): ArrayPairs {
  return { pairs: new Map(), indexes: new Map(), done: new Set(), nodesTaken: 0 };
}
