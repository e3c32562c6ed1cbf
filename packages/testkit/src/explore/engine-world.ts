import {
  type ConsensusMessage,
  equalBytes,
  type FinalizedBlock,
  toHex,
  toSequence,
  toView,
} from "@aethel/models";
import {
  type Effect,
  type SigningEntry,
  type State,
  sequenceOf,
  type TimerName,
} from "@aethel/pbft";
import { TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import { signerOf } from "../messages.ts";
import { certified, findModelDefect, refusal } from "../model/model.ts";
import { emptyModel, type ModelConfig, type ModelState, said } from "../model/model-state.ts";
import { describeMessage } from "../trace/describe.ts";
import { createSmallChain, idOf, type SmallChain } from "./chain.ts";
import { toModelMessage } from "./conformance.ts";
import { forgeries, type Knowledge, votesFor } from "./forgeries.ts";
import { createReactor, type ExploredEngine, type Reaction, type Reactor } from "./reaction.ts";

/** What is explored: one or two sequences of four nodes, one of them Byzantine. */
export interface SmallScope {
  /** Powers at each sequence; a second one is an epoch border. */
  readonly powers: readonly (readonly number[])[];
  readonly byzantine: number;
  readonly views: number;
}

/** Real replicas and the model of what they have said, side by side. */
export interface EngineState {
  readonly nodes: readonly (State | undefined)[];
  readonly soup: readonly ConsensusMessage[];
  readonly models: readonly ModelState[];
  /** What was made final, by sequence. */
  readonly final: readonly (FinalizedBlock | undefined)[];
  /** Highest sequence that each node has finalized. */
  readonly done: readonly number[];
  /** The timers that run at each node, and how long each was set for. */
  readonly timers: readonly Timers[];
  /** The signing log of each node, of which nothing was ever dropped. */
  readonly logs: readonly (readonly SigningEntry[])[];
}

/** Milliseconds by name. */
export type Timers = ReadonlyMap<TimerName, number>;

/** Something that can happen to a replica next. */
export interface EngineAction {
  readonly node: number;
  readonly title: string;
  readonly inputs: readonly ConsensusMessage[] | "timeout";
}

/** What came of an action: a new state, or the property that it broke. */
export type Outcome =
  | { readonly type: "state"; readonly state: EngineState }
  | {
      readonly type: "defect";
      readonly checker: "agreement" | "conformance" | "replica";
      readonly reason: string;
    };

/** A world of real engines without time, network or signatures, in which everything is a choice. */
export interface EngineWorld {
  readonly chain: SmallChain;
  readonly configs: readonly ModelConfig[];
  readonly start: () => Outcome;
  readonly actions: (state: EngineState) => readonly EngineAction[];
  readonly perform: (state: EngineState, action: EngineAction) => Outcome;
}

/** The world of one scope, with the engine that is given. */
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

/** The replica of a node, which stops after the sequence `last`. */
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

interface Setting {
  readonly chain: SmallChain;
  readonly configs: readonly ModelConfig[];
}

/** Every message must be one that the model allows; every decision that of everybody else. */
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

/** The timers of a node after what its engine asked for. */
export function setTimers(before: Timers, effects: readonly Effect[]): Timers {
  const timers = new Map(before);
  for (const effect of effects) {
    if (effect.type === "start-timer") timers.set(effect.timer, effect.delayMs);
    if (effect.type === "stop-timer") timers.delete(effect.timer);
  }
  return timers;
}

function actionsOf(
  setting: Setting & { readonly views: number; readonly byzantine: number },
  state: EngineState,
  { own, node }: { readonly own: State; readonly node: number },
): readonly EngineAction[] {
  const { chain, configs, views, byzantine } = setting;
  const at = own.sequence - 1;
  const [config, model] = [configs[at], state.models[at]];
  if (config === undefined || model === undefined) return [];
  const soup = state.soup.filter((message) => sequenceOf(message) === own.sequence);
  const digestsOf = (kind: "prepare" | "commit"): Knowledge["prepared"] =>
    certified(config, model, kind).flatMap(({ view, value }) => {
      const leader = Math.floor((value - 1) / 2);
      const { digest } = chain.blockBy(own.head, leader, value % 2 === 1 ? 0 : 1);
      return [{ view, digest }];
    });
  const known: Knowledge = {
    head: own.head,
    sequence: own.sequence,
    byzantine,
    views,
    leaders: config.leaders,
    soup,
    own: [
      chain.blockBy(own.head, byzantine, 0).digest,
      chain.blockBy(own.head, byzantine, 1).digest,
    ],
    prepared: digestsOf("prepare"),
  };
  const one = (message: ConsensusMessage): EngineAction => ({
    node,
    title: `${node} hears ${describeMessage(message)}`,
    inputs: [message],
  });
  const heard = [...soup.filter((message) => signerOf(message) !== node), ...forgeries(known)]
    .filter((message) => message.type !== "prepare" && message.type !== "commit")
    .filter((message) => isNews(own, message))
    .map(one);
  const quorums = (["prepare", "commit"] as const).flatMap((kind) =>
    (kind === "prepare" ? known.prepared : digestsOf("commit"))
      .filter((place) => isNewCertificate(own, kind, place))
      .map((place) => ({
        node,
        title: `${node} hears a quorum of ${kind} s${own.sequence} v${place.view} ${toHex(place.digest).slice(0, 8)}`,
        inputs: votesFor(known, kind, place).filter((message) => signerOf(message) !== node),
      })),
  );
  const timeout: readonly EngineAction[] =
    own.viewTimerRuns && own.view + 1 < views && own.phase !== "committing"
      ? [{ node, title: `${node} times out of view ${own.view}`, inputs: "timeout" }]
      : [];
  // What gets the furthest comes last, for the newest state is looked at first.
  return [...timeout, ...heard, ...quorums];
}

/** Leaves out what could only be discarded as old or repeated: it would not change the state. */
function isNews(own: State, message: ConsensusMessage): boolean {
  if (message.type === "pre-prepare") return own.view === 0 && own.proposal === undefined;
  if (message.type === "new-view") {
    const { view, digest } = message.proposal;
    const accepted = own.proposal?.proposal;
    return view >= own.view && !(accepted?.view === view && equalBytes(accepted.digest, digest));
  }
  return message.type === "view-change";
}

function isNewCertificate(
  own: State,
  kind: "prepare" | "commit",
  { view }: { readonly view: number },
): boolean {
  return kind === "prepare" ? (own.prepared?.view ?? -1) < view : own.committed === undefined;
}
