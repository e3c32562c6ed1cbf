import { itemProof } from "@aethel/models";
import type { Strategy } from "../behaviour/strategy.ts";

/**
 * Keeps the proofs of about half of the authors out of its mempool, so its blocks never contain
 * them.
 */
export const censor: Strategy = {
  name: "censor",
  isOfLedger: true,
  create: ({ random }) => {
    const salt = random.below(256);
    return { takes: (item) => ((itemProof(item).body.author[0] ?? 0) ^ salt) % 2 === 0 };
  },
};
