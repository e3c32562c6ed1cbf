import type { LieAbout } from "../../applications/application-kind.ts";
import { rememberBlock } from "../behaviour/own-block.ts";
import type { Strategy } from "../behaviour/strategy.ts";

/**
 * As leader, claims that refuted intents are proved; all else in its blocks is valid. It votes for
 * every proposal, so it also votes for the lies of its accomplices.
 */
export const falseProver: Strategy = liar("false-prover", "verdict");

/**
 * As leader, claims that theorems are certified although only the solver confirmed them, so that
 * they would count and mint. It votes for every proposal.
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
