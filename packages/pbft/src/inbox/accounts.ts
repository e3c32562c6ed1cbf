import { type AccountId, equalBytes, type PrePrepare, toHex, validatorAt } from "@aethel/models";
import type { AuthenticationContext } from "../authenticate.ts";
import type { State } from "../state.ts";
import { signerOf } from "../statement.ts";
import type { Delivery } from "./input-queue.ts";
import type { BlockAccount } from "./spoilt-blocks.ts";

/**
 * Accounts to which messages are charged. Each bounds the costs that all its senders together can
 * cause.
 */
export interface Accounts {
  /**
   * Returns the name of the account that is charged for a message. A validator is charged for what
   * it sends itself. Relayed messages are charged to an account for the validator that they name as
   * signer, and messages of all other senders likewise to another account. So junk in one
   * validator's name does not block messages of others.
   */
  of(delivery: Delivery): string;
  /** Whether the sender of a message is a validator, which has an account of its own. */
  isOwn(delivery: Delivery): boolean;
  /**
   * Returns the account to which a wrong outline counts. The leader has an account of its own.
   * Nobody else has a reason to send its outline, so all other validators share one account.
   */
  ofOutline(
    delivery: Delivery,
    { proposal }: PrePrepare,
    { set }: Pick<AuthenticationContext, "set">,
  ): BlockAccount;
}

/**
 * Creates the accounts. `isValidator` says whether an id, in hexadecimal digits, belongs to a
 * validator of the current sequence.
 */
export function createAccounts(options: {
  readonly state: () => State | undefined;
  readonly isValidator: (name: string) => boolean;
}): Accounts {
  const { state, isValidator } = options;
  const isOwn = ({ from }: Delivery): boolean => from !== undefined && isValidator(toHex(from));
  const of = (delivery: Delivery): string => {
    const { message, from } = delivery;
    if (from !== undefined && isOwn(delivery)) return toHex(from);
    const signer = signerOf(message);
    const named = isIndex(state(), signer) ? signer : "unknown";
    return `${from === undefined ? "relayed" : "others"}/${named}`;
  };
  return {
    of,
    isOwn,
    ofOutline(delivery, { proposal }, { set }) {
      const { sequence, leader } = proposal;
      const isLeader = isBy(delivery.from, validatorAt(set, leader)?.id);
      const isRelay = isOwn(delivery) && !isLeader;
      const name = isRelay ? `validators/${leader}` : of(delivery);
      return { name, isShared: !isLeader, sequence };
    },
  };
}

/**
 * Whether an index is in a known set. All other indices share one account, since there would be too
 * many otherwise.
 */
function isIndex(state: State | undefined, index: number): boolean {
  const { validators, previousValidators } = state?.head ?? {};
  return [validators, previousValidators].some(
    (set) => set !== undefined && index < set.validators.length,
  );
}

function isBy(from: AccountId | undefined, id: AccountId | undefined): boolean {
  return from !== undefined && id !== undefined && equalBytes(from, id);
}
