import {
  type AccountId,
  type ConsensusMessage,
  equalBytes,
  type PrePrepare,
  toHex,
  validatorAt,
} from "@aethel/models";
import { type AuthenticationContext, authenticate, findWrongOutline } from "../authenticate.ts";
import type { Config } from "../config.ts";
import type { Occurrence } from "../input.ts";
import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import type { State } from "../state.ts";
import { sequenceOf, signerOf } from "../statement.ts";
import { createBoundaryStash } from "./boundary-stash.ts";
import type { CountingVerify } from "./counting-verify.ts";
import { createInputQueue, type Delivery } from "./input-queue.ts";
import { createSenderBudgets, verificationLimit } from "./sender-budget.ts";
import { type BlockAccount, createSpoiltBlocks } from "./spoilt-blocks.ts";
import { bare, triage } from "./triage.ts";
import { contextAt } from "./verification.ts";

/**
 * Queue for the messages of others. Each message must pass cheap checks, then the budget of its
 * sender, then the verification of its signatures and of its block.
 */
export interface Inbox {
  /** Queues a message or drops it. Returns whether a message now waits for the engine. */
  deliver(message: ConsensusMessage, from: AccountId | undefined): boolean;
  /** Removes and returns the next message; undefined if none waits. */
  shift(): Delivery | undefined;
  /**
   * Checks a message and returns the input for the engine. Undefined if the message is dropped or
   * held. With `owed`, no sender is charged: the message is this replica's own or was verified
   * before.
   */
  validate(delivery: Delivery, owed?: "owed"): Occurrence | undefined;
  /**
   * Does work for a peer. Charges the peer for each signature that the work verifies, and for
   * `made` signatures that it makes. Returns undefined without doing the work if the peer's budget
   * is used up.
   */
  afford<T>(from: AccountId | undefined, made: number, work: () => T): T | undefined;
  /**
   * Empties the stash of held messages after the current block was applied. Returns them if the set
   * has changed with that block. If it has not, they still cannot be verified and are dropped. The
   * senders are charged when the returned messages are validated.
   */
  crossBoundary(hasChanged: boolean): readonly Delivery[];
  size(): number;
  clear(): void;
}

/** Creates an empty inbox. Until the replica has a state, all messages are queued. */
export function createInbox(wiring: {
  readonly config: Pick<Config, "minBlockIntervalMs">;
  readonly options: Pick<ReplicaOptions, "genesis">;
  readonly verifying: CountingVerify;
  readonly elapsed: () => number;
  readonly state: () => State | undefined;
  /**
   * Whether a name (an id in hexadecimal digits) belongs to a validator of the current sequence.
   */
  readonly isValidator: (name: string) => boolean;
  readonly input: (occurrence: Occurrence) => void;
  readonly emit: (event: ReplicaEvent) => void;
}): Inbox {
  const { config, verifying, state, isValidator, input, emit } = wiring;
  const { genesis } = wiring.options;
  const { verify } = verifying;
  const queue = createInputQueue(isValidator);
  const budgets = createSenderBudgets({
    now: wiring.elapsed,
    limit: () => verificationLimit(config, state()?.head.validators.validators.length ?? 0),
  });
  const boundary = createBoundaryStash();
  const spoilt = createSpoiltBlocks();

  const discard = (
    { message, from }: Delivery,
    reason: Extract<ReplicaEvent, { type: "discarded" }>["reason"],
  ): undefined => {
    emit({ type: "discarded", input: message.type, reason, from });
    return undefined;
  };

  /**
   * Returns the name of the account that is charged for a message. A validator is charged for what
   * it sends itself. Relayed messages are charged to an account for the validator that they name as
   * signer, and messages of all other senders likewise to another account. So junk in one
   * validator's name does not block messages of others.
   */
  const accountOf = (delivery: Delivery): string => {
    const { message, from } = delivery;
    if (from !== undefined && isOwn(delivery)) return toHex(from);
    const signer = signerOf(message);
    const named = isIndex(signer) ? signer : "unknown";
    return `${from === undefined ? "relayed" : "others"}/${named}`;
  };
  /**
   * Whether an index is in a known set. All other indices share one account, since there would be
   * too many otherwise.
   */
  const isIndex = (index: number): boolean => {
    const { validators, previousValidators } = state()?.head ?? {};
    return [validators, previousValidators].some(
      (set) => set !== undefined && index < set.validators.length,
    );
  };
  const isOwn = ({ from }: Delivery): boolean => from !== undefined && isValidator(toHex(from));

  /**
   * Holds a message of the next sequence that cannot be verified yet, because the set may change
   * with the current block. Returns false if the message is not held.
   */
  const isHeld = (delivery: Delivery, now: State): boolean => {
    const { message } = delivery;
    const sender = { name: accountOf(delivery), isShared: !isOwn(delivery) };
    return sequenceOf(message) === now.sequence + 1 && boundary.hold(delivery, sender);
  };

  const isRefused = (delivery: Delivery): boolean => !budgets.mayCost(accountOf(delivery));

  /**
   * Returns the account to which a wrong outline counts. The leader has an account of its own.
   * Nobody else has a reason to send its outline, so all other validators share one account.
   */
  const outlineAccountOf = (
    delivery: Delivery,
    { proposal }: PrePrepare,
    { set }: AuthenticationContext,
  ): BlockAccount => {
    const { from } = delivery;
    const { sequence, leader } = proposal;
    const id = validatorAt(set, leader)?.id;
    const isLeader = from !== undefined && id !== undefined && equalBytes(from, id);
    const isRelay = isOwn(delivery) && !isLeader;
    const name = isRelay ? `validators/${leader}` : accountOf(delivery);
    return { name, isShared: !isLeader, sequence };
  };

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
    const account = outlineAccountOf(delivery, message, context);
    if (owed === undefined && spoilt.isFull(account)) return bare(proposal);
    const defect = findWrongOutline({ outline, digest }, context);
    if (defect === undefined) return message;
    // Finding that a header is another one costs next to nothing.
    if (defect !== "digest-mismatch")
      spoilt.add(account, outline.items.length + outline.annex.length);
    discard(delivery, defect);
    return bare(proposal);
  };

  const check = (
    delivery: Delivery,
    now: State,
    owed: "owed" | undefined,
  ): Occurrence | undefined => {
    const { message, from } = delivery;
    if (owed === undefined && isRefused(delivery)) return discard(delivery, "over-budget");
    const at = sequenceOf(message);
    const before = verifying.count();
    const context = contextAt(now, at, { genesis, verify });
    const signed = message.type === "pre-prepare" ? bare(message.proposal) : message;
    const defect = authenticate(signed, context);
    const right = defect === undefined ? withRightOutline(delivery, context, owed) : message;
    if (owed === undefined) budgets.charge(accountOf(delivery), verifying.count() - before);
    if (defect === undefined) return { type: "message", message: right, from };
    if (!isHeld(delivery, now)) discard(delivery, defect);
    if (at <= now.sequence) return undefined;
    return { type: "ahead", sequence: now.sequence, peer: undefined };
  };

  return {
    deliver(message, from) {
      const now = state();
      if (now !== undefined) {
        const verdict = triage(now, message);
        if (verdict.type === "drop") {
          if (verdict.reason !== "duplicate") discard({ message, from }, verdict.reason);
          return false;
        }
        if (verdict.type === "ahead") {
          // One that waits says as much as a thousand, so this needs no place in the queue.
          if (!isHeld({ message, from }, now)) discard({ message, from }, "future-sequence");
          input({ type: "ahead", sequence: verdict.sequence, peer: undefined });
          return true;
        }
        if (verdict.type === "check" && isRefused({ message, from })) {
          discard({ message, from }, "over-budget");
          return false;
        }
      }
      if (queue.push({ message, from })) return true;
      // Outlines that wait take the most room. The proposal alone has a place still.
      const isProposal = message.type === "pre-prepare" && message.outline !== undefined;
      if (isProposal && queue.push({ message: bare(message.proposal), from })) return true;
      discard({ message, from }, "queue-full");
      return false;
    },
    validate(delivery, owed) {
      const now = state();
      if (now === undefined) return undefined;
      const { message, from } = delivery;
      const verdict = triage(now, message);
      switch (verdict.type) {
        case "drop":
          return verdict.reason === "duplicate" ? undefined : discard(delivery, verdict.reason);
        case "ahead":
          if (!isHeld(delivery, now)) discard(delivery, "future-sequence");
          return { type: "ahead", sequence: verdict.sequence, peer: undefined };
        case "old":
          return { type: "message", message, from };
        case "check":
          return check({ message: verdict.message, from }, now, owed);
      }
    },
    afford(from, made, work) {
      const account = from === undefined ? "relayed" : toHex(from);
      if (!budgets.mayCost(account)) return undefined;
      const before = verifying.count();
      const result = work();
      budgets.charge(account, made + verifying.count() - before);
      return result;
    },
    crossBoundary(hasChanged) {
      const held = boundary.release();
      return hasChanged ? held : [];
    },
    shift: () => queue.shift(),
    size: () => queue.size(),
    clear: () => queue.clear(),
  };
}
