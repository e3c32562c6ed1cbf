import type { Term } from "../../term.ts";
import { operandsOf } from "../../term-operands.ts";

/**
 * Names of all symbols in a term (`symbols`), and of those that are the index of an array read in
 * the term (`reads`).
 */
export interface Mentions {
  readonly symbols: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
}

/** Creates a function that collects the names in a term. It remembers the result of each term. */
export function createMentions(): (term: Term) => Mentions {
  const known = new Map<Term, Mentions>();
  return (term) => {
    const found = known.get(term) ?? mentionsOf(term);
    known.set(term, found);
    return found;
  };
}

function mentionsOf(root: Term): Mentions {
  const symbols = new Set<string>();
  const reads = new Set<string>();
  const seen = new Set<Term>();
  const open: Term[] = [root];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    if (seen.has(term)) continue;
    seen.add(term);
    if (term.type === "symbol") symbols.add(term.name);
    if (term.type === "select" && term.index.type === "symbol") reads.add(term.index.name);
    open.push(...operandsOf(term));
  }
  return { symbols, reads };
}
