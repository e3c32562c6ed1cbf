import {
  type Block,
  blockDigest,
  type ConsensusMessage,
  type Digest,
  equalBytes,
  outlineOf,
  sha256,
  toHex,
  toTimestamp,
} from "@aethel/models";
import { rememberBlock } from "../behaviour/own-block.ts";
import type { Behaviour, SplitProposal, Strategy, StrategyContext } from "../behaviour/strategy.ts";
import { replaced, resignedProposal, signedVote } from "../behaviour/votes.ts";

type Fresh = Extract<ConsensusMessage, { readonly type: "pre-prepare" | "new-view" }>;

/**
 * As leader, shows one block to half of the honest nodes and another to the other half. Both blocks
 * are valid; their timestamps differ by a millisecond.
 */
export const equivocatingLeader: Strategy = {
  name: "equivocating-leader",
  create: (context): Behaviour => ({
    outgoing: (dispatch) => {
      const { message } = dispatch;
      if (!isFresh(message)) return [dispatch];
      const split = findSplit(context, message.proposal) ?? makeSplit(context, message);
      if (split === undefined || !split.second.has(toHex(dispatch.to))) return [dispatch];
      const [, other] = split.digests;
      return [replaced(dispatch, proposing(context, message, other))];
    },
    ...servingTwins(context),
  }),
};

/**
 * As leader, sends everybody two blocks for one sequence and view. The two proposals together are
 * evidence.
 */
export const doubleProposer: Strategy = {
  name: "double-proposer",
  isOfLedger: true,
  create: (context): Behaviour => ({
    outgoing: (dispatch) => {
      const { message } = dispatch;
      const other = isFresh(message) ? twinOf(context, message.proposal.digest) : undefined;
      if (!isFresh(message) || other === undefined) return [dispatch];
      return [dispatch, replaced(dispatch, proposing(context, message, other))];
    },
    ...servingTwins(context),
  }),
};

/**
 * Sends each node votes for the block that an equivocating leader showed to that node. It sends
 * COMMIT together with PREPARE, without waiting for a certificate.
 */
export const doubleVoter: Strategy = {
  name: "double-voter",
  create: (context): Behaviour => ({
    outgoing: (dispatch) => {
      const { message } = dispatch;
      if (message.type !== "prepare") return [dispatch];
      const split = findSplit(context, message);
      const [first, second] = split?.digests ?? [message.digest, message.digest];
      const digest = split?.second.has(toHex(dispatch.to)) === true ? second : first;
      const vote = { ...message, digest };
      return [
        replaced(dispatch, signedVote(context, "prepare", vote)),
        replaced(dispatch, signedVote(context, "commit", vote)),
      ];
    },
  }),
};

/**
 * Votes for three blocks instead of one: the proposed block and two that do not exist. It does so
 * for about a third of all proposed blocks, and sends the three votes to everybody. Each phase
 * counts as one offence, however many of these votes are reported as evidence.
 */
export const tripleVoter: Strategy = {
  name: "triple-voter",
  isOfLedger: true,
  create: (context): Behaviour => ({
    outgoing: (dispatch) => {
      const { message } = dispatch;
      if (message.type !== "prepare" && message.type !== "commit") return [dispatch];
      const [first = 0] = message.digest;
      if (first % 3 !== 0) return [dispatch];
      const second = sha256(message.digest);
      const others = [second, sha256(second)].map((digest) =>
        replaced(dispatch, signedVote(context, message.type, { ...message, digest })),
      );
      return [dispatch, ...others];
    },
  }),
};

/**
 * Returns whether a message proposes a new block, which its sender chose, and not a prepared one.
 */
function isFresh(message: ConsensusMessage): message is Fresh {
  if (message.type === "pre-prepare") return true;
  return message.type === "new-view" && message.prepareCertificate === undefined;
}

/** Returns the message with a signed proposal of another block. */
function proposing(context: StrategyContext, message: Fresh, digest: Digest): ConsensusMessage {
  const proposal = resignedProposal(context, message.proposal, digest);
  if (message.type === "new-view") return { ...message, proposal };
  const twin = context.conspiracy.blocks.get(toHex(digest));
  const isBare = message.outline === undefined || twin === undefined;
  return { ...message, proposal, outline: isBare ? undefined : outlineOf(twin) };
}

/** Makes a second valid block (the twin) for each block that the node proposes, and serves both. */
function servingTwins(context: StrategyContext): Pick<Behaviour, "answer" | "application"> {
  return {
    answer: (request) => {
      if (request.type !== "block" && request.type !== "items") return undefined;
      const block = context.conspiracy.blocks.get(toHex(request.digest));
      if (block === undefined) return undefined;
      if (request.type === "block") return { type: "block", block };
      return { type: "items", items: request.places.flatMap((place) => block.items[place] ?? []) };
    },
    // The replica's own block is known only here: its proposal may be sent without it.
    application: (inner) => ({
      ...inner,
      propose: async (request) => {
        const block = await inner.propose(request);
        if (block === undefined) return undefined;
        // The twin is executed too: a ledger's state contains the time, so changing the header
        // alone would not do.
        const timestamp = toTimestamp(request.timestamp + 1);
        const twin = await inner.propose({ ...request, timestamp }).catch(() => undefined);
        if (twin !== undefined) remember(context, block, twin);
        return block;
      },
    }),
  };
}

function findSplit(
  context: StrategyContext,
  place: Pick<SplitProposal, "sequence" | "view">,
): SplitProposal | undefined {
  return context.conspiracy.splits.find(
    ({ sequence, view }) => sequence === place.sequence && view === place.view,
  );
}

function makeSplit(context: StrategyContext, message: Fresh): SplitProposal | undefined {
  const { sequence, view, digest } = message.proposal;
  const twin = twinOf(context, digest);
  if (twin === undefined) return undefined;
  const honest = context.others.filter((peer) => !context.isAccomplice(peer));
  const half = context.random.shuffle(honest).slice(Math.floor(honest.length / 2));
  const second = new Set(half.map((peer) => toHex(peer)));
  const split: SplitProposal = { sequence, view, digests: [digest, twin], second };
  context.conspiracy.splits.push(split);
  if (context.conspiracy.splits.length > 64) context.conspiracy.splits.shift();
  return split;
}

/**
 * Returns the digest of the twin of a block. Undefined if this node did not propose the block, or
 * made no twin.
 */
function twinOf(context: StrategyContext, digest: Digest): Digest | undefined {
  const { blocks, twins } = context.conspiracy;
  const block = blocks.get(toHex(digest));
  if (block === undefined || !equalBytes(block.header.proposer, context.id)) return undefined;
  return twins.get(toHex(digest));
}

function remember({ conspiracy }: StrategyContext, block: Block, twin: Block): void {
  const { blocks, twins } = conspiracy;
  for (const each of [block, twin]) rememberBlock(blocks, each);
  twins.set(toHex(blockDigest(block.header)), blockDigest(twin.header));
  const [oldest] = twins.keys();
  if (twins.size > TWINS_MAX && oldest !== undefined) twins.delete(oldest);
}

const TWINS_MAX = 64;
