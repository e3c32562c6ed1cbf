import type { TypedTerm } from "../graph/typed-term.ts";
import type { Atom, Node } from "../syntax/s-expression.ts";
import type { Environment } from "./environment.ts";

/** Term with its offset in the script. */
export interface Typed {
  readonly term: TypedTerm;
  readonly at: number;
}

/** Step of an elaboration. */
export type Step = () => void;

/**
 * Elaboration without recursion: a stack of planned steps, and a stack of finished terms. A step
 * either visits a node and pushes its term, or pops terms that earlier steps pushed.
 */
export interface Machine {
  readonly environment: Environment;
  readonly scope: Scope;
  /** Plans steps to run next, in the given order, before all steps planned earlier. */
  readonly plan: (steps: readonly Step[]) => void;
  /** Returns the step that elaborates a node. */
  readonly visit: (node: Node) => Step;
  /** Pushes a finished term onto the stack. */
  readonly push: (term: TypedTerm, at: number) => void;
  /** Pops the last `count` terms, and returns them in the order in which they were pushed. */
  readonly take: (count: number) => readonly Typed[];
}

/** Names that binders bind at the current place. */
export interface Scope {
  readonly find: (name: string) => Bound | undefined;
  readonly bind: (name: Atom, bound: Bound) => void;
  readonly unbind: (name: Atom) => void;
  /** Number of variables that the quantifiers around the current place bind. */
  level: number;
  /** Hints of the quantifiers around the current place, the innermost last. */
  readonly quantifiers: QuantifierFrame[];
}

/**
 * Term to which a name is bound, and the number of variables that were in scope where the term was
 * made.
 */
export interface Bound {
  readonly term: TypedTerm;
  readonly level: number;
}

/** Hints collected so far in the body of one quantifier. */
export interface QuantifierFrame {
  readonly patterns: (readonly TypedTerm[])[];
  readonly excluded: TypedTerm[];
  weight?: number;
}

/**
 * Elaborates one node by a loop over steps. `visit` handles a single node and never calls itself.
 */
export function runMachine(
  environment: Environment,
  root: Node,
  visit: (machine: Machine, node: Node) => void,
  parameters: readonly { readonly name: Atom; readonly term: TypedTerm }[] = [],
): TypedTerm {
  const steps: Step[] = [];
  const values: Typed[] = [];
  const machine: Machine = {
    environment,
    scope: createScope(),
    plan: (planned) => {
      for (let at = planned.length - 1; at >= 0; at--) {
        const step = planned[at];
        if (step !== undefined) steps.push(step);
      }
    },
    visit: (node) => () => visit(machine, node),
    push: (term, at) => values.push({ term, at }),
    take: (count) => values.splice(values.length - count, count),
  };
  for (const { name, term } of parameters) machine.scope.bind(name, { term, level: 0 });
  machine.plan([machine.visit(root)]);
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) step();
  const [result] = machine.take(1);
  if (result === undefined) throw new Error("invariant broken: elaboration left no term");
  return result.term;
}

function createScope(): Scope {
  const names = new Map<string, Bound[]>();
  return {
    level: 0,
    quantifiers: [],
    find: (name) => names.get(name)?.at(-1),
    bind: (name, bound) => {
      const bounds = names.get(name.text);
      if (bounds === undefined) names.set(name.text, [bound]);
      else bounds.push(bound);
    },
    unbind: (name) => {
      names.get(name.text)?.pop();
    },
  };
}
