import { createRandom, type Random } from "../random.ts";
import type { EngineAction, EngineState, SmallScope } from "./engine-state.ts";
import { createEngineWorld, type EngineWorld } from "./engine-world.ts";
import type { ExploredEngine } from "./reaction.ts";
import { type Mail, type Restart, recover } from "./recovery.ts";
import { createKeys } from "./state-keys.ts";

/** Result of an exploration of real engines. */
export interface EngineExplored {
  readonly states: number;
  readonly steps: number;
  /** Whether every reachable state of the scope was seen. */
  readonly complete: boolean;
  /** Number of actions in the longest run. */
  readonly depth: number;
  /** Number of states in which some block was final. */
  readonly decided: number;
  /**
   * Number of fault-free continuations that were played. The next two fields are the greatest
   * numbers of views and of virtual milliseconds that one of them took.
   */
  readonly recovered: number;
  readonly viewsMost: number;
  readonly virtualMsMost: number;
  readonly violation:
    | { readonly checker: string; readonly reason: string; readonly trace: readonly string[] }
    | undefined;
}

/** Engine, bound and seed of an exploration. */
export interface ExploreOptions {
  readonly engine: ExploredEngine;
  /** Greatest number of states that are looked at. */
  readonly states: number;
  readonly seed?: number;
  /** Number of new states between two fault-free continuations. Default: none is played. */
  readonly recoverEvery?: number;
}

interface Visited {
  readonly state: EngineState;
  readonly parent: Visited | undefined;
  readonly title: string;
  readonly depth: number;
}

/** Kinds of runs without faults that are played on from an explored state. */
const CONTINUATIONS: readonly { readonly mail: Mail; readonly restart: Restart }[] = [
  { mail: "lost", restart: "none" },
  { mail: "late", restart: "none" },
  { mail: "lost", restart: "database-lost" },
  { mail: "late", restart: "database-lost" },
  { mail: "lost", restart: "restart" },
];

/**
 * Probability that the exploration goes on from one of the states with the most actions so far.
 * Otherwise it goes on from a state with any number of actions.
 */
const DEEP_RATE = 0.5;

/**
 * Drives real engines through everything that a scope allows, up to a number of states: which
 * message reaches which node next, which timer runs out, and what the Byzantine node sends. States
 * count once if they are equal, or become equal when the two blocks of the Byzantine node are
 * exchanged. The abstract model must allow each message that an honest engine sends.
 */
export async function exploreEngine(
  scope: SmallScope,
  options: ExploreOptions,
): Promise<EngineExplored> {
  const world = await createEngineWorld(scope, options.engine);
  return new Exploration(scope, world, options).run();
}

/** One exploration: the keys of the states that were seen, and the states to go on from. */
class Exploration {
  readonly #scope: SmallScope;
  readonly #world: EngineWorld;
  readonly #options: ExploreOptions;
  readonly #random: Random;
  readonly #keyOf: (state: EngineState) => string;
  readonly #seen = new Set<string>();
  /** States to go on from, by their depth: the number of actions that led there. */
  readonly #open: Visited[][] = [];
  readonly #counts = {
    steps: 0,
    depth: 0,
    decided: 0,
    recovered: 0,
    viewsMost: 0,
    virtualMsMost: 0,
  };

  constructor(scope: SmallScope, world: EngineWorld, options: ExploreOptions) {
    this.#scope = scope;
    this.#world = world;
    this.#options = options;
    this.#random = createRandom(options.seed ?? 1).fork("explore");
    this.#keyOf = createKeys(world, scope.byzantine);
  }

  run(): EngineExplored {
    const start = this.#world.start();
    if (start.type === "defect") return this.#end({ ...start, trace: ["start"] });
    this.#seen.add(this.#keyOf(start.state));
    this.#open.push([{ state: start.state, parent: undefined, title: "start", depth: 0 }]);
    for (;;) {
      const here = takeNext(this.#open, this.#random);
      if (here === undefined) return { ...this.#end(undefined), complete: true };
      for (const action of this.#world.actions(here.state)) {
        const end = this.#try(here, action);
        if (end !== undefined) return end;
      }
    }
  }

  /**
   * Performs an action. Returns the result if the exploration ends with it, otherwise undefined.
   */
  #try(here: Visited, action: EngineAction): EngineExplored | undefined {
    const { states, recoverEvery = Number.POSITIVE_INFINITY } = this.#options;
    const outcome = this.#world.perform(here.state, action);
    this.#counts.steps += 1;
    if (outcome.type === "defect") {
      return this.#end({ ...outcome, trace: [...traceOf(here), action.title] });
    }
    const key = this.#keyOf(outcome.state);
    if (this.#seen.has(key)) return undefined;
    if (this.#seen.size >= states) return this.#end(undefined);
    this.#seen.add(key);
    const next = visit(here, action, outcome.state);
    this.#counts.depth = Math.max(this.#counts.depth, next.depth);
    if (outcome.state.final.some((digest) => digest !== undefined)) this.#counts.decided += 1;
    (this.#open[next.depth] ??= []).push(next);
    if (this.#seen.size % recoverEvery !== 0) return undefined;
    const stuck = this.#recoverFrom(next);
    return stuck === undefined ? undefined : this.#end(stuck);
  }

  /**
   * Plays each kind of fault-free continuation from a state. Returns the violation if one gets
   * stuck.
   */
  #recoverFrom(visited: Visited): EngineExplored["violation"] {
    const { engine, seed = 1 } = this.#options;
    const setting = { scope: this.#scope, engine, chain: this.#world.chain };
    for (const { mail, restart } of CONTINUATIONS) {
      const order = { mail, restart, seed: `${seed}/${this.#seen.size}` };
      const outcome = recover(setting, visited.state, order);
      if (outcome.type === "stuck") {
        const turn = `faults off, old mail ${mail}, ${restart}`;
        const trace = [...traceOf(visited), turn, ...outcome.log];
        return { checker: "progress", reason: outcome.reason, trace };
      }
      this.#counts.recovered += 1;
      this.#counts.viewsMost = Math.max(this.#counts.viewsMost, outcome.views);
      this.#counts.virtualMsMost = Math.max(this.#counts.virtualMsMost, outcome.virtualMs);
    }
    return undefined;
  }

  #end(violation: EngineExplored["violation"]): EngineExplored {
    return { ...this.#counts, states: this.#seen.size, complete: false, violation };
  }
}

function visit(parent: Visited, action: EngineAction, state: EngineState): Visited {
  return { state, parent, title: action.title, depth: parent.depth + 1 };
}

/** Takes a state to go on from. Undefined if there is none left. */
function takeNext(open: readonly Visited[][], random: Random): Visited | undefined {
  const levels = open.filter((level) => level.length > 0);
  const last = levels.at(-1);
  if (last === undefined) return undefined;
  const level = random.chance(DEEP_RATE) ? last : random.pick(levels);
  const at = random.below(level.length);
  const taken = level[at];
  const end = level.pop();
  if (taken !== end && end !== undefined) level[at] = end;
  return taken;
}

function traceOf(visited: Visited): readonly string[] {
  const titles: string[] = [];
  for (let at: Visited | undefined = visited; at !== undefined; at = at.parent) {
    titles.push(at.title);
  }
  return titles.toReversed();
}
