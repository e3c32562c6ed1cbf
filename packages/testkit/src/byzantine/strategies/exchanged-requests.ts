import {
  type ConsensusMessage,
  isQuorum,
  type NewView,
  powerOf,
  toHex,
  toSequence,
  type View,
  type ViewChange,
} from "@aethel/models";
import { leaderAt } from "@aethel/pbft";
import type { Dispatch, Strategy, StrategyContext } from "../behaviour/strategy.ts";
import { ownIndex, replaced, signedRequest } from "../behaviour/votes.ts";

type Vote = NewView["votes"][number];
type NewViewMessage = Extract<ConsensusMessage, { readonly type: "new-view" }>;

/** Milliseconds after which the honest form of an own re-proposal follows the exchanged one. */
const LATER_MS = 300;

/**
 * Exchanges the requests beside a leader's signed re-proposal of a prepared block. It replaces
 * those that name the block by the requests of a quorum that names none, so that the block looks
 * like a new one of another builder. It hides its own requests from the leader, so that the
 * leader's quorum must contain nodes with a lock. It does not vote in views above 0, so that these
 * need the votes of all honest nodes. As leader, it sends its own re-proposals in both forms.
 */
export const requestExchanger: Strategy = {
  name: "request-exchanger",
  create: (context) => {
    const requests = createRequests(context);
    return {
      incoming: (message) => {
        requests.hear(message);
        const exchanged = exchange(context, message, requests.at);
        if (exchanged !== undefined) sendToHonest(context, exchanged);
        return true;
      },
      outgoing: (dispatch) => {
        const { message } = dispatch;
        requests.hear(message);
        if (context.isAccomplice(dispatch.to)) return [dispatch];
        if (isVoteAbove0(message) || isRequestTo(context, dispatch)) return [];
        const exchanged = exchange(context, message, requests.at);
        if (exchanged === undefined) return [dispatch];
        return [replaced(dispatch, exchanged), { ...dispatch, delayMs: LATER_MS }];
      },
    };
  },
};

/** ViewChange messages of the current sequence that name no prepared block. */
function createRequests(context: StrategyContext) {
  const known = new Map<string, ViewChange>();
  let sequence = 0;
  return {
    hear(message: ConsensusMessage): void {
      if (message.type !== "view-change" || message.body.prepared !== undefined) return;
      const current = context.head().header.sequence + 1;
      if (current !== sequence) known.clear();
      sequence = current;
      if (message.body.sequence !== current) return;
      known.set(`${message.body.newView} ${message.voter}`, message);
    },
    at: (view: View): readonly Vote[] =>
      [...known.values()]
        .filter(({ body }) => body.newView === view)
        .map(({ voter, signature }) => ({ voter, prepared: undefined, signature })),
  };
}

/**
 * Returns a re-proposal with other requests beside it. Undefined if the message is no re-proposal,
 * or if no quorum is known whose requests name no block.
 */
function exchange(
  context: StrategyContext,
  message: ConsensusMessage,
  requestsAt: (view: View) => readonly Vote[],
): NewViewMessage | undefined {
  if (message.type !== "new-view" || message.prepareCertificate === undefined) return undefined;
  const head = context.head();
  const { view, sequence } = message.proposal;
  if (sequence !== head.header.sequence + 1) return undefined;
  const own = ownIndex(context);
  const others = requestsAt(view).filter(({ voter }) => voter !== own);
  const votes = [...others, ...ownVote(context, view)].toSorted(
    (left, right) => left.voter - right.voter,
  );
  const power = powerOf(
    head.validators,
    votes.map(({ voter }) => voter),
  );
  if (!isQuorum(power, head.validators)) return undefined;
  return { ...message, votes, prepareCertificate: undefined };
}

/** Returns this node's own request for a view, which names no block whatever is prepared. */
function ownVote(context: StrategyContext, newView: View): readonly Vote[] {
  const voter = ownIndex(context);
  if (voter === undefined) return [];
  const { signature } = signedRequest(context, { voter, newView });
  return [{ voter, prepared: undefined, signature }];
}

function isVoteAbove0(message: ConsensusMessage): boolean {
  return (message.type === "prepare" || message.type === "commit") && message.view > 0;
}

/** Whether a message is a request, to the node that leads the view which it asks for. */
function isRequestTo(context: StrategyContext, { message, to }: Dispatch): boolean {
  if (message.type !== "view-change") return false;
  const head = context.head();
  const sequence = toSequence(head.header.sequence + 1);
  const leader = head.validators.validators[leaderAt({ head, sequence }, message.body.newView)];
  return leader !== undefined && toHex(leader.id) === toHex(to);
}

function sendToHonest({ others, isAccomplice, send }: StrategyContext, message: NewViewMessage) {
  for (const to of others) if (!isAccomplice(to)) send({ to, message, delayMs: 0 });
}
