import { type SyncRequest, toHex } from "@aethel/models";
import type { Strategy } from "../behaviour/strategy.ts";

/** Proposes blocks that it gives to nobody, neither with the proposal nor on request. */
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

/** Gives its blocks to one node only, so that the others depend on that one. */
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
