import { type AccountId, type ConsensusMessage, toHex } from "@aethel/models";
import type { Config } from "../config.ts";
import type { Occurrence } from "../input.ts";
import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import type { State } from "../state.ts";
import { sequenceOf } from "../statement.ts";
import { createAccounts } from "./accounts.ts";
import { createChecking } from "./checking.ts";
import type { CountingVerify } from "./counting-verify.ts";
import { createHolding } from "./holding.ts";
import { createInputQueue, type Delivery, type InputQueue } from "./input-queue.ts";
import { createSenderBudgets, type SenderBudgets, verificationLimit } from "./sender-budget.ts";
import { bare } from "./triage.ts";

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

/** Parts of the driver that the inbox uses. */
interface InboxWiring {
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
}

/** Creates an empty inbox. Until the replica has a state, all messages are queued. */
export function createInbox(wiring: InboxWiring): Inbox {
  const { verifying, state, isValidator, input, emit } = wiring;
  const { genesis } = wiring.options;
  const queue = createInputQueue(isValidator);
  const budgets = budgetsOf(wiring);
  const accounts = createAccounts({ state, isValidator });
  const { receive, discard, holdOr, release } = createHolding({ accounts, emit });
  const check = createChecking({ genesis, verifying, budgets, accounts, discard });
  const isRefused = (delivery: Delivery): boolean => !budgets.mayCost(accounts.of(delivery));

  const inputOf = (
    delivery: Delivery,
    now: State,
    owed: "owed" | undefined,
  ): Occurrence | undefined => {
    if (owed === undefined && isRefused(delivery)) return discard(delivery, "over-budget");
    const checked = check(delivery, now, owed);
    const { message, from } = delivery;
    if (checked.type === "right") return { type: "message", message: checked.message, from };
    holdOr(checked.defect, delivery, now);
    if (sequenceOf(message) <= now.sequence) return undefined;
    return { type: "ahead", sequence: now.sequence, peer: undefined };
  };

  return {
    deliver(message, from) {
      const now = state();
      const verdict = now === undefined ? undefined : receive({ message, from }, now);
      if (verdict?.type === "drop") return false;
      if (verdict?.type === "ahead") {
        // One that waits says as much as a thousand, so this needs no place in the queue.
        input({ type: "ahead", sequence: verdict.sequence, peer: undefined });
        return true;
      }
      if (verdict?.type === "check" && isRefused({ message, from })) {
        discard({ message, from }, "over-budget");
        return false;
      }
      if (pushAny(queue, { message, from })) return true;
      discard({ message, from }, "queue-full");
      return false;
    },
    validate(delivery, owed) {
      const now = state();
      if (now === undefined) return undefined;
      const { message, from } = delivery;
      const verdict = receive(delivery, now);
      switch (verdict.type) {
        case "drop":
          return undefined;
        case "ahead":
          return { type: "ahead", sequence: verdict.sequence, peer: undefined };
        case "old":
          return { type: "message", message, from };
        case "check":
          return inputOf({ message: verdict.message, from }, now, owed);
      }
    },
    afford(from, made, work) {
      const account = from === undefined ? "relayed" : toHex(from);
      return budgets.mayCost(account)
        ? charged({ budgets, verifying }, account, made, work)
        : undefined;
    },
    crossBoundary: (hasChanged) => release().filter(() => hasChanged),
    shift: () => queue.shift(),
    size: () => queue.size(),
    clear: () => queue.clear(),
  };
}

function budgetsOf({ config, state, elapsed }: InboxWiring): SenderBudgets {
  return createSenderBudgets({
    now: elapsed,
    limit: () => verificationLimit(config, state()?.head.validators.validators.length ?? 0),
  });
}

/**
 * Does work and charges an account for it: for `made` signatures, and for each signature that the
 * work verifies.
 */
function charged<T>(
  { budgets, verifying }: Pick<InboxWiring, "verifying"> & { readonly budgets: SenderBudgets },
  account: string,
  made: number,
  work: () => T,
): T {
  const before = verifying.count();
  const result = work();
  budgets.charge(account, made + verifying.count() - before);
  return result;
}

/**
 * Queues a message. If a proposal with its outline exceeds a bound, queues it without the outline.
 */
function pushAny(queue: InputQueue, { message, from }: Delivery): boolean {
  if (queue.push({ message, from })) return true;
  // Outlines that wait take the most room. The proposal alone has a place still.
  const isProposal = message.type === "pre-prepare" && message.outline !== undefined;
  return isProposal && queue.push({ message: bare(message.proposal), from });
}
