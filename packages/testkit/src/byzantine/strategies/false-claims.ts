import type { LieAbout } from "../../applications/application-kind.ts";
import { rememberBlock } from "../behaviour/own-block.ts";
import type { Strategy } from "../behaviour/strategy.ts";

/**
 * As leader, calls intents proved that the Judge refutes, in blocks that are right in everything
 * else, and votes for whatever is proposed: for the lies of its accomplices too.
 */
export const falseProver: Strategy = liar("false-prover", "verdict");

/**
 * As leader, calls theorems certified for which only the solver vouches, so that they would count and
 * mint; it votes for whatever is proposed.
 */
export const falseCertifier: Strategy = liar("false-certifier", "trust");

function liar(name: string, about: LieAbout): Strategy {
  return {
    name,
    isOfLedger: true,
    create: ({ conspiracy, lie }) => ({
      application: (inner) => ({
        ...inner,
        verify: async () => ({ type: "accepted" }),
        propose: async (request) => {
          const block = await inner.propose(request);
          const lied = block === undefined ? undefined : await lie(block, about);
          if (lied !== undefined) rememberBlock(conspiracy.blocks, lied);
          return lied ?? block;
        },
      }),
    }),
  };
}
