import type { ModelConfig } from "../model/model-state.ts";
import type { SmallScope } from "./engine-state.ts";

const EQUAL = [1, 1, 1, 1] as const;
const UNEQUAL = [3, 3, 2, 1] as const;

/** Scope of an exploration, with a name. */
export interface NamedScope extends SmallScope {
  readonly name: string;
}

/**
 * Scopes to explore, all with four nodes with stakes 1,1,1,1 or 3,3,2,1: views 0 to 3 of one
 * sequence, and views 0 to 2 of two sequences with an epoch boundary between them. There is one
 * scope for each node that has less than a third of the power throughout; this node is Byzantine.
 */
export const SMALL_SCOPES: readonly NamedScope[] = [
  ...places("stakes 1,1,1,1, views 0-3", { powers: [EQUAL], views: 4 }),
  ...places("stakes 3,3,2,1, views 0-3", { powers: [UNEQUAL], views: 4 }),
  ...places("stakes 1,1,1,1 then 3,3,2,1, views 0-2", { powers: [EQUAL, UNEQUAL], views: 3 }),
  ...places("stakes 3,3,2,1 then 1,1,1,1, views 0-2", { powers: [UNEQUAL, EQUAL], views: 3 }),
];

/**
 * Returns the configuration of the abstract model for each sequence of a scope. Default of
 * `leaders`: node 0 leads view 0, node 1 view 1, and so on.
 */
export function toModels(
  { powers, byzantine, views }: SmallScope,
  leaders: readonly number[] = Array.from({ length: views }, (_, view) => view),
): readonly ModelConfig[] {
  return powers.map((list) => ({ powers: list, byzantine, leaders }));
}

/** Returns every sequence of leaders that four nodes allow for a number of views. */
export function schedulesOf(views: number): readonly (readonly number[])[] {
  let schedules: readonly (readonly number[])[] = [[]];
  for (let view = 0; view < views; view++) {
    schedules = schedules.flatMap((before) => [0, 1, 2, 3].map((leader) => [...before, leader]));
  }
  return schedules;
}

function places(name: string, scope: Omit<SmallScope, "byzantine">): readonly NamedScope[] {
  return [0, 1, 2, 3]
    .filter((node) => scope.powers.every((powers) => isMinor(powers, node)))
    .map((byzantine) => ({ ...scope, byzantine, name: `${name}, node ${byzantine} Byzantine` }));
}

function isMinor(powers: readonly number[], node: number): boolean {
  const total = powers.reduce((sum, power) => sum + power, 0);
  return (powers[node] ?? 0) * 3 < total;
}
