import type { Model, ModelTurn } from "./model.ts";
import * as MODEL from "./model.ts";
import { type Explored, nameDecision, sortNames } from "./model-search.ts";
import {
  emptyModel,
  type ModelConfig,
  type ModelLock,
  type ModelState,
  said,
  saidIn,
  votesIn,
} from "./model-state.ts";

/**
 * Class of message sets that no later turn (one kind of message of one node in one view) can tell
 * apart.
 */
interface Class {
  /** One message set of the class, which stands for all of them. */
  readonly state: ModelState;
  /** Number of message sets in the class. */
  readonly count: bigint;
  /**
   * Number of messages in the largest set of the class, including messages of earlier sequences.
   */
  readonly longest: number;
}

/** Honest nodes that have moved on to a sequence, and the number of message sets that led there. */
interface Entry extends Omit<Class, "state"> {
  readonly speakers: readonly number[];
}

/**
 * Explores every set of messages that honest nodes can send, turn after turn in the order of
 * `turnsOf`.
 *
 * Any run can be put into that order. A message depends only on messages of earlier turns. It
 * forbids only messages of its own node in earlier views; the search checks this on the way. The
 * reordered run ends in the same set, and a defect of a set remains when messages are added, so no
 * defect is missed.
 *
 * After each turn, sets are merged that differ only in what no later turn reads. What later turns
 * read is the certificates, the lock of each node, and the part of the current view that its other
 * turns need. The search counts the merged sets: `states` equals the number that `exploreModel`
 * counts one by one.
 */
export function exploreModelByTurns(
  sequences: readonly ModelConfig[],
  options: {
    /** Number of classes of message sets after which the search gives up. */
    readonly classes: number;
    readonly model?: Model;
    /** Honest nodes that send nothing. */
    readonly silent?: readonly number[];
  },
): Explored {
  const { model = MODEL, silent = [], classes } = options;
  const decisions = new Set<string>();
  const counts = { states: 0n, classes: 0, transitions: 0, depth: 0 };
  const speakers = honestOf(sequences).filter((node) => !silent.includes(node));
  let entries: readonly Entry[] = [{ speakers, count: 1n, longest: 0 }];
  for (const [at, config] of sequences.entries()) {
    const next: Entry[] = [];
    for (const entry of entries) {
      const end = searchSequence({ model, config, entry, classes, counts });
      const finals = end.classes.map((each) => ({
        ...each,
        final: model.certified(config, each.state, "commit"),
      }));
      for (const { count, longest, final } of finals) {
        counts.states += count;
        counts.depth = Math.max(counts.depth, longest);
        for (const lock of final) decisions.add(nameDecision(at, lock));
      }
      if (end.defect !== undefined || end.stopped) {
        const defect = end.defect && `at sequence ${at + 1}: ${end.defect}`;
        return { ...counts, complete: false, decisions: sortNames(decisions), defect };
      }
      next.push(...goingOn(entry.speakers, finals));
    }
    entries = next;
  }
  return { ...counts, complete: true, decisions: sortNames(decisions), defect: undefined };
}

interface SequenceEnd {
  readonly classes: readonly Class[];
  readonly defect: string | undefined;
  readonly stopped: boolean;
}

function searchSequence(order: {
  readonly model: Model;
  readonly config: ModelConfig;
  readonly entry: Entry;
  /** Number of classes of message sets after which the search gives up. */
  readonly classes: number;
  readonly counts: { classes: number; transitions: number };
}): SequenceEnd {
  const { model, config, entry, counts } = order;
  const { speakers, count, longest } = entry;
  let classes: readonly Class[] = [{ state: emptyModel(config), count, longest }];
  counts.classes += 1;
  const turns = model.turnsOf(config).filter(({ node }) => speakers.includes(node));
  for (const [place, turn] of turns.entries()) {
    const merged = new Map<string, Class>();
    for (const before of classes) {
      merge(merged, remainder(model, config, before.state, turns[place + 1]), before);
      for (const message of model.optionsOf(config, before.state, turn)) {
        counts.transitions += 1;
        const state = said(config, before.state, message);
        const defect =
          model.findModelDefect(config, state) ?? findOrderDefect(model, config, state, turn);
        if (defect !== undefined) return { classes: [], defect, stopped: false };
        const after = { state, count: before.count, longest: before.longest + 1 };
        merge(merged, remainder(model, config, state, turns[place + 1]), after);
      }
    }
    classes = [...merged.values()];
    counts.classes += classes.length;
    if (counts.classes > order.classes) return { classes: [], defect: undefined, stopped: true };
  }
  return { classes, defect: undefined, stopped: false };
}

function merge(classes: Map<string, Class>, key: string, { state, count, longest }: Class): void {
  const known = classes.get(key);
  if (known === undefined) {
    classes.set(key, { state, count, longest });
  } else {
    classes.set(key, {
      state: known.state,
      count: known.count + count,
      longest: Math.max(known.longest, longest),
    });
  }
}

/**
 * Describes, as a text, everything in a message set that the turns from `next` on can read. Sets
 * with the same text are merged.
 */
function remainder(
  model: Model,
  config: ModelConfig,
  state: ModelState,
  next: ModelTurn | undefined,
): string {
  const nodes = [...config.powers.keys()];
  const certificates = (["prepare", "commit"] as const).map((kind) =>
    model.certified(config, state, kind).map(({ view, value }) => `${view}:${value}`),
  );
  const locks = nodes.map((node) => {
    const lock = model.ownLock(config, state, node);
    return lock === undefined ? "" : `${lock.view}:${lock.value}`;
  });
  return [...certificates, locks, currentView()].map((part) => part.join()).join(";");

  function currentView(): readonly (number | string)[] {
    if (next === undefined) return [];
    const { type, view } = next;
    switch (type) {
      case "propose":
      case "request":
      case "new-view":
        return saidIn(config, state, view);
      case "prepare":
      case "commit":
        return [
          ...votesIn(config, state, type, view),
          "of",
          ...(type === "prepare" ? model.proposedIn(config, state, view) : []),
        ];
    }
  }
}

/**
 * Returns the possible starts of the next sequence, once this one is decided: each non-empty group
 * of the nodes that took part may move on to it.
 */
function goingOn(
  speakers: readonly number[],
  ends: readonly (Class & { readonly final: readonly ModelLock[] })[],
): readonly Entry[] {
  const decided = ends.filter(({ final }) => final.length > 0);
  if (decided.length === 0) return [];
  const count = decided.reduce((sum, each) => sum + each.count, 0n);
  const longest = decided.reduce((most, each) => Math.max(most, each.longest), 0);
  let groups: readonly (readonly number[])[] = [[]];
  for (const node of speakers) groups = groups.flatMap((group) => [group, [...group, node]]);
  return groups
    .filter((group) => group.length > 0)
    .map((group) => ({ speakers: group, count, longest: longest + group.length }));
}

/**
 * Checks what the order of turns relies on: a node that has voted or asked in a view may not send
 * anything in earlier views. Returns the broken rule; undefined if there is none.
 */
function findOrderDefect(
  model: Model,
  config: ModelConfig,
  state: ModelState,
  { type, node, view }: ModelTurn,
): string | undefined {
  if (type === "propose" || type === "new-view") return undefined;
  const earlier = model
    .turnsOf(config)
    .find(
      (turn) =>
        turn.node === node && turn.view < view && model.optionsOf(config, state, turn).length > 0,
    );
  return earlier && `order: ${node} may still speak in view ${earlier.view} after view ${view}`;
}

function honestOf([first]: readonly ModelConfig[]): readonly number[] {
  return [...(first?.powers ?? []).keys()].filter((node) => node !== first?.byzantine);
}
