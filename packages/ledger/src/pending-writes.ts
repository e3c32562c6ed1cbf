import { type AccountId, type AssetId, assert, toAmount, toHex } from "@aethel/models";
import type { FieldName, FieldWrite, SupplyWrite } from "@aethel/verifier";
import { readAccount, setBalance } from "./accounts.ts";
import { readAsset, readHolding, writeHolding, writeSupply } from "./assets.ts";
import type { Draft } from "./draft.ts";
import { readStake } from "./stake.ts";

/** One stored amount: whose, what, and of which declared asset (the native one when absent). */
export type Place = Pick<FieldWrite, "account" | "field" | "asset">;

/**
 * What an invoke has written so far, on top of a draft that stays as it is until the end: so the
 * second member of a batch sees what the first did, and a member that stops leaves no trace.
 */
export interface PendingWrites {
  /** The amount as it is now, for the program that runs. */
  read(place: Place): bigint;
  /** The supply of a declared asset as it is now. */
  supply(asset: AssetId): bigint;
  /** Takes the writes of one run. */
  add(writes: readonly FieldWrite[], supplies: readonly SupplyWrite[]): void;
  /** Everything written, each place once: from before the first run to after the last. */
  writes(): readonly FieldWrite[];
  /** Puts all but stake into the draft. */
  apply(): void;
}

/** Nothing written yet. `accounts` has each account that the program can name. */
export function createPendingWrites(
  draft: Draft,
  accounts: ReadonlyMap<string, AccountId>,
): PendingWrites {
  const fields = new Map<string, FieldWrite>();
  const supplies = new Map<string, SupplyWrite>();
  return {
    read: (place) =>
      fields.get(nameOf(place))?.after ?? readStored(draft, idOf(accounts, place), place),
    supply: (asset) => supplies.get(toHex(asset))?.after ?? readAsset(draft, asset).supply,
    add: (writes, more) => {
      for (const write of writes) {
        const before = fields.get(nameOf(write))?.before ?? write.before;
        fields.set(nameOf(write), { ...write, before });
      }
      for (const write of more) {
        const name = toHex(write.asset.id);
        supplies.set(name, { ...write, before: supplies.get(name)?.before ?? write.before });
      }
    },
    writes: () => [...fields.values()],
    apply: () => {
      for (const write of fields.values()) store(draft, idOf(accounts, write), write);
      for (const { asset, after } of supplies.values())
        writeSupply(draft, asset.id, toAmount(after));
    },
  };
}

function nameOf({ account, field, asset }: Place): string {
  return `${account} ${asset === undefined ? (field satisfies FieldName) : toHex(asset.id)}`;
}

function idOf(accounts: ReadonlyMap<string, AccountId>, { account }: Place): AccountId {
  const id = accounts.get(account);
  assert(id !== undefined, "a program names its arguments only");
  return id;
}

function readStored(draft: Draft, id: AccountId, { field, asset }: Place): bigint {
  if (asset !== undefined) return readHolding(draft, id, asset.id);
  return field === "stake" ? readStake(draft, id) : readAccount(draft, id).balance;
}

function store(draft: Draft, id: AccountId, { field, asset, after }: FieldWrite): void {
  const amount = toAmount(after);
  if (asset !== undefined) writeHolding(draft, { id, asset: asset.id, amount });
  else if (field === "balance") setBalance(draft, id, amount);
}
