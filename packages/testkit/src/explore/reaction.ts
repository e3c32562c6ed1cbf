import type { ConsensusMessage, Digest, Sequence, Signature, View } from "@aethel/models";
import { toSignature } from "@aethel/models";
import type * as Pbft from "@aethel/pbft";
import type { Config, Effect, Occurrence, State, Statement } from "@aethel/pbft";
import type { SmallChain } from "./chain.ts";

/** The engine under exploration: the production one, or a wrong one. */
export type ExploredEngine = Pick<typeof Pbft, "step" | "recover" | "createConfig" | "leaderOf">;

/** What a replica made final. */
export interface Decision {
  readonly sequence: Sequence;
  readonly view: View;
  readonly digest: Digest;
}

/** What came of an input: the next state, what was said, and what became final. */
export interface Reaction {
  readonly state: State;
  readonly said: readonly ConsensusMessage[];
  readonly decided: readonly Decision[];
}

/** No signature is looked at by the engine; the driver has checked them all before. */
const UNSIGNED: Signature = toSignature(new Uint8Array(64));

/** Does what the driver would do, at once: blocks are there, judged, and applied. */
export function createReactor(options: {
  readonly engine: ExploredEngine;
  readonly chain: SmallChain;
  readonly node: number;
  readonly config: Config;
  /** The last sequence that is looked at: who has finalized it does nothing more. */
  readonly last: number;
}): {
  readonly start: () => Reaction;
  readonly react: (state: State, occurrences: readonly Occurrence[]) => Reaction;
} {
  const { engine, chain, node, config, last } = options;
  const now = chain.nowMs;

  const settle = (first: {
    readonly state: State;
    readonly effects: readonly Effect[];
  }): Reaction => {
    let { state } = first;
    const said: ConsensusMessage[] = [];
    const decided: Decision[] = [];
    const effects = [...first.effects];
    for (let effect = effects.shift(); effect !== undefined; effect = effects.shift()) {
      const answer = answerTo(effect, { chain, node, state });
      if (answer.said !== undefined) said.push(answer.said);
      if (effect.type === "diverge") throw new Error(`diverged: ${effect.reason}`);
      if (effect.type === "commit") {
        const { sequence, view, digest } = effect.finalized.certificate;
        decided.push({ sequence, view, digest });
        if (sequence >= last) return { state, said, decided };
      }
      if (answer.occurrence === undefined) continue;
      const next = engine.step(config, state, { ...answer.occurrence, now });
      state = next.state;
      effects.push(...next.effects);
    }
    return { state, said, decided };
  };
  return {
    start: () =>
      settle(engine.recover({ config, head: chain.head, entries: [], hasWork: true, now })),
    react: (before, occurrences) => {
      let state = before;
      const said: ConsensusMessage[] = [];
      const decided: Decision[] = [];
      for (const occurrence of occurrences) {
        const reaction = settle(engine.step(config, state, { ...occurrence, now }));
        state = reaction.state;
        said.push(...reaction.said);
        decided.push(...reaction.decided);
        if (decided.some(({ sequence }) => sequence >= last)) break;
      }
      return { state, said, decided };
    },
  };
}

interface Answer {
  readonly said?: ConsensusMessage;
  readonly occurrence?: Occurrence;
}

function answerTo(
  effect: Effect,
  here: { readonly chain: SmallChain; readonly node: number; readonly state: State },
): Answer {
  const { chain, node, state } = here;
  switch (effect.type) {
    case "sign-and-send": {
      const said = unsigned(effect.statement);
      return { said, occurrence: { type: "message", message: said, from: undefined } };
    }
    case "propose": {
      const { sequence, view } = effect;
      const { block } = chain.blockBy(state.head, node, 0);
      return { occurrence: { type: "proposed", sequence, view, block } };
    }
    case "verify": {
      const { digest } = effect;
      return { occurrence: { type: "verdict", digest, verdict: { type: "accepted" } } };
    }
    case "fetch-block": {
      const known = chain.valueOf(effect.digest);
      if (known === undefined) return {};
      return { occurrence: { type: "block", digest: effect.digest, block: known.block } };
    }
    case "commit": {
      const { block, certificate } = effect.finalized;
      const known = chain.valueOf(certificate.digest);
      if (known === undefined) throw new Error("a block became final that nobody made");
      const head = chain.headAfter({ ...known, block }, certificate);
      return { occurrence: { type: "committed", head, hasWork: true } };
    }
    default:
      return {};
  }
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
