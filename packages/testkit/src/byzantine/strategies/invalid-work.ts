import {
  type ProofBlock,
  parentCertificateRoot,
  toDifficulty,
  toRoot,
  toTimestamp,
} from "@aethel/models";
import type { Strategy, StrategyContext } from "../behaviour/strategy.ts";

/** Votes for whatever is proposed, without judging or executing it. */
export const credulous: Strategy = {
  name: "credulous",
  create: () => ({
    application: (inner) => ({ ...inner, verify: async () => ({ type: "accepted" }) }),
  }),
};

/** As leader, proposes blocks whose state root is wrong, and votes for them like its accomplices. */
export const falseLeader: Strategy = wrongBlocks("false-leader", (block) => ({
  ...block,
  header: {
    ...block.header,
    stateRootAfter: toRoot(block.header.stateRootAfter.toReversed()),
  },
}));

/** As leader, claims more difficulty than the Judge gave. */
export const wrongDifficulty: Strategy = wrongBlocks("wrong-difficulty", (block) => ({
  ...block,
  header: {
    ...block.header,
    totalDifficulty: toDifficulty(block.header.totalDifficulty + 1),
  },
}));

/** As leader, dates blocks hours ahead: who accepts them waits for that time to come. */
export const timeTraveller: Strategy = wrongBlocks("time-traveller", (block) => ({
  ...block,
  header: { ...block.header, timestamp: toTimestamp(block.header.timestamp + 36_000_000) },
}));

/** As leader, leaves out the certificate that paid the voters of the last block. */
export const orphaner: Strategy = wrongBlocks("orphaner", (block) => ({
  ...block,
  header: { ...block.header, parentCertificateRoot: parentCertificateRoot(undefined) },
  parentCertificate: undefined,
}));

/** As leader, proposes blocks in the name of another, who never said so. */
export const impostor: Strategy = wrongBlocks("impostor", (block, { random, others }) => ({
  ...block,
  header: { ...block.header, proposer: random.pick(others) },
}));

/** Most of the blocks that it leads are spoilt, and it votes for whatever is proposed. */
function wrongBlocks(
  name: string,
  spoil: (block: ProofBlock, context: StrategyContext) => ProofBlock,
): Strategy {
  return {
    name,
    create: (context) => ({
      application: (inner) => ({
        ...inner,
        verify: async () => ({ type: "accepted" }),
        propose: async (request) => {
          const block = await inner.propose(request);
          return block === undefined || context.random.chance(0.3) ? block : spoil(block, context);
        },
      }),
    }),
  };
}
