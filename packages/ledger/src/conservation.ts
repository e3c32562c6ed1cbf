import { equalBytes, type StateChange, type StateTransition, toHex } from "@aethel/models";
import { type EconomicParameters, scheduledSupply } from "@aethel/rewards";
import { leastBurnedFor } from "./fees/unpaid-growth.ts";
import { totalSupply } from "./state.ts";
import {
  Account,
  AssetRecord,
  Clock,
  Holding,
  KEY_KIND,
  Supply,
  stateKey,
  Unbonding,
  ValidatorRecord,
} from "./state-layout.ts";
import { ageOf } from "./time/clock.ts";

/** How a transition breaks the conservation of value, with the amounts that do not add up. */
export interface ConservationDefect {
  readonly rule: /** What is held changed by something else than minted - burned. */
    | "holdings"
    /** The transition's own numbers are not those of the supply record. */
    | "supply-record"
    /** More was minted than the schedule allows (P20). */
    | "schedule"
    /** Header time did not go on from where it was, or genesis was at another time. */
    | "clock"
    /** Genesis supply changed, or minted or burned fell. */
    | "history"
    /** The holdings of a declared asset changed by something else than its supply. */
    | "asset-holdings"
    /** The record of a declared asset vanished, or became another's. */
    | "asset-record"
    /** Less was burned than what is new in the state costs. */
    | "growth";
  /** The declared asset that it is about, in hexadecimal digits; absent for the native one. */
  readonly asset?: string;
  readonly expected: bigint;
  readonly actual: bigint;
}

/**
 * Whether value is conserved, from the changes alone: the sum of all balances, stakes and locked
 * stakes must change by exactly what the supply record says was minted less what was burned, and
 * of each declared asset the holdings by exactly what its supply did. What is new in the state was
 * paid for.
 * Nothing that the execution counted is used. `undefined`: it is (P14).
 */
export function findConservationDefect(
  transition: StateTransition,
  parameters: EconomicParameters,
): ConservationDefect | undefined {
  const { changes, minted, burned, supplyBefore, supplyAfter } = transition;
  const ofAssets = findAssetDefect(changes);
  if (ofAssets !== undefined) return ofAssets;
  const clock = clockIn(changes);
  if (clock === undefined) return { rule: "clock", expected: 1n, actual: 0n };
  const held = changes.reduce((sum, change) => sum + heldChange(change), 0n);
  const supply = changes.find(({ key }) => equalBytes(key, stateKey.supply));
  const before = supply?.before === undefined ? undefined : Supply.decode(supply.before);
  const after = supply?.after === undefined ? undefined : Supply.decode(supply.after);
  if (supply !== undefined && (before === undefined || after === undefined)) {
    return { rule: "history", expected: 1n, actual: 0n };
  }
  if (held !== minted - burned) {
    return { rule: "holdings", expected: minted - burned, actual: held };
  }
  if (supplyAfter !== supplyBefore + minted - burned) {
    const expected = supplyBefore + minted - burned;
    return { rule: "supply-record", expected, actual: supplyAfter };
  }
  if (before === undefined || after === undefined) {
    // Without a change of the record, nothing may have been minted or burned.
    if (minted === 0n && burned === 0n) return growthDefect(transition, parameters);
    return { rule: "supply-record", expected: 0n, actual: minted - burned };
  }
  const ageMs = ageOf(clock);
  return (
    recordDefect(transition, { before, after, ageMs }, parameters) ??
    growthDefect(transition, parameters)
  );
}

function growthDefect(
  { changes, burned }: StateTransition,
  parameters: EconomicParameters,
): ConservationDefect | undefined {
  const expected = leastBurnedFor(changes, parameters);
  return burned < expected ? { rule: "growth", expected, actual: burned } : undefined;
}

/** The clock after the block, if it goes on from the one before. */
function clockIn(changes: readonly StateChange[]): Clock | undefined {
  const change = changes.find(({ key }) => equalBytes(key, stateKey.clock));
  if (change?.before === undefined || change.after === undefined) return undefined;
  const [before, after] = [Clock.decode(change.before), Clock.decode(change.after)];
  const goesOn = after.parent === before.now && after.now > before.now;
  return goesOn && after.genesis === before.genesis ? after : undefined;
}

/** The same for declared assets, each for itself. */
function findAssetDefect(changes: readonly StateChange[]): ConservationDefect | undefined {
  const assets = new Map<string, { held: bigint; supply: bigint }>();
  for (const change of changes) {
    const asset = assetOf(change.key);
    if (asset === undefined) continue;
    const defect = assetRecordDefect(asset, change);
    if (defect !== undefined) return defect;
    const sums = assets.get(asset) ?? { held: 0n, supply: 0n };
    const { key, before, after } = change;
    const grown = ofAssetAt(key, after) - ofAssetAt(key, before);
    if (key[0] === KEY_KIND.holding) assets.set(asset, { ...sums, held: sums.held + grown });
    else assets.set(asset, { ...sums, supply: sums.supply + grown });
  }
  for (const [asset, { held, supply }] of assets) {
    if (held === supply) continue;
    return { rule: "asset-holdings", asset, expected: supply, actual: held };
  }
  return undefined;
}

function assetRecordDefect(
  asset: string,
  { key, before, after }: StateChange,
): ConservationDefect | undefined {
  if (key[0] !== KEY_KIND.asset || before === undefined) return undefined;
  const record = AssetRecord.decode(before);
  const now = after === undefined ? undefined : AssetRecord.decode(after);
  const isSame =
    now !== undefined && equalBytes(now.issuer, record.issuer) && equalBytes(now.name, record.name);
  return isSame ? undefined : { rule: "asset-record", asset, expected: 1n, actual: 0n };
}

/** The declared asset that a key is about. */
function assetOf(key: Uint8Array): string | undefined {
  if (key[0] === KEY_KIND.asset) return toHex(key.slice(1));
  return key[0] === KEY_KIND.holding ? toHex(key.slice(33)) : undefined;
}

function ofAssetAt(key: Uint8Array, value: Uint8Array | undefined): bigint {
  if (value === undefined) return 0n;
  return key[0] === KEY_KIND.asset
    ? AssetRecord.decode(value).supply
    : Holding.decode(value).amount;
}

function recordDefect(
  { minted, burned, supplyBefore, supplyAfter }: StateTransition,
  of: { readonly before: Supply; readonly after: Supply; readonly ageMs: number },
  parameters: EconomicParameters,
): ConservationDefect | undefined {
  const { before, after, ageMs } = of;
  const equations: readonly (readonly [ConservationDefect["rule"], bigint, bigint])[] = [
    ["history", before.genesis, after.genesis],
    ["supply-record", minted, after.minted - before.minted],
    ["supply-record", burned, after.burned - before.burned],
    ["supply-record", supplyBefore, totalSupply(before)],
    ["supply-record", supplyAfter, totalSupply(after)],
  ];
  for (const [rule, expected, actual] of equations) {
    if (expected !== actual) return { rule, expected, actual };
  }
  const scheduled = scheduledSupply(ageMs, parameters);
  if (after.minted <= scheduled) return undefined;
  return { rule: "schedule", expected: scheduled, actual: after.minted };
}

function heldChange({ key, before, after }: StateChange): bigint {
  return heldAt(key, after) - heldAt(key, before);
}

/** Micro-tokens that a value of the tree stands for. */
function heldAt(key: Uint8Array, value: Uint8Array | undefined): bigint {
  if (value === undefined) return 0n;
  switch (key[0]) {
    case KEY_KIND.account:
      return balanceIn(value);
    case KEY_KIND.validator:
      return ValidatorRecord.decode(value).stake;
    case KEY_KIND.unbonding:
      return Unbonding.decode(value).entries.reduce((sum, entry) => sum + entry.amount, 0n);
    case KEY_KIND.deposits:
      return Holding.decode(value).amount;
    default:
      return 0n;
  }
}

/**
 * The balance that an account begins with, read on its own and not by what wrote it. What is not
 * plainly an account is for the codec to refuse.
 */
function balanceIn(account: Uint8Array): bigint {
  const [last = 0, beforeLast = 0] = [account[15], account[14]];
  const isPlain = account.length === 16 && last === 0 && beforeLast < 0x20;
  if (!isPlain) return Account.decode(account).balance;
  return (BigInt(wordIn(account, 4)) << 32n) | BigInt(wordIn(account, 0));
}

/** Four bytes, the least significant first. */
function wordIn(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0] = [bytes[at], bytes[at + 1]];
  const [c = 0, d = 0] = [bytes[at + 2], bytes[at + 3]];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Of each declared asset in a whole state: all holdings, and the supply that they must sum to. */
export function assetTotals(
  entries: Iterable<{ key: Uint8Array; value: Uint8Array }>,
): ReadonlyMap<string, { readonly held: bigint; readonly supply: bigint }> {
  const totals = new Map<string, { held: bigint; supply: bigint }>();
  for (const { key, value } of entries) {
    const asset = assetOf(key);
    if (asset === undefined) continue;
    const { held, supply } = totals.get(asset) ?? { held: 0n, supply: 0n };
    const here = ofAssetAt(key, value);
    const isHolding = key[0] === KEY_KIND.holding;
    totals.set(asset, isHolding ? { held: held + here, supply } : { held, supply: supply + here });
  }
  return totals;
}

/** All that is held of the native asset in a whole state, counted key by key: for audits and tests. */
export function totalHeld(entries: Iterable<{ key: Uint8Array; value: Uint8Array }>): bigint {
  let sum = 0n;
  for (const { key, value } of entries) sum += heldAt(key, value);
  return sum;
}
