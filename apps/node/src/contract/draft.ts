import {
  type AccountId,
  compareBytes,
  type ProofBody,
  type SpendingLimit,
  toAmount,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import type { NodeClient } from "../client/node-client.ts";
import type { ComposedCall } from "./compose-calls.ts";

/** Transaction of calls, as it is signed. */
export type Transaction = Extract<ProofBody, { readonly type: "invoke" }>;

/** Default resource limit of a transaction. */
const EXECUTION_LIMIT = 1_000_000;
/** Number of blocks until a transaction expires. */
const EXPIRY = 1_000;

/** Builds a transaction with a fee limit of 0 and without spending limits. */
export async function draftTransaction(
  client: Pick<NodeClient, "account" | "status">,
  given: {
    readonly calls: readonly ComposedCall[];
    readonly author: AccountId;
    readonly cosigners: readonly AccountId[];
    readonly limit?: number;
    readonly tip?: bigint;
    /** Nonce of the author. Default: its next unused nonce. */
    readonly nonce?: number;
  },
): Promise<Transaction> {
  const { calls, author, limit, tip, nonce } = given;
  const accounts = given.cosigners.toSorted(compareBytes);
  const [{ nextNonce }, { head }, ...cosigning] = await Promise.all([
    client.account(toHex(author)),
    client.status(),
    ...accounts.map((account) => client.account(toHex(account))),
  ]);
  return {
    type: "invoke",
    author,
    nonce: toNonce(nonce ?? nextNonce),
    resourceLimit: toResource(limit ?? EXECUTION_LIMIT),
    feeLimit: toAmount(0n),
    expiry: toSequence(head.sequence + EXPIRY),
    ...(tip === undefined ? {} : { tip: toAmount(tip) }),
    calls: calls.map(({ call }) => call),
    cosigners: accounts.map((account, at) => ({
      account,
      nonce: toNonce(cosigning[at]?.nextNonce ?? 0),
    })),
  };
}

/** Returns a transaction with its fee limit and the limits on losses. */
export function withLimits(
  draft: Transaction,
  limits: {
    readonly feeLimit: bigint;
    /** Undefined: no limits, which only a transaction without contracts may have. */
    readonly spending: readonly SpendingLimit[] | undefined;
  },
): Transaction {
  const { feeLimit, spending } = limits;
  const priced = { ...draft, feeLimit: toAmount(feeLimit) };
  return spending === undefined ? priced : { ...priced, spending };
}
