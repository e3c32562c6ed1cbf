import {
  type ConsensusMessage,
  sha256,
  toSequence,
  toSignature,
  toView,
  type ValidatorIndex,
} from "@aethel/models";
import type { StrategyContext } from "../behaviour/strategy.ts";
import { ownIndex, signedRequest, signedVote } from "../behaviour/votes.ts";
import type { Flood } from "./timing-plan.ts";

const FAR = toSequence(2 ** 50);

/** Returns a function that sends the messages of `flood` to each honest node, once per call. */
export function createFlood(context: StrategyContext, flood: Flood): () => void {
  const honest = context.others.filter((peer) => !context.isAccomplice(peer));
  return () => {
    const me = ownIndex(context);
    if (me === undefined) return;
    for (let at = 0; at < flood.count; at++) {
      const message = messageOf(context, flood.what, me);
      for (const to of honest) context.send({ to, message, delayMs: 0 });
    }
  };
}

function messageOf(
  context: StrategyContext,
  what: Flood["what"],
  voter: ValidatorIndex,
): ConsensusMessage {
  const { random, head } = context;
  const digest = sha256(Uint8Array.of(random.below(256), random.below(256)));
  const sequence = toSequence(head().header.sequence + 1);
  const view = toView(0);
  switch (what) {
    case "ahead": {
      const signature = toSignature(new Uint8Array(64));
      return { type: "prepare", sequence: FAR, view, digest, voter, signature };
    }
    case "votes":
      return signedVote(context, "prepare", { sequence, view, digest, voter });
    case "requests":
      return signedRequest(context, { voter, newView: toView(1) });
  }
}
