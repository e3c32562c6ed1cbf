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

/** Engine under exploration: the production one, or a wrong one. */
export type ExploredEngine = Pick<typeof Pbft, "step" | "recover" | "createConfig" | "leaderOf">;

/** A block that a replica made final. */
export interface Decision {
  readonly sequence: Sequence;
  readonly view: View;
  readonly digest: Digest;
  readonly finalized: FinalizedBlock;
}

/** Result of an input: the next state, what was sent, and what became final. */
export interface Reaction {
  readonly state: State;
  readonly said: readonly ConsensusMessage[];
  readonly decided: readonly Decision[];
  /** Effects that only a world with time and peers can carry out, in order. */
  readonly left: readonly Effect[];
}

/** Runs a replica on occurrences that its own driver did not cause. */
export interface Reactor {
  /** Starts the replica; by default at genesis with an empty signing log. */
  readonly start: (on?: {
    readonly head: ApplicationHead;
    readonly entries: readonly SigningEntry[];
    readonly now: number;
  }) => Reaction;
  /** Feeds occurrences. `now`: by default the one moment of the exploration. */
  readonly react: (state: State, occurrences: readonly Occurrence[], now?: number) => Reaction;
}

/** Placeholder: the engine looks at no signature, since its driver has checked them all. */
const UNSIGNED: Signature = toSignature(new Uint8Array(64));

/**
 * Creates a reactor that does what the driver would do, at once: blocks are there, valid, and
 * applied.
 */
export function createReactor(options: {
  readonly engine: ExploredEngine;
  readonly chain: SmallChain;
  readonly node: number;
  readonly config: Config;
  /** Last sequence that is explored: a node that has finalized it does nothing more. */
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

/** Returns the application's answer to a final block. @throws Error when nobody made that block */
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
