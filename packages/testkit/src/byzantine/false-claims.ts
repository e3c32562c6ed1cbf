import { rememberBlock } from "./own-block.ts";
import type { Strategy } from "./strategy.ts";

/**
 * As leader, calls intents proved that the Judge refutes, in blocks that are right in everything
 * else, and votes for whatever is proposed: for the lies of its accomplices too.
 */
export const falseProver: Strategy = {
  name: "false-prover",
  isOfLedger: true,
  create: ({ conspiracy, lie }) => ({
    application: (inner) => ({
      ...inner,
      verify: async () => ({ type: "accepted" }),
      propose: async (request) => {
        const block = await inner.propose(request);
        const lied = block === undefined ? undefined : await lie(block);
        if (lied !== undefined) rememberBlock(conspiracy.blocks, lied);
        return lied ?? block;
      },
    }),
  }),
};
