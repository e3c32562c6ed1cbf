import type { Common, StateManagerInterface } from "@ethereumjs/common";
import {
  Caches,
  CacheType,
  MerkleStateManager,
  SimpleStateManager,
} from "@ethereumjs/statemanager";
import { Account, type Address, bytesToUnprefixedHex } from "@ethereumjs/util";

/**
 * Kind of state under the other machine. `caches` is the package's state manager with caches over
 * its trie that hold everything. `maps` is the least that a call needs: maps, and a log to undo.
 */
export type EthereumStateKind = "caches" | "maps";

const NO_BYTES = new Uint8Array();

/** Creates an empty state in memory. As long as a checkpoint is open, nothing reaches a trie. */
export function createEthereumState(
  kind: EthereumStateKind,
  common: Common,
): StateManagerInterface {
  if (kind === "maps") return new MapsState({ common });
  // Of the two types of caches the faster one. More entries than any bench makes: none is evicted.
  const all = { size: 1_000_000, type: CacheType.LRU };
  const caches = new Caches({ account: all, storage: all, code: all });
  return new MerkleStateManager({ common, caches });
}

/**
 * State in maps. The package's `SimpleStateManager` copies all its accounts at each checkpoint;
 * this one logs how to undo each write, so a checkpoint costs nothing however many there are.
 */
class MapsState extends SimpleStateManager {
  readonly #accounts = new Map<string, Account | undefined>();
  readonly #slots = new Map<string, Uint8Array>();
  readonly #undo: (() => void)[] = [];
  readonly #checkpoints: number[] = [];

  /** Returns a copy: the machine changes accounts before it puts them. */
  override async getAccount(address: Address): Promise<Account | undefined> {
    const found = this.#accounts.get(bytesToUnprefixedHex(address.bytes));
    if (found === undefined) return undefined;
    return new Account(found.nonce, found.balance, found.storageRoot, found.codeHash);
  }

  override async putAccount(address: Address, account?: Account): Promise<void> {
    const key = bytesToUnprefixedHex(address.bytes);
    const before = this.#accounts.get(key);
    this.#undo.push(() => this.#accounts.set(key, before));
    this.#accounts.set(key, account);
  }

  override async deleteAccount(address: Address): Promise<void> {
    await this.putAccount(address);
  }

  override async getStorage(address: Address, slot: Uint8Array): Promise<Uint8Array> {
    return this.#slots.get(slotKey(address, slot)) ?? NO_BYTES;
  }

  override async putStorage(address: Address, slot: Uint8Array, value: Uint8Array): Promise<void> {
    const key = slotKey(address, slot);
    const before = this.#slots.get(key) ?? NO_BYTES;
    this.#undo.push(() => this.#slots.set(key, before));
    this.#slots.set(key, value);
  }

  override async checkpoint(): Promise<void> {
    this.#checkpoints.push(this.#undo.length);
  }

  override async commit(): Promise<void> {
    this.#checkpoints.pop();
  }

  override async revert(): Promise<void> {
    const until = this.#checkpoints.pop() ?? 0;
    while (this.#undo.length > until) this.#undo.pop()?.();
  }
}

function slotKey(address: Address, slot: Uint8Array): string {
  return `${bytesToUnprefixedHex(address.bytes)} ${bytesToUnprefixedHex(slot)}`;
}
