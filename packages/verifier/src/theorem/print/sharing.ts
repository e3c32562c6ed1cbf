import { childrenOf, type TypedTerm } from "../graph/typed-term.ts";

/**
 * Part of an assertion in which `let` can name terms: the whole assertion, or the body of a
 * quantifier.
 */
export interface PrintScope {
  readonly root: TypedTerm;
  /** Number of variables that are bound outside the scope. 0 for a whole assertion. */
  readonly from: number;
  /** Sum of `from` and the number of variables that the scope's own quantifier binds. */
  readonly to: number;
}

/**
 * Finds the terms that occur more than once in a scope and are to be named there. Returns them in
 * layers: a term contains only named terms of earlier layers.
 *
 * A term belongs to the scope that binds its innermost free variable. A term without free variables
 * belongs to the assertion. `spend` counts the terms that are visited.
 */
export function sharedTerms(
  scope: PrintScope,
  spend: (steps: number) => void,
): readonly (readonly TypedTerm[])[] {
  const uses = countUses(scope, spend);
  const layerOf = new Map<TypedTerm, number>();
  const found: { readonly term: TypedTerm; readonly layer: number }[] = [];
  // Operands have smaller numbers, so they come first.
  const inOrder = [...uses.keys()].sort((left, right) => left.id - right.id);
  for (const term of inOrder) {
    let layer = 0;
    for (const child of childrenOf(term)) layer = Math.max(layer, layerOf.get(child) ?? 0);
    const shared = (uses.get(term) ?? 0) > 1 && term.operands.length > 0 && belongsTo(scope, term);
    if (shared) found.push({ term, layer });
    layerOf.set(term, shared ? layer + 1 : layer);
  }
  // Ids follow the order of the script; places in the term do not depend on it.
  const places = new Map([...uses.keys()].map((term, place) => [term, place]));
  const placeOf = (term: TypedTerm): number => places.get(term) ?? 0;
  found.sort((left, right) => placeOf(left.term) - placeOf(right.term));
  const layers: TypedTerm[][] = [];
  for (const { term, layer } of found) {
    const members = layers[layer] ?? [];
    members.push(term);
    layers[layer] = members;
  }
  return layers;
}

function belongsTo({ from, to }: PrintScope, { open }: TypedTerm): boolean {
  return to === 0 ? open === 0 : open > from && open <= to;
}

/**
 * Counts how often each term occurs in a scope. Terms that belong to an outer scope are left out.
 */
function countUses(
  { root, from, to }: PrintScope,
  spend: (steps: number) => void,
): ReadonlyMap<TypedTerm, number> {
  const uses = new Map<TypedTerm, number>([[root, 1]]);
  const stack: TypedTerm[] = [root];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    const children = childrenOf(term);
    spend(1 + children.length);
    for (const child of children) {
      if (to > 0 && child.open <= from) continue;
      const known = uses.get(child);
      uses.set(child, (known ?? 0) + 1);
      if (known === undefined) stack.push(child);
    }
  }
  return uses;
}
