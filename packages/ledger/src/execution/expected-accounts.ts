import type { AccountId, Proof } from "@aethel/models";

/**
 * Number of accounts at which loading in advance stops. Proofs may name accounts in arguments that
 * they never use. Without this bound they could make a replica read without limit.
 */
const EXPECTED_MAX = 16_384;

/**
 * Returns accounts that proofs will probably read: authors, cosigners and arguments, at most about
 * `EXPECTED_MAX` of them.
 */
export function expectedAccounts(proofs: readonly Proof[]): readonly AccountId[] {
  const accounts: AccountId[] = [];
  for (const { body } of proofs) {
    if (accounts.length >= EXPECTED_MAX) break;
    accounts.push(body.author);
    if (body.type !== "invoke") continue;
    for (const { account } of body.cosigners) accounts.push(account);
    for (const argument of body.calls.flatMap((call) => call.arguments)) {
      if (argument.type === "account") accounts.push(argument.value);
    }
  }
  return accounts;
}
