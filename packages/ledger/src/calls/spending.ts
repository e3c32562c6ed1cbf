import { type Invoke, NATIVE_ASSET, toHex } from "@aethel/models";
import type { FieldWrite } from "@aethel/verifier";
import { assetName } from "../state/assets.ts";
import type { Stop } from "./call-run.ts";
import { signersOf } from "./fit-calls.ts";

/** Name of the native asset in spending limits: its id in hexadecimal digits. */
const NATIVE = toHex(NATIVE_ASSET);

/**
 * Finds holdings that fall by more than the spending limits of an invoke allow. `writes`: all writes
 * of the invoke, one for each place, with the values before and after it. The fee limit MUST be
 * subtracted from the author's balance before and after, so that it does not count. Stake is not a
 * holding, so staking counts as a fall of the balance, and a fall of the stake does not count.
 * Undefined if nothing falls by too much, or if the invoke states no limits.
 */
export function findOverspent(body: Invoke, writes: readonly FieldWrite[]): Stop | undefined {
  if (body.spending === undefined) return undefined;
  const limits = limitsOf(body, body.spending);
  for (const { account, field, asset, before, after } of writes) {
    if (field === "stake" || after >= before) continue;
    const name = asset === undefined ? NATIVE : assetName(asset);
    const limit = limits.get(nameOf(account, name)) ?? 0n;
    const fall = before - after;
    if (fall <= limit) continue;
    const what = asset === undefined ? "balance" : `balance[${asset.name}]`;
    const detail = `${what} of ${account} would fall by ${fall}; the spending limit is ${limit}`;
    return { outcome: "forbidden", code: "spending", detail };
  }
  return undefined;
}

/** Returns the limits by signer and asset. */
function limitsOf(
  body: Invoke,
  spending: NonNullable<Invoke["spending"]>,
): ReadonlyMap<string, bigint> {
  const signers = signersOf(body).map(toHex);
  const limits = new Map<string, bigint>();
  for (const { signer, asset, amount } of spending) {
    const account = signers[signer];
    if (account !== undefined) limits.set(nameOf(account, toHex(asset)), amount);
  }
  return limits;
}

function nameOf(account: string, asset: string): string {
  return `${account} ${asset}`;
}
