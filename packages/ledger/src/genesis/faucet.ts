import type { Genesis } from "@aethel/models";

/**
 * Most tokens that one call of the faucet gives. `FULL_TOKENS`: most tokens that the account may
 * have after the call.
 */
const DRIP_TOKENS = 100;

const FULL_TOKENS = 1_000;

/**
 * Source of the faucet intent, for local networks. It pays from an account whose private key is
 * public. A chain has this intent only if its genesis names that account.
 */
export const FAUCET_SOURCE: string = `# Gives up to ${DRIP_TOKENS} tokens to an account that has less than ${FULL_TOKENS}. Local networks only.

const DRIP = ${DRIP_TOKENS}000000;

const FULL = ${FULL_TOKENS}000000;

intent faucet(signer faucet: Account, to: Account, amount: Amount) {
  guard {
    faucet != to;
    amount > 0 && amount <= DRIP;
    to.balance + amount <= FULL;
    faucet.balance >= amount;
  }
  effect {
    faucet.balance -= amount;
    to.balance += amount;
  }
  verify {
    to.balance <= FULL;
    to.balance == old(to.balance) + amount;
    faucet.balance == old(faucet.balance) - amount;
  }
}
`;

const FAUCET_BYTES = new TextEncoder().encode(FAUCET_SOURCE);

/** Returns all sources that the genesis block publishes, in the order in which they are judged. */
export function genesisSources(
  genesis: Pick<Genesis, "intents" | "faucet">,
): readonly Uint8Array[] {
  const sources = genesis.intents.map(({ source }) => source);
  return genesis.faucet === undefined ? sources : [...sources, FAUCET_BYTES];
}
