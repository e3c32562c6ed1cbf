import type { Strategy } from "../behaviour/strategy.ts";

/** Lets no proof of about half of the authors into its mempool, and so into no block of its own. */
export const censor: Strategy = {
  name: "censor",
  isOfLedger: true,
  create: ({ random }) => {
    const salt = random.below(256);
    return { takes: ({ body }) => ((body.author[0] ?? 0) ^ salt) % 2 === 0 };
  },
};
