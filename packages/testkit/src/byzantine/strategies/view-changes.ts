import { signableViewChange, toView } from "@aethel/models";
import type { Strategy } from "../behaviour/strategy.ts";
import { ownIndex, sendToAll, signedRequest } from "../behaviour/votes.ts";

/**
 * Asks for other views without a reason: view 1, 2, 3 or 7, or one far ahead. It claims never to
 * have prepared anything.
 */
export const restless: Strategy = {
  name: "restless",
  create: (context) => ({
    act: () => {
      const { random } = context;
      const voter = ownIndex(context);
      if (voter === undefined || !random.chance(0.5)) return;
      const newView = toView(random.pick([1, 1, 2, 3, 7, 1_000_000]));
      sendToAll(context, signedRequest(context, { voter, newView }));
    },
  }),
};

/** Hides its lock: each of its ViewChange messages claims that nothing was prepared. */
export const forgetful: Strategy = {
  name: "forgetful",
  create: ({ genesis, signer }) => ({
    outgoing: (dispatch) => {
      const { message } = dispatch;
      if (message.type !== "view-change") return [dispatch];
      const body = { ...message.body, prepared: undefined };
      const signature = signer.sign(signableViewChange(genesis, body));
      const lie = { ...message, body, signature, prepareCertificate: undefined };
      return [{ ...dispatch, message: lie }];
    },
  }),
};
