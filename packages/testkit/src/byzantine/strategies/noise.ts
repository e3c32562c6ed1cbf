import {
  type ConsensusMessage,
  type Digest,
  sha256,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import type { Random } from "../../random.ts";
import type { Strategy, StrategyContext } from "../behaviour/strategy.ts";
import { ownIndex, signedVote } from "../behaviour/votes.ts";

const REMEMBERED_MAX = 256;
const FLOOD = 40;

/**
 * Sends messages that can be decoded but are wrong: votes for blocks that do not exist, voters that
 * do not exist, changed content under an old signature.
 */
export const garbage: Strategy = {
  name: "garbage",
  create: (context) => {
    const { random, others, send } = context;
    let heard: ConsensusMessage | undefined;
    return {
      incoming: (message) => {
        if (random.chance(0.1)) heard = message;
        return true;
      },
      act: () => {
        const message = random.chance(0.5) ? nonsense(context) : damaged(random, heard);
        if (message !== undefined) send({ to: random.pick(others), message, delayMs: 0 });
      },
    };
  },
};

/** Sends again messages that it once sent or received, of any sequence, to random nodes. */
export const replaying: Strategy = {
  name: "replay",
  create: ({ random, others, send }) => {
    const heard: ConsensusMessage[] = [];
    const remember = (message: ConsensusMessage): void => {
      if (heard.length < REMEMBERED_MAX) heard.push(message);
      else heard[random.below(REMEMBERED_MAX)] = message;
    };
    return {
      incoming: (message) => {
        remember(message);
        return true;
      },
      outgoing: (dispatch) => {
        remember(dispatch.message);
        return [dispatch];
      },
      act: () => {
        if (heard.length === 0) return;
        send({ to: random.pick(others), message: random.pick(heard), delayMs: 0 });
      },
    };
  },
};

/**
 * Sends forty messages at a time to one node: votes for blocks that do not exist, and copies of the
 * last message that it received.
 */
export const flooding: Strategy = {
  name: "flooding",
  create: (context) => {
    let heard: ConsensusMessage | undefined;
    return {
      incoming: (message) => {
        heard = message;
        return true;
      },
      act: () => {
        const to = context.random.pick(context.others);
        for (let at = 0; at < FLOOD; at++) {
          const message = at % 2 === 0 ? nonsense(context) : heard;
          if (message !== undefined) context.send({ to, message, delayMs: 0 });
        }
      },
    };
  },
};

/**
 * Returns a vote, signed with the node's key, for a block that does not exist, at or near the
 * current sequence. Undefined if the node is not in the validator set.
 */
function nonsense(context: StrategyContext): ConsensusMessage | undefined {
  const { random } = context;
  const voter = ownIndex(context);
  if (voter === undefined) return undefined;
  const { header } = context.head();
  const vote = {
    sequence: toSequence(header.sequence + random.below(4)),
    view: toView(random.below(6)),
    digest: anyDigest(random),
    voter: random.chance(0.2) ? toValidatorIndex(random.below(65_536)) : voter,
  };
  return signedVote(context, random.pick(["prepare", "commit"] as const), vote);
}

/**
 * Returns the message with one part changed, so that its signature is wrong. Undefined if there is
 * no message.
 */
function damaged(
  random: Random,
  message: ConsensusMessage | undefined,
): ConsensusMessage | undefined {
  switch (message?.type) {
    case "prepare":
    case "commit":
      return { ...message, digest: anyDigest(random) };
    case "view-change":
      return { ...message, body: { ...message.body, newView: toView(random.below(20)) } };
    case "new-view":
      return { ...message, votes: message.votes.slice(random.below(message.votes.length + 1)) };
    case "pre-prepare": {
      const signature = toSignature(message.proposal.signature.toReversed());
      return { ...message, proposal: { ...message.proposal, signature } };
    }
    case undefined:
      return undefined;
  }
}

function anyDigest(random: Random): Digest {
  return sha256(Uint8Array.of(random.below(256), random.below(256), random.below(256)));
}
