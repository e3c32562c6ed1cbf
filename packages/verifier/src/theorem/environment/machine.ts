import type { TypedTerm } from "../graph/typed-term.ts";
import type { Atom, Node } from "../syntax/s-expression.ts";
import type { Environment } from "./environment.ts";

/** Term with its place in the script. */
export interface Typed {
  readonly term: TypedTerm;
  readonly at: number;
}

/** Step of an elaboration. */
export type Step = () => void;

/**
 * Elaboration without recursion: steps that are planned, and a stack of finished terms. A step
 * visits a node and leaves its term, or takes terms that earlier steps left.
 */
export interface Machine {
  readonly environment: Environment;
  readonly scope: Scope;
  /** Plans steps to run next, in the order given. */
  readonly plan: (steps: readonly Step[]) => void;
  /** Returns the step that elaborates a node. */
  readonly visit: (node: Node) => Step;
  /** Pushes a finished term onto the stack. */
  readonly push: (term: TypedTerm, at: number) => void;
  /** Pops the last terms, in the order in which they were pushed. */
  readonly take: (count: number) => readonly Typed[];
}

/** Meanings of names inside binders. */
export interface Scope {
  readonly find: (name: string) => Bound | undefined;
  readonly bind: (name: Atom, bound: Bound) => void;
  readonly unbind: (name: Atom) => void;
  /** Number of variables that quantifiers around this place bind. */
  level: number;
  /** Hints of the quantifiers around this place, the innermost last. */
  readonly quantifiers: QuantifierFrame[];
}

/** Term of a name, and the number of variables that were bound where it was made. */
export interface Bound {
  readonly term: TypedTerm;
  readonly level: number;
}

/** Hints in the body of one quantifier, as they are collected. */
export interface QuantifierFrame {
  readonly patterns: (readonly TypedTerm[])[];
  readonly excluded: TypedTerm[];
  weight?: number;
}

/** Elaborates one node by a loop over steps. `visit` does a single step and never calls itself. */
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
