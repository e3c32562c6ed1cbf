import type { ConsensusMessage, Digest } from "@aethel/models";
import type { ModelLock, ModelMessage } from "../model/model-state.ts";
import type { SmallChain } from "./chain.ts";

/**
 * Translates a message of the engine into one of the abstract model.
 * @throws Error if it names a block that nobody made
 */
export function toModelMessage(chain: SmallChain, message: ConsensusMessage): ModelMessage {
  const valueOf = (digest: Digest): number => {
    const known = chain.valueOf(digest);
    if (known === undefined) throw new Error("a message names a block that nobody made");
    return known.value;
  };
  const lockOf = (
    prepared: { readonly view: number; readonly digest: Digest } | undefined,
  ): ModelLock | undefined => prepared && { view: prepared.view, value: valueOf(prepared.digest) };
  switch (message.type) {
    case "pre-prepare": {
      const { leader, digest } = message.proposal;
      return { type: "propose", node: leader, view: 0, value: valueOf(digest) };
    }
    case "prepare":
    case "commit": {
      const { type, voter, view, digest } = message;
      return { type, node: voter, view, value: valueOf(digest) };
    }
    case "view-change": {
      const { newView, prepared } = message.body;
      return { type: "request", node: message.voter, view: newView, lock: lockOf(prepared) };
    }
    case "new-view": {
      const { leader, view, digest } = message.proposal;
      const votes = message.votes.map(({ voter, prepared }) => ({
        node: voter,
        lock: lockOf(prepared),
      }));
      return { type: "new-view", node: leader, view, value: valueOf(digest), votes };
    }
  }
}
