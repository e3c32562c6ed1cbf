import type {
  ConsensusMessage,
  Digest,
  FinalizedBlock,
  Sequence,
  Signature,
  View,
} from "@aethel/models";
import { toSignature } from "@aethel/models";
import type * as Pbft from "@aethel/pbft";
import type {
  ApplicationHead,
  Config,
  Effect,
  Occurrence,
  SigningEntry,
  State,
  Statement,
} from "@aethel/pbft";
import type { SmallChain } from "./chain.ts";

/** Engine to explore: the production one, or a deliberately wrong one. */
export type ExploredEngine = Pick<typeof Pbft, "step" | "recover" | "createConfig" | "leaderOf">;

/** A block that a replica made final. */
export interface Decision {
  readonly sequence: Sequence;
  readonly view: View;
  readonly digest: Digest;
  readonly finalized: FinalizedBlock;
}

/** Result of inputs to a replica: the next state, what it sent, and which blocks became final. */
export interface Reaction {
  readonly state: State;
  readonly said: readonly ConsensusMessage[];
  readonly decided: readonly Decision[];
  /** Effects that the reactor did not carry out, in order: they need time or peers. */
  readonly left: readonly Effect[];
}

/** Runs a replica together with its driver: callers give it only what comes from outside. */
export interface Reactor {
  /** Starts the replica. Default: at genesis, with an empty signing log. */
  readonly start: (on?: {
    readonly head: ApplicationHead;
    readonly entries: readonly SigningEntry[];
    readonly now: number;
  }) => Reaction;
  /**
   * Gives occurrences to the replica, one after another. `now` is their time; default: the one
   * moment in which an exploration takes place.
   */
  readonly react: (state: State, occurrences: readonly Occurrence[], now?: number) => Reaction;
}

/** Placeholder for signatures. The engine verifies no signature: its driver does that before. */
const UNSIGNED: Signature = toSignature(new Uint8Array(64));

/**
 * Creates a reactor. It does at once what the driver and application would do: every block is
 * available and valid, and final blocks are applied.
 */
export function createReactor(options: {
  readonly engine: ExploredEngine;
  readonly chain: SmallChain;
  readonly node: number;
  readonly config: Config;
  /** Last sequence that is explored. A node that has finalized it does nothing more. */
  readonly last: number;
}): Reactor {
  const { engine, chain, node, config, last } = options;

  const settle = (first: Pbft.Transition, now: number): Reaction => {
    let { state } = first;
    const said: ConsensusMessage[] = [];
    const decided: Decision[] = [];
    const left: Effect[] = [];
    const effects = [...first.effects];
    for (let effect = effects.shift(); effect !== undefined; effect = effects.shift()) {
      const answer = answerTo(effect, { chain, node, state });
      if (answer.said !== undefined) said.push(answer.said);
      if (effect.type === "diverge") throw new Error(`diverged: ${effect.reason}`);
      if (effect.type === "commit") {
        const { sequence, view, digest } = effect.finalized.certificate;
        decided.push({ sequence, view, digest, finalized: effect.finalized });
        if (sequence >= last) return { state, said, decided, left };
      }
      if (answer.occurrences.length === 0) left.push(effect);
      for (const occurrence of answer.occurrences) {
        const next = engine.step(config, state, { ...occurrence, now });
        state = next.state;
        effects.push(...next.effects);
      }
    }
    return { state, said, decided, left };
  };
  return {
    start: ({ head, entries, now } = { head: chain.head, entries: [], now: chain.nowMs }) =>
      settle(engine.recover({ config, head, entries, hasWork: true, now }), now),
    react: (before, occurrences, now = chain.nowMs) => {
      let state = before;
      const said: ConsensusMessage[] = [];
      const decided: Decision[] = [];
      const left: Effect[] = [];
      for (const occurrence of occurrences) {
        const reaction = settle(engine.step(config, state, { ...occurrence, now }), now);
        state = reaction.state;
        said.push(...reaction.said);
        decided.push(...reaction.decided);
        left.push(...reaction.left);
        if (decided.some(({ sequence }) => sequence >= last)) break;
      }
      return { state, said, decided, left };
    },
  };
}

interface Answer {
  readonly said?: ConsensusMessage;
  readonly occurrences: readonly Occurrence[];
}

function answerTo(
  effect: Effect,
  here: { readonly chain: SmallChain; readonly node: number; readonly state: State },
): Answer {
  const { chain, node, state } = here;
  switch (effect.type) {
    case "sign-and-send": {
      const said = unsigned(effect.statement);
      return { said, occurrences: [{ type: "message", message: said, from: undefined }] };
    }
    case "propose": {
      const { sequence, view, timestamp } = effect;
      const { block } = chain.blockBy(state.head, node, 0, timestamp);
      return { occurrences: [{ type: "proposed", sequence, view, block }] };
    }
    case "verify": {
      const { digest } = effect;
      return { occurrences: [{ type: "verdict", digest, verdict: { type: "accepted" } }] };
    }
    case "fetch-block": {
      const known = chain.valueOf(effect.digest);
      if (known === undefined) return { occurrences: [] };
      const block = { ...known.block, parentCertificate: state.head.certificate };
      return { occurrences: [{ type: "block", digest: effect.digest, block }] };
    }
    case "reconsider":
      return {
        occurrences: effect.messages.map((message) => ({
          type: "message",
          message,
          from: undefined,
        })),
      };
    case "commit":
      return { occurrences: [committedBy(chain, effect.finalized)] };
    default:
      return { occurrences: [] };
  }
}

/**
 * Returns the occurrence by which the application reports that it has applied a final block.
 * @throws Error if nobody made that block
 */
export function committedBy(
  chain: SmallChain,
  { block, certificate }: FinalizedBlock,
): Extract<Occurrence, { type: "committed" }> {
  const known = chain.valueOf(certificate.digest);
  if (known === undefined) throw new Error("a block became final that nobody made");
  const head = chain.headAfter({ ...known, block }, certificate);
  return { type: "committed", head, hasWork: true };
}

function unsigned(statement: Statement): ConsensusMessage {
  switch (statement.type) {
    case "pre-prepare":
    case "new-view":
      return { ...statement, proposal: { ...statement.proposal, signature: UNSIGNED } };
    default:
      return { ...statement, signature: UNSIGNED };
  }
}
