import { toHex } from "@aethel/models";
import { VIRTUAL_EPOCH_MS } from "../../fixtures/test-genesis.ts";
import type { Strategy } from "../behaviour/strategy.ts";

/** Sends nothing, and answers every request with `absent`. */
export const silent: Strategy = {
  name: "silent",
  create: ({ head }) => ({
    outgoing: () => [],
    answer: () => ({ type: "absent", head: head().header.sequence }),
  }),
};

/** Sends to half of the other nodes only. The half is drawn anew every four sequences. */
export const selectiveSender: Strategy = {
  name: "selective-sender",
  create: ({ head, others, random }) => {
    const favourites = (): ReadonlySet<string> => {
      const period = Math.floor(head().header.sequence / 4);
      const chosen = random.fork(`favourites/${period}`).shuffle(others);
      return new Set(chosen.slice(0, Math.ceil(others.length / 2)).map((peer) => toHex(peer)));
    };
    return {
      outgoing: (dispatch) => (favourites().has(toHex(dispatch.to)) ? [dispatch] : []),
    };
  },
};

/** Sends everything 0.7 to 1.6 seconds late: around the first time-out of the others. */
export const delayedVotes: Strategy = {
  name: "delayed-votes",
  create: ({ random }) => ({
    outgoing: (dispatch) => [{ ...dispatch, delayMs: dispatch.delayMs + 700 + random.below(900) }],
  }),
};

/** Follows the protocol for 5 or 599 virtual seconds, then falls silent for ever. */
export const deserter: Strategy = {
  name: "deserter",
  create: ({ clock, head, random }) => {
    const lastMs = VIRTUAL_EPOCH_MS + random.pick([5_000, 599_000]);
    const isGone = (): boolean => clock.now() > lastMs;
    return {
      outgoing: (dispatch) => (isGone() ? [] : [dispatch]),
      answer: () => (isGone() ? { type: "absent", head: head().header.sequence } : undefined),
    };
  },
};
