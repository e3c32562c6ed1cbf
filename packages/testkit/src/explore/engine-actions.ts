import { type ConsensusMessage, equalBytes, toHex } from "@aethel/models";
import { type State, sequenceOf, signerOf } from "@aethel/pbft";
import { certified } from "../model/model.ts";
import type { ModelConfig } from "../model/model-state.ts";
import { describeMessage } from "../trace/describe.ts";
import type { SmallChain } from "./chain.ts";
import type { EngineAction, EngineState } from "./engine-state.ts";
import { forgeries, type Knowledge, votesFor } from "./forgeries.ts";

/** A chain, and the configuration of the abstract model at each of its sequences. */
export interface Setting {
  readonly chain: SmallChain;
  readonly configs: readonly ModelConfig[];
}

/**
 * Returns all that can happen to a replica next: a message arrives, the votes of a quorum arrive
 * together, or its view times out.
 */
export function actionsOf(
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
  // The actions that lead furthest come last, since the newest state is looked at first.
  return [...timeout, ...heard, ...quorums];
}

/** Returns whether a message can change the state. Old and repeated messages are discarded. */
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
