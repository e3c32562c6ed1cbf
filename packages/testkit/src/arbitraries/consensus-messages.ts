import {
  blockDigest,
  type ConsensusMessage,
  outlineOf,
  type PrePrepare,
  signableProposal,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { TEST_CHAIN } from "../fixtures/test-chain.ts";
import { type BlockOptions, proofBlocks } from "./proof-blocks.ts";
import { newViews, viewChanges } from "./view-changes.ts";
import { voters, votes } from "./votes.ts";

/**
 * PrePrepares of view 0, signed by any validator of the chain. Each contains the outline of its
 * block, which has the hashes of the items in place of the items.
 */
export function prePrepares(options: BlockOptions = {}): fc.Arbitrary<PrePrepare> {
  const { chain = TEST_CHAIN } = options;
  return fc
    .record({ block: proofBlocks(options), leader: voters(chain.set) })
    .map(({ block, leader }) => {
      const { sequence } = block.header;
      const vote = { sequence, view: toView(0), digest: blockDigest(block.header) };
      const signature = chain.signers[leader]?.sign(signableProposal(chain.genesis, vote));
      if (signature === undefined) throw new RangeError(`the chain has no validator ${leader}`);
      return { proposal: { ...vote, leader, signature }, outline: outlineOf(block) };
    });
}

/**
 * Consensus messages of every type, with real signatures. Their sequences and blocks are unrelated.
 */
export function consensusMessages(options: BlockOptions = {}): fc.Arbitrary<ConsensusMessage> {
  return fc.oneof(
    votes(options),
    prePrepares(options).map((message) => ({ type: "pre-prepare" as const, ...message })),
    viewChanges(options).map((message) => ({ type: "view-change" as const, ...message })),
    newViews(options).map((message) => ({ type: "new-view" as const, ...message })),
  );
}
