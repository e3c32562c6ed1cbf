import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { FieldName } from "../../language/syntax/fields.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";

/**
 * State before a call, read by the interpreter. Each function is called once for each place that a
 * run reaches. A missing asset means the native one.
 */
export interface ContractState {
  /** Returns the holdings of an account, in 0 .. 2^64-1. `asset` undefined: of the native asset. */
  readonly holding: (account: string, field: FieldName, asset?: DeclaredAsset) => bigint;
  /** Returns the supply of a declared asset, in 0 .. 2^64-1. */
  readonly supply: (asset: DeclaredAsset) => bigint;
  /** Returns the holdings of the contract itself. `asset` undefined: of the native asset. */
  readonly vault: (asset?: DeclaredAsset) => bigint;
  /** Returns the value of a declared scalar. */
  readonly scalar: (name: string) => ContractValue;
  /** Returns a cell, or undefined for an absent one. */
  readonly cell: (map: string, keys: readonly FieldValue[]) => ContractValue | undefined;
}

/** Call of an intent: its arguments, and everything outside the state that it can read. */
export interface ContractCall {
  readonly arguments: ReadonlyMap<string, FieldValue>;
  /** Accounts that signed the transaction. */
  readonly signers: ReadonlySet<string>;
  /** Height of the block that executes the call. */
  readonly sequence: bigint;
  /** Whole seconds of the parent block's timestamp. */
  readonly now: bigint;
  readonly state: ContractState;
  /** Tells whether a signature is the account's signature of a record of this contract. */
  readonly isSignature: (message: SignedRecord) => boolean;
  /**
   * Tells whether an account's key must be checked before its first signature, which takes
   * `UNITS.newKey`. Asked once for each signature that the run checks. Default: no.
   */
  readonly isNewKey?: (account: string) => boolean;
  /** Greatest number of units that the call may take. Default: no limit. */
  readonly unitsMax?: number;
}

/** Record that an account signed outside a transaction, and the signature in hexadecimal digits. */
export interface SignedRecord {
  readonly account: string;
  /** Name of the declared record. */
  readonly name: string;
  /** Fields of the record in their order, each encoded with the fixed size of its type. */
  readonly bytes: Uint8Array;
  readonly signature: string;
}

/** Changes of one call, in the order of first stores, and its events. */
export interface ContractChanges {
  readonly holdings: readonly HoldingChange[];
  readonly supplies: readonly AssetChange<DeclaredAsset>[];
  /** Changes of the vault; `asset` is undefined for the native one. */
  readonly vaults: readonly AssetChange<DeclaredAsset | undefined>[];
  readonly scalars: readonly ValueChange[];
  readonly cells: readonly CellChange[];
  readonly events: readonly ContractEvent[];
}

/** Stored amount of an account that a call wrote, whether it changed or not. */
export interface HoldingChange {
  readonly account: string;
  readonly asset: DeclaredAsset | undefined;
  readonly before: bigint;
  readonly after: bigint;
}

/** Change of a supply, or of what the vault holds. */
export interface AssetChange<Asset> {
  readonly asset: Asset;
  readonly before: bigint;
  readonly after: bigint;
}

/** Scalar that a call wrote. */
export interface ValueChange {
  readonly name: string;
  readonly before: ContractValue;
  readonly after: ContractValue;
}

/** Cell that a call wrote. A cell that equals the default is absent. */
export interface CellChange {
  readonly map: string;
  readonly keys: readonly FieldValue[];
  readonly before: ContractValue;
  readonly after: ContractValue;
}

/** Event that a call emitted: a declared record. */
export interface ContractEvent {
  readonly name: string;
  readonly value: ContractValue;
}
