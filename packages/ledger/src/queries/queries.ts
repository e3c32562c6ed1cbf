import type { MerkleProof } from "@aethel/merkle";
import type { AccountId, Amount, AssetId, ChainParameters, Digest } from "@aethel/models";
import type {
  Account,
  AssetRecord,
  IntentRecord,
  Supply,
  TheoremRecord,
} from "../state/records.ts";
import type { Unbonding, ValidatorRecord } from "../state/validator-records.ts";
import type { ContractQueries } from "./contract-queries.ts";
import type { Page, PageRequest } from "./sorted-names.ts";

/** Record of a staker, with its power in the current set and its unbonding stake. */
export interface ValidatorView extends ValidatorRecord {
  readonly id: AccountId;
  readonly power: bigint;
  readonly unbonding: Unbonding["entries"];
}

/** Published intent, with its parameters. */
export interface IntentView extends Omit<IntentRecord, "canonical"> {
  readonly digest: Digest;
  readonly name: string;
  /** Canonical text of the intent. */
  readonly text: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly signer: boolean;
  }[];
}

/** Declared asset. */
export interface AssetView extends Omit<AssetRecord, "name"> {
  readonly id: AssetId;
  readonly name: string;
}

/**
 * Queries of the current state. With `prove`, a caller can get a Merkle proof of any value on which
 * the answers rely.
 */
export interface Queries {
  /** Returns balance and next nonce of an account; both are 0 for an unknown account. */
  account(id: AccountId): Account;
  /** Returns how much of a declared asset an account holds; 0 if nothing. */
  holding(id: AccountId, asset: AssetId): Amount;
  /** Returns a declared asset by its id; undefined if there is none. */
  asset(id: AssetId): AssetView | undefined;
  /** Returns all declared assets, by name and then by id. */
  assets(): readonly AssetView[];
  /** Returns a page of the declared assets. */
  assetPage(request: PageRequest): Page<AssetView>;
  /**
   * Returns a staker, whether or not it is in the validator set. Undefined if the account never
   * staked.
   */
  validator(id: AccountId): ValidatorView | undefined;
  /** Returns the records of the validators that vote on the next block. */
  validators(): readonly ValidatorView[];
  /**
   * Returns a page of the records of `validators()`, in the order of the set. `after`: id of the
   * last member of the previous page.
   */
  validatorPage(request: { readonly after?: AccountId | undefined; readonly limit: number }): {
    readonly entries: readonly ValidatorView[];
    readonly next: AccountId | undefined;
  };
  /** Returns a published intent by the digest of its canonical text; undefined if there is none. */
  intent(digest: Digest): IntentView | undefined;
  /** Returns all intents, by name and then by digest. The time is proportional to their number. */
  intents(): readonly IntentView[];
  /**
   * Returns a page of all intents, or of those with one name. The page is shorter than requested if
   * many long texts would have to be compiled for it.
   */
  intentPage(request: PageRequest & { readonly name?: string | undefined }): Page<IntentView>;
  /** Queries about contracts and their states. */
  readonly contracts: ContractQueries;
  /** Returns the ids of stakers that begin with these hexadecimal digits, in ascending order. */
  stakersBeginning(prefix: string, limit: number): readonly AccountId[];
  /** Returns the record of a theorem by the SHA-256 of its script; undefined if there is none. */
  theorem(script: Digest): TheoremRecord | undefined;
  /**
   * Returns the certificate of an intent, a contract or a theorem, as the kernel checks it.
   * `digest`: digest of the canonical text, or SHA-256 of the theorem's script. Undefined if there
   * is none.
   */
  certificate(digest: Digest): Uint8Array | undefined;
  /** Returns the chain's parameters, which are fixed at genesis. */
  parameters(): ChainParameters;
  /** Returns the supply of the native asset, in micro-tokens. */
  supply(): Supply & { readonly total: Amount };
  /** Returns a Merkle proof of the value under a key (see `stateKey`), or of its absence. */
  prove(key: Uint8Array): MerkleProof;
}
