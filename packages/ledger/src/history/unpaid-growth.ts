import { equalBytes, type StateChange, toHex } from "@aethel/models";
import { type EconomicParameters, stateFee } from "@aethel/rewards";
import { TREASURY } from "../state/records.ts";
import { KEY_KIND } from "../state/state-key.ts";

/**
 * Returns the least amount, in micro-tokens, that a block with these changes must have burned for
 * the growth of the state: a creation fee for each new account, holding, staker and key, and the
 * price of the bytes of new intents, theorems, assets, certificates, sources and contracts. Cells
 * of contracts pay a deposit in place of a fee.
 *
 * New accounts that the ledger itself pays are free of charge. They are the treasury, accounts
 * whose staker's record changes (they get a reward or a tip), and accounts whose locked stake
 * changes (they get released stake).
 */
export function leastBurnedFor(
  changes: readonly StateChange[],
  parameters: Pick<EconomicParameters, "creationFee" | "statePrice">,
): bigint {
  let [entries, bytes] = [0, 0];
  let paidByLedger: ReadonlySet<string> | undefined;
  for (const { key, before, after } of changes) {
    if (before !== undefined || after === undefined) continue;
    const kind = key[0] ?? 0;
    if (PUBLISHED.has(kind)) bytes += key.length + after.length;
    else if (kind === KEY_KIND.account) {
      paidByLedger ??= stakersIn(changes);
      const isFree =
        equalBytes(key.subarray(1), TREASURY) || paidByLedger.has(toHex(key.subarray(1)));
      entries += isFree ? 0 : 1;
    } else if (ENTRIES.has(kind)) entries += 1;
  }
  return stateFee({ entries, bytes }, parameters);
}

const PUBLISHED: ReadonlySet<number> = new Set([
  KEY_KIND.asset,
  KEY_KIND.intent,
  KEY_KIND.theorem,
  KEY_KIND.intentCertificate,
  KEY_KIND.theoremCertificate,
  KEY_KIND.source,
  KEY_KIND.contract,
  KEY_KIND.contractIntent,
  KEY_KIND.contractCertificate,
  KEY_KIND.scalars,
  KEY_KIND.vault,
]);

const ENTRIES: ReadonlySet<number> = new Set([
  KEY_KIND.holding,
  KEY_KIND.validator,
  KEY_KIND.consensusKey,
]);

function stakersIn(changes: readonly StateChange[]): ReadonlySet<string> {
  const stakers = new Set<string>();
  for (const { key } of changes) {
    const isStaker = key[0] === KEY_KIND.validator || key[0] === KEY_KIND.unbonding;
    if (isStaker) stakers.add(toHex(key.subarray(1)));
  }
  return stakers;
}
