import { type ConsensusMessage, toValidatorIndex } from "@aethel/models";
import type { Strategy, StrategyContext } from "../behaviour/strategy.ts";
import { ownIndex, sendToAll, signedVote } from "../behaviour/votes.ts";

/**
 * Votes in the name of others: after each proposal it sends PREPARE and COMMIT of all other
 * validators, signed with its own key.
 */
export const impersonator: Strategy = {
  name: "impersonator",
  create: (context) => ({
    incoming: (message) => {
      if (message.type === "pre-prepare" || message.type === "new-view") forge(context, message);
      return true;
    },
  }),
};

type Proposing = Extract<ConsensusMessage, { readonly type: "pre-prepare" | "new-view" }>;

function forge(context: StrategyContext, { proposal }: Proposing): void {
  const own = ownIndex(context);
  for (const at of context.head().validators.validators.keys()) {
    if (at === own) continue;
    const vote = { ...proposal, voter: toValidatorIndex(at) };
    for (const phase of ["prepare", "commit"] as const) {
      sendToAll(context, signedVote(context, phase, vote));
    }
  }
}
