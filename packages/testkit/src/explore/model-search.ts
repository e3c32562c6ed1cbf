import {
  certified,
  emptyModel,
  findModelDefect,
  type ModelConfig,
  type ModelState,
  mirrored,
  possible,
  said,
} from "./model.ts";

/** What an exploration has seen. */
export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Whether every reachable state was seen. */
  readonly complete: boolean;
  /** Messages said in the longest run that was looked at. */
  readonly depth: number;
  readonly defect: string | undefined;
}

/** A chain of sequences: of each its model; `at` says which one each node has in hand. */
interface ChainState {
  readonly models: readonly ModelState[];
  readonly at: readonly number[];
}

/**
 * Looks at every state that honest nodes can bring about, breadth first, up to a bound of states. A
 * state is a set of messages, so all orders of delivery, losses and repetitions of one set are one
 * state; states that differ in the names of the Byzantine node's two blocks are one as well.
 */
export function exploreModel(
  sequences: readonly ModelConfig[],
  bound: { readonly states: number },
): Explored {
  const [config] = sequences;
  const first: ChainState = {
    models: sequences.map(emptyModel),
    at: (config?.powers ?? []).map(() => 0),
  };
  const seen = new Set([keyOf(sequences, first)]);
  let layer: readonly ChainState[] = [first];
  let transitions = 0;
  let depth = 0;
  while (layer.length > 0) {
    const next: ChainState[] = [];
    for (const state of layer) {
      for (const successor of successors(sequences, state)) {
        transitions += 1;
        const key = keyOf(sequences, successor);
        if (seen.has(key)) continue;
        if (seen.size >= bound.states) {
          return { states: seen.size, transitions, complete: false, depth, defect: undefined };
        }
        seen.add(key);
        const defect = defectOf(sequences, successor);
        if (defect !== undefined) {
          return { states: seen.size, transitions, complete: false, depth: depth + 1, defect };
        }
        next.push(successor);
      }
    }
    if (next.length > 0) depth += 1;
    layer = next;
  }
  return { states: seen.size, transitions, complete: true, depth, defect: undefined };
}

function successors(sequences: readonly ModelConfig[], state: ChainState): readonly ChainState[] {
  return sequences.flatMap((config, at) => {
    const model = state.models[at];
    if (model === undefined || !state.at.includes(at)) return [];
    const talk = possible(config, model)
      .filter(({ node }) => state.at[node] === at)
      .map((message) => ({
        ...state,
        models: state.models.with(at, said(config, model, message)),
      }));
    const decided = certified(config, model, "commit").length > 0;
    if (!decided || at + 1 >= sequences.length) return talk;
    const movers = [...state.at.keys()].filter(
      (node) => state.at[node] === at && node !== config.byzantine,
    );
    return [...talk, ...movers.map((node) => ({ ...state, at: state.at.with(node, at + 1) }))];
  });
}

function defectOf(sequences: readonly ModelConfig[], state: ChainState): string | undefined {
  for (const [at, config] of sequences.entries()) {
    const model = state.models[at];
    const defect = model === undefined ? undefined : findModelDefect(config, model);
    if (defect !== undefined) return `at sequence ${at + 1}: ${defect}`;
  }
  return undefined;
}

function keyOf(sequences: readonly ModelConfig[], state: ChainState): string {
  const parts = sequences.map((config, at) => {
    const model = state.models[at] ?? emptyModel(config);
    const [one, other] = [
      String.fromCharCode(...model),
      String.fromCharCode(...mirrored(config, model)),
    ];
    return one < other ? one : other;
  });
  return `${parts.join("")}${String.fromCharCode(...state.at)}`;
}
