import {
  type AccountId,
  type AssetId,
  compareBytes,
  equalBytes,
  fromHex,
  NATIVE_ASSET,
  type SpendingLimit,
  toAmount,
  toAssetId,
  toHex,
} from "@aethel/models";
import { failure } from "../failure/failure.ts";
import { formatTokens } from "../terminal/format.ts";
import type { AccountNames } from "./account-names.ts";
import { amountOf } from "./read-value.ts";

/** Assets that the called contracts declare, by name. */
export type AssetNames = ReadonlyMap<string, AssetId>;

/** Facts that a spending limit can refer to. */
export interface SpendingContext {
  /** Accounts that sign, the author first. */
  readonly signers: readonly AccountId[];
  readonly accounts: AccountNames;
  readonly assets: AssetNames;
}

const FORM = "write AMOUNT, AMOUNT@ASSET or ACCOUNT:AMOUNT@ASSET, such as 10tokens or bob:7@SHARE";

/**
 * Reads spending limits, each as `AMOUNT`, `AMOUNT@ASSET` or `ACCOUNT:AMOUNT@ASSET`. Without an
 * account the limit is the author's, without an asset it is of the native asset. `none` alone
 * forbids every loss.
 * @throws NodeError `USAGE`.
 */
export async function readSpending(
  texts: readonly string[],
  context: SpendingContext,
): Promise<readonly SpendingLimit[]> {
  if (texts.length === 1 && texts[0] === "none") return [];
  const limits: SpendingLimit[] = [];
  for (const text of texts) {
    const limit = await readLimit(text, context);
    const isTwice = limits.some((other) => compareLimits(other, limit) === 0);
    if (isTwice) throw failure("USAGE", `--spend ${text} limits an asset twice`, "give it once");
    limits.push(limit);
  }
  return sortLimits(limits);
}

async function readLimit(
  text: string,
  { signers, accounts, assets }: SpendingContext,
): Promise<SpendingLimit> {
  const match = /^(?:([^:@]+):)?([^:@]+)(?:@([^:@]+))?$/.exec(text);
  const [, who, amount = "", asset] = match ?? [];
  const value = amountOf(amount);
  if (value === undefined || value > 2n ** 64n - 1n) {
    throw failure("USAGE", `--spend ${text} is no limit`, FORM);
  }
  const id = who === undefined ? undefined : await accounts(who);
  const signer = who === undefined ? 0 : signers.findIndex((each) => toHex(each) === id);
  if (signer < 0) {
    const next = "name the author or a cosigner: only signers can lose something";
    throw failure("USAGE", `--spend ${text} is about an account that does not sign`, next);
  }
  return { signer, asset: assetOf(asset, assets), amount: toAmount(value) };
}

function assetOf(text: string | undefined, assets: AssetNames): AssetId {
  if (text === undefined) return NATIVE_ASSET;
  const declared = assets.get(text);
  if (declared !== undefined) return declared;
  if (/^[0-9a-fA-F]{64}$/.test(text)) return toAssetId(fromHex(text.toLowerCase()));
  const known = [...assets.keys()];
  const next =
    known.length === 0
      ? "give its id as 64 hex digits: the called contracts declare no asset"
      : `give its id as 64 hex digits, or one of ${known.join(", ")}`;
  throw failure("USAGE", `there is no asset \`${text}\` in the called contracts`, next);
}

/** Sorts limits by signer and asset, as a transaction has them. */
export function sortLimits(limits: readonly SpendingLimit[]): readonly SpendingLimit[] {
  return limits.toSorted(compareLimits);
}

function compareLimits(left: SpendingLimit, right: SpendingLimit): number {
  return left.signer - right.signer || compareBytes(left.asset, right.asset);
}

/**
 * Requires that limits allow the losses of a run: the chain would undo the transaction, and take
 * its fee.
 * @throws NodeError `REFUSED` that names each loss and its limit.
 */
export function requireLossesWithin(
  limits: readonly SpendingLimit[],
  losses: readonly SpendingLimit[],
  context: Pick<SpendingContext, "signers" | "assets">,
): void {
  const details = losses.flatMap((loss) => {
    const limit = limits.find((each) => compareLimits(each, loss) === 0);
    if (limit !== undefined && loss.amount <= limit.amount) return [];
    const allowed = limit === undefined ? "nothing" : describeSpending([limit], context);
    return [`lost in a run: ${describeSpending([loss], context)}; allowed by --spend: ${allowed}`];
  });
  if (details.length === 0) return;
  const message = "nothing was submitted: a signer would lose more than --spend allows";
  const next = "raise the limit, or leave out --spend to allow exactly what the run takes";
  throw failure("REFUSED", message, next).explainedBy(details);
}

/** Describes limits for people: `alice 5 tokens; bob 7 SHARE`, or that nothing may be lost. */
export function describeSpending(
  limits: readonly SpendingLimit[],
  { signers, assets }: Pick<SpendingContext, "signers" | "assets">,
): string {
  if (limits.length === 0) return "nothing";
  return limits
    .map(({ signer, asset, amount }) => {
      const who = signer === 0 ? "the author" : toHex(signers[signer] ?? new Uint8Array());
      if (equalBytes(asset, NATIVE_ASSET)) return `${who} ${formatTokens(amount)} tokens`;
      const [name = toHex(asset)] = [...assets].find(([, id]) => equalBytes(id, asset)) ?? [];
      return `${who} ${amount} ${name}`;
    })
    .join("; ");
}
