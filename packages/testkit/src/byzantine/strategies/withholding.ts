import { type SyncRequest, toHex } from "@aethel/models";
import type { Strategy } from "../behaviour/strategy.ts";

/**
 * Gives its blocks to nobody: its proposals have no outline, and it answers requests for blocks
 * with `absent`.
 */
export const withholder: Strategy = {
  name: "withholder",
  create: ({ head }) => ({
    outgoing: (dispatch) => {
      const { message } = dispatch;
      if (message.type !== "pre-prepare") return [dispatch];
      return [{ ...dispatch, message: { ...message, outline: undefined } }];
    },
    answer: (request) =>
      isForBlock(request) ? { type: "absent", head: head().header.sequence } : undefined,
  }),
};

/**
 * Sends the outline of its blocks to one node only, so that the others must get the block from
 * there.
 */
export const stingy: Strategy = {
  name: "stingy",
  create: ({ head, others, random }) => {
    const friend = random.pick(others);
    return {
      outgoing: (dispatch) => {
        const { message, to } = dispatch;
        const open = message.type !== "pre-prepare" || toHex(to) === toHex(friend);
        return open ? [dispatch] : [{ ...dispatch, message: { ...message, outline: undefined } }];
      },
      answer: (request) =>
        isForBlock(request) ? { type: "absent", head: head().header.sequence } : undefined,
    };
  },
};

/** Returns whether a request wants a proposed block or a part of it. */
function isForBlock({ type }: SyncRequest): boolean {
  return type === "block" || type === "items";
}
