import {
  type Block,
  type BlockHeader,
  LedgerHeader,
  ledgerHeader,
  parentCertificateRoot,
  sha256,
  toDifficulty,
  toTimestamp,
  withLedgerHeader,
} from "@aethel/models";
import type { Strategy, StrategyContext } from "../behaviour/strategy.ts";

/** Votes for every proposal without validating it. */
export const credulous: Strategy = {
  name: "credulous",
  create: () => ({
    application: (inner) => ({ ...inner, verify: async () => ({ type: "accepted" }) }),
  }),
};

/**
 * As leader, proposes blocks with a wrong state root. It votes for every proposal, so also for
 * those of its accomplices.
 */
export const falseLeader: Strategy = wrongBlocks("false-leader", (block) => ({
  ...block,
  header: { ...block.header, application: block.header.application.toReversed() },
}));

/**
 * As leader, claims more difficulty than the Judge gave. Where the application is no ledger, it
 * claims another state.
 */
export const wrongDifficulty: Strategy = wrongBlocks("wrong-difficulty", (block) => ({
  ...block,
  header: withMoreDifficulty(block.header),
}));

function withMoreDifficulty(header: BlockHeader): BlockHeader {
  const { application } = header;
  if (application.length !== LedgerHeader.maxBytes) {
    return { ...header, application: sha256(application) };
  }
  const { totalDifficulty } = ledgerHeader(header);
  return withLedgerHeader(header, { totalDifficulty: toDifficulty(totalDifficulty + 1) });
}

/**
 * As leader, dates blocks ten hours ahead. A node that accepted one could not propose before that
 * time.
 */
export const timeTraveller: Strategy = wrongBlocks("time-traveller", (block) => ({
  ...block,
  header: { ...block.header, timestamp: toTimestamp(block.header.timestamp + 36_000_000) },
}));

/** As leader, leaves out the certificate of the parent block, by which its voters are paid. */
export const orphaner: Strategy = wrongBlocks("orphaner", (block) => ({
  ...block,
  header: { ...block.header, parentCertificateRoot: parentCertificateRoot(undefined) },
  parentCertificate: undefined,
}));

/** As leader, names another validator as the proposer of its blocks. */
export const impostor: Strategy = wrongBlocks("impostor", (block, { random, others }) => ({
  ...block,
  header: { ...block.header, proposer: random.pick(others) },
}));

/**
 * Creates a strategy that changes most of the blocks that it proposes into invalid ones, and votes
 * for every proposal.
 */
function wrongBlocks(
  name: string,
  spoil: (block: Block, context: StrategyContext) => Block,
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
