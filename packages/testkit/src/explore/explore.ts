import { toHex } from "@aethel/models";
import { mirrored } from "../model/model-state.ts";
import { createRandom, type Random } from "../random.ts";
import {
  createEngineWorld,
  type EngineAction,
  type EngineState,
  type EngineWorld,
  type SmallScope,
} from "./engine-world.ts";
import { createFingerprints } from "./fingerprint.ts";
import type { ExploredEngine } from "./reaction.ts";
import { type Mail, type Restart, recover } from "./recovery.ts";

/** What came of an exploration of real engines. */
export interface EngineExplored {
  readonly states: number;
  readonly steps: number;
  /** Whether everything that can happen in the scope was seen. */
  readonly complete: boolean;
  /** Actions in the longest run. */
  readonly depth: number;
  /** The most views that a final block took, and how many states had one. */
  readonly decided: number;
  /** Continuations without faults that were played, and the most views and time that one took. */
  readonly recovered: number;
  readonly viewsMost: number;
  readonly virtualMsMost: number;
  readonly violation:
    | { readonly checker: string; readonly reason: string; readonly trace: readonly string[] }
    | undefined;
}

interface Visited {
  readonly state: EngineState;
  readonly parent: Visited | undefined;
  readonly title: string;
  readonly depth: number;
}

/** What is tried from a state once faults are off. */
const CONTINUATIONS: readonly { readonly mail: Mail; readonly restart: Restart }[] = [
  { mail: "lost", restart: "none" },
  { mail: "late", restart: "none" },
  { mail: "lost", restart: "database-lost" },
  { mail: "late", restart: "database-lost" },
  { mail: "lost", restart: "restart" },
];

/** Half of the time one of the furthest states is looked at next, else one of any depth, all alike. */
const DEEP_RATE = 0.5;

/**
 * Drives real engines through everything that a scope allows, up to a bound of states: which message
 * reaches whom next, whose time runs out, and what the Byzantine node says. States that are equal,
 * or differ in the names of the Byzantine node's blocks, are one. Each message that an honest engine
 * says must be one that the abstract model allows there.
 */
export async function exploreEngine(
  scope: SmallScope,
  options: {
    readonly engine: ExploredEngine;
    readonly states: number;
    readonly seed?: number;
    /** From each so many-th new state faults are switched off. Default: never. */
    readonly recoverEvery?: number;
  },
): Promise<EngineExplored> {
  const { engine, seed = 1, recoverEvery = Number.POSITIVE_INFINITY } = options;
  const world = await createEngineWorld(scope, engine);
  const random = createRandom(seed).fork("explore");
  const keyOf = createKeys(world, scope.byzantine);
  const start = world.start();
  const counts = {
    steps: 0,
    depth: 0,
    decided: 0,
    recovered: 0,
    viewsMost: 0,
    virtualMsMost: 0,
  };
  if (start.type === "defect") return finish({ ...start, trace: ["start"] }, 0, false);
  const first: Visited = { state: start.state, parent: undefined, title: "start", depth: 0 };
  const seen = new Set([keyOf(start.state)]);
  const open: Visited[][] = [[first]];
  for (;;) {
    const here = takeNext(open, random);
    if (here === undefined) return finish(undefined, seen.size, true);
    for (const action of world.actions(here.state)) {
      const outcome = world.perform(here.state, action);
      counts.steps += 1;
      if (outcome.type === "defect") {
        const trace = [...traceOf(here), action.title];
        return finish({ ...outcome, trace }, seen.size, false);
      }
      const key = keyOf(outcome.state);
      if (seen.has(key)) continue;
      if (seen.size >= options.states) return finish(undefined, seen.size, false);
      seen.add(key);
      const next = visit(here, action, outcome.state);
      counts.depth = Math.max(counts.depth, next.depth);
      if (outcome.state.final.some((digest) => digest !== undefined)) counts.decided += 1;
      (open[next.depth] ??= []).push(next);
      if (seen.size % recoverEvery !== 0) continue;
      const stuck = recoverFrom(next);
      if (stuck !== undefined) return finish(stuck, seen.size, false);
    }
  }

  function recoverFrom(visited: Visited): EngineExplored["violation"] {
    for (const { mail, restart } of CONTINUATIONS) {
      const order = { mail, restart, seed: `${seed}/${seen.size}` };
      const outcome = recover({ scope, engine, chain: world.chain }, visited.state, order);
      if (outcome.type === "stuck") {
        const trace = [
          ...traceOf(visited),
          `faults off, old mail ${mail}, ${restart}`,
          ...outcome.log,
        ];
        return { checker: "progress", reason: outcome.reason, trace };
      }
      counts.recovered += 1;
      counts.viewsMost = Math.max(counts.viewsMost, outcome.views);
      counts.virtualMsMost = Math.max(counts.virtualMsMost, outcome.virtualMs);
    }
    return undefined;
  }

  function finish(
    violation: EngineExplored["violation"],
    states: number,
    complete: boolean,
  ): EngineExplored {
    return { ...counts, states, complete, violation };
  }
}

function visit(parent: Visited, action: EngineAction, state: EngineState): Visited {
  return { state, parent, title: action.title, depth: parent.depth + 1 };
}

/** Takes a state out of those that are open, which are kept by depth. */
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

/** One key for a state and for the same one with the Byzantine node's two blocks exchanged. */
function createKeys(world: EngineWorld, byzantine: number): (state: EngineState) => string {
  const names = new Map<string, number>();
  const twins = new Map<string, string>();
  const plain = createFingerprints(names);
  const swapped = createFingerprints(names, (hex) => twins.get(hex) ?? hex);
  const learn = (head: Parameters<typeof world.chain.blockBy>[0]): void => {
    const [one, other] = [0, 1].map((variant) =>
      toHex(world.chain.blockBy(head, byzantine, variant === 0 ? 0 : 1).digest),
    );
    if (one === undefined || other === undefined) return;
    twins.set(one, other);
    twins.set(other, one);
  };
  learn(world.chain.head);
  const known = new Set<unknown>();
  return (state) => {
    for (const node of state.nodes) {
      if (node === undefined || known.has(node.head)) continue;
      known.add(node.head);
      learn(node.head);
    }
    const { nodes, soup, models, done } = state;
    const timers = state.timers.map((own) =>
      [...own.keys()].toSorted((left, right) => (left < right ? -1 : 1)).join(),
    );
    const mirror = models.map((model, at) => {
      const config = world.configs[at];
      return config === undefined ? model : mirrored(config, model);
    });
    const left = plain.of({ nodes, soup, models, done, timers });
    const right = swapped.of({ nodes, soup, models: mirror, done, timers });
    return left < right ? `${left}` : `${right}`;
  };
}
