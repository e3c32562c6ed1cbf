import type { EqualityPair } from "../equalities/equality-pairs.ts";

/**
 * Log of all clauses of a search and of their origins. With it, the certificate can be limited to
 * what the empty clause needs.
 */
export interface ProofLog {
  readonly nodes: ProofNode[];
}

export interface ProofNode {
  readonly literals: readonly number[];
  readonly origin: Origin;
}

export type Origin =
  /** Clause of the problem. */
  | { readonly type: "given"; readonly index: number }
  /** Clause that a step of the certificate states; `step` is the number of the step. */
  | { readonly type: "lemma"; readonly step: number }
  /**
   * Clause which states that an equality (`pair`) follows from a chain of other equalities
   * (`path`).
   */
  | {
      readonly type: "chain";
      readonly pair: EqualityPair;
      readonly path: readonly EqualityPair[];
    }
  /** Clause that follows from others by unit propagation. */
  | { readonly type: "learned"; readonly antecedents: readonly number[] };

export function createLog(): ProofLog {
  return { nodes: [] };
}

/** Adds a clause and returns its number. The literals must not change afterwards. */
export function addNode(log: ProofLog, origin: Origin, literals: readonly number[]): number {
  log.nodes.push({ origin, literals });
  return log.nodes.length - 1;
}

/** Returns the given nodes and all those from which they follow, in ascending order. */
export function neededNodes(log: ProofLog, roots: readonly number[]): readonly number[] {
  const needed = new Set(roots);
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const origin = log.nodes[node]?.origin;
    if (origin?.type !== "learned") continue;
    for (const antecedent of origin.antecedents) {
      if (needed.has(antecedent)) continue;
      needed.add(antecedent);
      pending.push(antecedent);
    }
  }
  return [...needed].toSorted((left, right) => left - right);
}
