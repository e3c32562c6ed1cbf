import type { Model } from "./model.ts";
import * as MODEL from "./model.ts";
import {
  emptyModel,
  type ModelConfig,
  type ModelLock,
  type ModelState,
  said,
} from "./model-state.ts";

/** Result of an exploration of the abstract model. */
export interface Explored {
  /** Number of reachable sets of messages. */
  readonly states: bigint;
  /**
   * Number of classes of message sets (see `exploreModelByTurns`) that were looked at one by one.
   */
  readonly classes: number;
  readonly transitions: number;
  /** Whether every reachable set was seen. */
  readonly complete: boolean;
  /** Number of messages in the largest set. */
  readonly depth: number;
  /** Final blocks that were reached, such as `s1 v0 3`: sequence 1, view 0, value (block) 3. */
  readonly decisions: readonly string[];
  readonly defect: string | undefined;
}

/**
 * States of the abstract model at each sequence of a chain. `at` is the index of the sequence that
 * each node is at.
 */
interface ChainState {
  readonly models: readonly ModelState[];
  readonly at: readonly number[];
}

/**
 * Explores every set of messages that honest nodes can send, one message after another and breadth
 * first, up to a number of states. It is kept simple in order to check `exploreModelByTurns`. A
 * state is the set of messages that were sent. So the order in which they arrive does not matter,
 * nor which are lost or repeated.
 */
export function exploreModel(
  sequences: readonly ModelConfig[],
  options: {
    readonly states: number;
    readonly model?: Model;
    /** Honest nodes that send nothing. */
    readonly silent?: readonly number[];
  },
): Explored {
  const { model = MODEL, silent = [] } = options;
  const [config] = sequences;
  const first: ChainState = {
    models: sequences.map(emptyModel),
    at: (config?.powers ?? []).map(() => 0),
  };
  const seen = new Set([keyOf(first)]);
  const decisions = new Set<string>();
  let layer: readonly ChainState[] = [first];
  const counts = { transitions: 0, depth: 0 };
  while (layer.length > 0) {
    const next: ChainState[] = [];
    for (const state of layer) {
      for (const successor of successors({ model, sequences, silent }, state)) {
        counts.transitions += 1;
        const key = keyOf(successor);
        if (seen.has(key)) continue;
        if (seen.size >= options.states) return finish(false);
        seen.add(key);
        const defect = defectOf(model, sequences, successor);
        if (defect !== undefined) return finish(false, defect);
        for (const name of decisionsOf(model, sequences, successor)) decisions.add(name);
        next.push(successor);
      }
    }
    if (next.length > 0) counts.depth += 1;
    layer = next;
  }
  return finish(true);

  function finish(complete: boolean, defect?: string): Explored {
    const names = sortNames(decisions);
    const { size } = seen;
    return { ...counts, states: BigInt(size), classes: size, complete, decisions: names, defect };
  }
}

/** Sorts names, so that results of different searches can be compared. */
export function sortNames(names: ReadonlySet<string>): readonly string[] {
  return [...names].toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

/** Names a final block by the index of its sequence, its view and its value. */
export function nameDecision(at: number, { view, value }: ModelLock): string {
  return `s${at + 1} v${view} ${value}`;
}

function successors(
  search: {
    readonly model: Model;
    readonly sequences: readonly ModelConfig[];
    readonly silent: readonly number[];
  },
  state: ChainState,
): readonly ChainState[] {
  const { model, sequences, silent } = search;
  return sequences.flatMap((config, at) => {
    const here = state.models[at];
    if (here === undefined || !state.at.includes(at)) return [];
    const talk = model
      .turnsOf(config)
      .filter(({ node }) => state.at[node] === at && !silent.includes(node))
      .flatMap((turn) => model.optionsOf(config, here, turn))
      .map((message) => ({
        ...state,
        models: state.models.with(at, said(config, here, message)),
      }));
    const decided = model.certified(config, here, "commit").length > 0;
    if (!decided || at + 1 >= sequences.length) return talk;
    const movers = [...state.at.keys()].filter(
      (node) => state.at[node] === at && node !== config.byzantine && !silent.includes(node),
    );
    return [...talk, ...movers.map((node) => ({ ...state, at: state.at.with(node, at + 1) }))];
  });
}

function defectOf(
  model: Model,
  sequences: readonly ModelConfig[],
  state: ChainState,
): string | undefined {
  for (const [at, config] of sequences.entries()) {
    const here = state.models[at];
    const defect = here === undefined ? undefined : model.findModelDefect(config, here);
    if (defect !== undefined) return `at sequence ${at + 1}: ${defect}`;
  }
  return undefined;
}

function decisionsOf(
  model: Model,
  sequences: readonly ModelConfig[],
  { models }: ChainState,
): readonly string[] {
  return sequences.flatMap((config, at) => {
    const here = models[at];
    if (here === undefined) return [];
    return model.certified(config, here, "commit").map((lock) => nameDecision(at, lock));
  });
}

function keyOf({ models, at }: ChainState): string {
  return [...models, at].map((part) => String.fromCharCode(...part)).join("");
}
