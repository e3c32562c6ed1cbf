import type { ConsensusMessage, Digest } from "@aethel/models";
import {
  type AuthenticationContext,
  type AuthenticationDefect,
  authenticate,
  findWrongOutline,
} from "../authenticate.ts";
import type { State } from "../state.ts";
import { sequenceOf } from "../statement.ts";
import type { Accounts } from "./accounts.ts";
import type { CountingVerify } from "./counting-verify.ts";
import type { Delivery } from "./input-queue.ts";
import type { SenderBudgets } from "./sender-budget.ts";
import { createSpoiltBlocks } from "./spoilt-blocks.ts";
import { bare } from "./triage.ts";
import { contextAt } from "./verification.ts";

/**
 * Message without the parts that are wrong, or the reason for which the message is not authentic.
 */
export type Checked =
  | { readonly type: "right"; readonly message: ConsensusMessage }
  | { readonly type: "wrong"; readonly defect: AuthenticationDefect };

/**
 * Creates the function that verifies the signatures and the outline of a message. The sender is
 * charged for each verified signature, unless the caller passes `owed`. If an outline is left out,
 * `discard` is called with its defect.
 */
export function createChecking(options: {
  readonly genesis: Digest;
  readonly verifying: CountingVerify;
  readonly budgets: SenderBudgets;
  readonly accounts: Accounts;
  readonly discard: (delivery: Delivery, defect: AuthenticationDefect) => void;
}): (delivery: Delivery, now: State, owed: "owed" | undefined) => Checked {
  const { genesis, verifying, budgets, accounts } = options;
  const { verify } = verifying;
  const spoilt = createSpoiltBlocks();

  /**
   * Returns a proposal without its outline if the outline is wrong. The signed proposal stays
   * valid, since any relay may have exchanged the outline.
   */
  const withRightOutline = (
    delivery: Delivery,
    context: AuthenticationContext,
    owed: "owed" | undefined,
  ): ConsensusMessage => {
    const { message } = delivery;
    if (message.type !== "pre-prepare" || message.outline === undefined) return message;
    const { outline, proposal } = message;
    const { digest } = proposal;
    const account = accounts.ofOutline(delivery, message, context);
    if (owed === undefined && spoilt.isFull(account)) return bare(proposal);
    const defect = findWrongOutline({ outline, digest }, context);
    if (defect === undefined) return message;
    const names = outline.items.length + outline.annex.length;
    // Finding that a header is another one costs next to nothing.
    if (defect !== "digest-mismatch") spoilt.add(account, names);
    options.discard(delivery, defect);
    return bare(proposal);
  };

  return (delivery, now, owed) => {
    const { message } = delivery;
    const before = verifying.count();
    const context = contextAt(now, sequenceOf(message), { genesis, verify });
    const signed = message.type === "pre-prepare" ? bare(message.proposal) : message;
    const defect = authenticate(signed, context);
    const right = defect === undefined ? withRightOutline(delivery, context, owed) : message;
    if (owed === undefined) budgets.charge(accounts.of(delivery), verifying.count() - before);
    return defect === undefined ? { type: "right", message: right } : { type: "wrong", defect };
  };
}
