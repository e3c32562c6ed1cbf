import { toRoot } from "@aethel/models";
import type { Strategy } from "./strategy.ts";

/** Votes for whatever is proposed, without judging or executing it. */
export const credulous: Strategy = {
  name: "credulous",
  create: () => ({
    application: (inner) => ({ ...inner, verify: async () => ({ type: "accepted" }) }),
  }),
};

/** As leader, proposes blocks whose state root is wrong, and votes for them like its accomplices. */
export const falseLeader: Strategy = {
  name: "false-leader",
  create: ({ random }) => ({
    application: (inner) => ({
      ...inner,
      verify: async () => ({ type: "accepted" }),
      propose: async (request) => {
        const block = await inner.propose(request);
        if (block === undefined || random.chance(0.3)) return block;
        const stateRootAfter = toRoot(block.header.stateRootAfter.toReversed());
        return { ...block, header: { ...block.header, stateRootAfter } };
      },
    }),
  }),
};
