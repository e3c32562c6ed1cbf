import { type AccountId, fromHex, toAccountId, toAmount } from "@aethel/models";
import type { DeclaredAsset, FieldName, FieldWrite, SupplyWrite } from "@aethel/verifier";
import { accountOf, type OpenAccount, openAccount, setBalance } from "../state/accounts.ts";
import { assetName, readAsset, readHolding, writeHolding, writeSupply } from "../state/assets.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { readStake } from "../validators/stake.ts";

/** Place of a stored amount: account, field, and asset (absent for the native asset). */
export type Place = Pick<FieldWrite, "account" | "field" | "asset">;

/**
 * Buffered writes of an invoke. The overlay does not change until `apply`, but each call, and
 * each member of a batch, sees the writes of those before it. If one fails, nothing is applied.
 */
export interface PendingWrites {
  /**
   * Returns the amount at a place (account, field and asset) after the writes that were added so
   * far.
   */
  read(place: Place): bigint;
  /** Returns the supply of a declared asset after the writes that were added so far. */
  supply(asset: DeclaredAsset): bigint;
  /**
   * Whether the overlay has an account. The account is given by its id in hexadecimal digits, as
   * programs name it.
   */
  readonly hasAccount: (account: string) => boolean;
  /** Adds the writes of one run of an intent. */
  add(writes: readonly FieldWrite[], supplies: readonly SupplyWrite[]): void;
  /**
   * Returns one write for each changed place (account, field and asset), from the value before the
   * first run to the value after the last run.
   */
  writes(): readonly FieldWrite[];
  /** Writes all amounts except stake into the overlay. `applyStakeWrites` writes the stake. */
  apply(): void;
}

interface Pending {
  write: FieldWrite;
}

/** Creates an empty buffer. `accounts`: ids of accounts whose names need not be decoded. */
export function createPendingWrites(
  overlay: StateOverlay,
  accounts: ReadonlyMap<string, AccountId>,
): PendingWrites {
  // In the order of first writes; an index by account and then by what it holds finds them, since
  // to put both into one name costs more than all the rest of a write (measured).
  const fields: Pending[] = [];
  const index = new Map<string, Map<string, Pending>>();
  const supplies = new Map<string, SupplyWrite>();
  const opened = new Map<string, OpenAccount>();
  const idOf = (name: string): AccountId => accounts.get(name) ?? toAccountId(fromHex(name));
  const open = (name: string): OpenAccount => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const account = openAccount(overlay, idOf(name));
    opened.set(name, account);
    return account;
  };
  const stored = ({ account, field, asset }: Place): bigint => {
    if (asset !== undefined) return readHolding(overlay, idOf(account), asset.id);
    return field === "stake" ? readStake(overlay, idOf(account)) : accountOf(open(account)).balance;
  };
  const find = (place: Place): Pending | undefined => index.get(place.account)?.get(nameOf(place));
  const put = (write: FieldWrite): void => {
    const known = find(write);
    if (known !== undefined) {
      known.write = { ...write, before: known.write.before };
      return;
    }
    const ofAccount = index.get(write.account) ?? new Map<string, Pending>();
    const pending = { write };
    fields.push(pending);
    index.set(write.account, ofAccount.set(nameOf(write), pending));
  };
  return {
    read: (place) => find(place)?.write.after ?? stored(place),
    hasAccount: (account) => open(account).read() !== undefined,
    supply: (asset) => supplies.get(assetName(asset))?.after ?? readAsset(overlay, asset.id).supply,
    add: (writes, more) => {
      for (const write of writes) put(write);
      for (const write of more) {
        const name = assetName(write.asset);
        supplies.set(name, { ...write, before: supplies.get(name)?.before ?? write.before });
      }
    },
    writes: () => fields.map(({ write }) => write),
    apply: () => {
      for (const { write } of fields) {
        const { account, field, asset, after } = write;
        const amount = toAmount(after);
        if (asset !== undefined)
          writeHolding(overlay, { id: idOf(account), asset: asset.id, amount });
        else if (field === "balance") setBalance(open(account), amount);
      }
      for (const { asset, after } of supplies.values())
        writeSupply(overlay, asset.id, toAmount(after));
    },
  };
}

function nameOf({ field, asset }: Place): string {
  return asset === undefined ? (field satisfies FieldName) : assetName(asset);
}
