import {
  type BlockOutline,
  blockDigest,
  type ConsensusMessage,
  itemOf,
  listRootOfLeaves,
  sha256,
} from "@aethel/models";
import type { Strategy, StrategyContext } from "../behaviour/strategy.ts";
import { replaced, resignedProposal } from "../behaviour/votes.ts";

/**
 * As leader, lists one more item than the block has. Nobody can supply it: no item has this hash.
 */
export const nameless: Strategy = {
  name: "nameless",
  create: (context) => ({
    outgoing: (dispatch) => {
      const { message } = dispatch;
      if (message.type !== "pre-prepare" || message.outline === undefined) return [dispatch];
      return [replaced(dispatch, withNothing(context, message.proposal, message.outline))];
    },
  }),
};

/** Answers about a third of the requests for items or blocks. Answers the others with `absent`. */
export const miser: Strategy = {
  name: "miser",
  create: ({ head, random }) => ({
    answer: (request) => {
      if (request.type !== "items" && request.type !== "block") return undefined;
      return random.chance(1 / 3) ? undefined : { type: "absent", head: head().header.sequence };
    },
  }),
};

/** Answers requests for items with items of other bytes. */
export const itemForger: Strategy = {
  name: "item-forger",
  create: ({ random }) => ({
    answer: (request) => {
      if (request.type !== "items") return undefined;
      const items = request.places.map((place) => itemOf(Uint8Array.of(place & 255, 7)));
      return { type: "items", items: random.chance(0.2) ? items.slice(1) : items };
    },
  }),
};

function withNothing(
  context: StrategyContext,
  proposal: Extract<ConsensusMessage, { readonly type: "pre-prepare" }>["proposal"],
  outline: BlockOutline,
): ConsensusMessage {
  const items = [...outline.items, sha256(proposal.digest)];
  const header = { ...outline.header, payloadRoot: listRootOfLeaves(items) };
  const other = resignedProposal(context, proposal, blockDigest(header));
  return { type: "pre-prepare", proposal: other, outline: { ...outline, header, items } };
}
