import { equalBytes, toSequence, toView } from "@aethel/models";
import { type Effect, sequenceOf } from "@aethel/pbft";
import { TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import { findModelDefect, refusal } from "../model/model.ts";
import { emptyModel, type ModelConfig, said } from "../model/model-state.ts";
import { describeMessage } from "../trace/describe.ts";
import { createSmallChain, idOf, type SmallChain } from "./chain.ts";
import { toModelMessage } from "./conformance.ts";
import { actionsOf, type Setting } from "./engine-actions.ts";
import type { EngineAction, EngineState, Outcome, SmallScope, Timers } from "./engine-state.ts";
import { createReactor, type ExploredEngine, type Reaction, type Reactor } from "./reaction.ts";

/**
 * A world of real engines without time, network or signatures. The explorer chooses which action
 * comes next.
 */
export interface EngineWorld {
  readonly chain: SmallChain;
  readonly configs: readonly ModelConfig[];
  readonly start: () => Outcome;
  readonly actions: (state: EngineState) => readonly EngineAction[];
  readonly perform: (state: EngineState, action: EngineAction) => Outcome;
}

/** Creates the world of a scope. Honest nodes run the given engine. */
export async function createEngineWorld(
  scope: SmallScope,
  engine: ExploredEngine,
): Promise<EngineWorld> {
  const { powers, byzantine, views } = scope;
  const chain = await createSmallChain(powers);
  const configs = powers.map((list, at) => ({
    powers: list,
    byzantine,
    leaders: Array.from({ length: views }, (_, view) =>
      Number(engine.leaderOf(chain.setOf(at + 1), toSequence(at + 1), toView(view))),
    ),
  }));
  const nodes = [...(powers[0] ?? []).keys()];
  const reactors = nodes.map((node) => reactorOf({ engine, chain, node, last: powers.length }));
  const absorb = (state: EngineState, node: number, reaction: Reaction): Outcome =>
    absorbReaction({ chain, configs }, state, { node, reaction });

  return {
    chain,
    configs,
    start: () => {
      let outcome: Outcome = { type: "state", state: emptyState(configs) };
      for (const [node, reactor] of reactors.entries()) {
        if (node === byzantine || outcome.type === "defect") continue;
        outcome = absorb(outcome.state, node, reactor.start());
      }
      return outcome;
    },
    actions: (state) =>
      state.nodes.flatMap((own, node) =>
        own === undefined || (state.done[node] ?? 0) >= powers.length
          ? []
          : actionsOf({ chain, configs, views, byzantine }, state, { own, node }),
      ),
    perform: (state, { node, inputs }) => {
      const own = state.nodes[node];
      const reactor = reactors[node];
      if (own === undefined || reactor === undefined) throw new RangeError("no such replica");
      const occurrences =
        inputs === "timeout"
          ? [{ type: "timeout", timer: "view" } as const]
          : inputs.map((message) => ({ type: "message", message, from: undefined }) as const);
      const timers = inputs === "timeout" ? withoutView(state.timers, node) : state.timers;
      try {
        return absorb({ ...state, timers }, node, reactor.react(own, occurrences));
      } catch (error) {
        return { type: "defect", checker: "replica", reason: String(error) };
      }
    },
  };
}

/** Creates the reactor that runs a node's replica. The replica stops after the sequence `last`. */
export function reactorOf(options: {
  readonly engine: ExploredEngine;
  readonly chain: SmallChain;
  readonly node: number;
  readonly last: number;
}): Reactor {
  const { engine, chain, node } = options;
  const config = engine.createConfig({
    genesis: chain.head.header.chain,
    id: idOf(chain.setOf(1), node),
    parameters: { ...TEST_PARAMETERS, minBlockIntervalMs: 0 },
  });
  return createReactor({ ...options, config });
}

function withoutView(timers: readonly Timers[], node: number): readonly Timers[] {
  const rest = [...(timers[node] ?? [])].filter(([name]) => name !== "view");
  return timers.with(node, new Map(rest));
}

function emptyState(configs: readonly ModelConfig[]): EngineState {
  const nodes = configs[0]?.powers ?? [];
  return {
    nodes: nodes.map(() => undefined),
    soup: [],
    models: configs.map(emptyModel),
    final: configs.map(() => undefined),
    done: nodes.map(() => 0),
    timers: nodes.map(() => new Map()),
    logs: nodes.map(() => []),
  };
}

/**
 * Adds a reaction to the state and checks it: the abstract model must allow every message, and no
 * other block may be final at a decided sequence.
 */
function absorbReaction(
  { chain, configs }: Setting,
  before: EngineState,
  { node, reaction }: { readonly node: number; readonly reaction: Reaction },
): Outcome {
  const nodes = before.nodes.with(node, reaction.state);
  const fired = before.timers[node] ?? new Map();
  const timers = before.timers.with(node, setTimers(fired, reaction.left));
  const written = reaction.left.flatMap((effect) =>
    effect.type === "persist" ? effect.entries : [],
  );
  const logs = before.logs.with(node, [...(before.logs[node] ?? []), ...written]);
  let { soup, models, final, done } = before;
  for (const message of reaction.said) {
    const at = sequenceOf(message) - 1;
    const [config, model] = [configs[at], models[at]];
    if (config === undefined || model === undefined) continue;
    const modelled = toModelMessage(chain, message);
    const reason = refusal(config, model, modelled);
    if (reason !== undefined) {
      return {
        type: "defect",
        checker: "conformance",
        reason: `${describeMessage(message)}: ${reason}`,
      };
    }
    models = models.with(at, said(config, model, modelled));
    soup = [...soup, message];
    const defect = findModelDefect(config, models[at] ?? model);
    if (defect !== undefined) return { type: "defect", checker: "agreement", reason: defect };
  }
  for (const { sequence, digest, finalized } of reaction.decided) {
    const other = final[sequence - 1];
    if (other !== undefined && !equalBytes(other.certificate.digest, digest)) {
      const reason = `two blocks are final at sequence ${sequence}`;
      return { type: "defect", checker: "agreement", reason };
    }
    final = final.with(sequence - 1, other ?? finalized);
    done = done.with(node, sequence);
  }
  return { type: "state", state: { nodes, soup, models, final, done, timers, logs } };
}

/**
 * Returns the timers of a node after the effects of a step: started ones are added, stopped ones
 * removed.
 */
export function setTimers(before: Timers, effects: readonly Effect[]): Timers {
  const timers = new Map(before);
  for (const effect of effects) {
    if (effect.type === "start-timer") timers.set(effect.timer, effect.delayMs);
    if (effect.type === "stop-timer") timers.delete(effect.timer);
  }
  return timers;
}
