import { type MerkleProof, prove } from "@aethel/merkle";
import {
  type AccountId,
  type Amount,
  type AssetId,
  type ChainParameters,
  type Digest,
  toAmount,
  toAssetId,
  toDigest,
  toNonce,
  type ValidatorSet,
} from "@aethel/models";
import type { Coding } from "./draft.ts";
import type { Programs } from "./programs.ts";
import { powerIn } from "./stake.ts";
import { type LedgerState, supplyOf, totalSupply } from "./state.ts";
import {
  Account,
  AssetRecord,
  certificateCoding,
  Holding,
  IntentRecord,
  KEY_KIND,
  type Supply,
  stateKey,
  TheoremRecord,
  Unbonding,
  ValidatorRecord,
} from "./state-layout.ts";

/** A staker as the state has it, with its power in effect and what it has unbonding. */
export interface ValidatorView extends ValidatorRecord {
  readonly id: AccountId;
  readonly power: bigint;
  readonly unbonding: Unbonding["entries"];
}

/** A published intent, with what one needs to call it. */
export interface IntentView extends Omit<IntentRecord, "canonical"> {
  readonly digest: Digest;
  readonly name: string;
  /** Canonical text. */
  readonly text: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly signer: boolean;
  }[];
}

/** A declared asset. */
export interface AssetView extends Omit<AssetRecord, "name"> {
  readonly id: AssetId;
  readonly name: string;
}

/** Questions about a state. Each answer can be proved with `prove`. */
export interface Queries {
  /** Balance and next nonce; zeros for an account that was never heard of. */
  account(id: AccountId): Account;
  /** What an account has of a declared asset. */
  holding(id: AccountId, asset: AssetId): Amount;
  /** A declared asset by its id. */
  asset(id: AssetId): AssetView | undefined;
  /** All declared assets, by name and then by id. Walks the whole state: for people. */
  assets(): readonly AssetView[];
  /** A staker, in the set or not. */
  validator(id: AccountId): ValidatorView | undefined;
  /** The set that votes on the next block, as records. */
  validators(): readonly ValidatorView[];
  /** A published intent by the digest of its canonical text. */
  intent(digest: Digest): IntentView | undefined;
  /** All intents, by name. Walks the whole state: for people, not for loops. */
  intents(): readonly IntentView[];
  /** The record of a script by its SHA-256. */
  theorem(script: Digest): TheoremRecord | undefined;
  /** Certificate of an intent or a theorem, by the digest that names it: the kernel's input. */
  certificate(digest: Digest): Uint8Array | undefined;
  /** The chain's parameters, fixed at genesis. */
  parameters(): ChainParameters;
  /** Of the native asset, in micro-tokens. */
  supply(): Supply & { readonly total: Amount };
  /** Shows what the state has under a key (see `stateKey`), or that it has nothing. */
  prove(key: Uint8Array): MerkleProof;
}

/** Queries about whatever state `current` gives. */
export function createQueries(current: () => LedgerState, programs: Programs): Queries {
  const read = <T>(key: Uint8Array, codec: Coding<T>): T | undefined => {
    const bytes = current().tree.get(key);
    return bytes === undefined ? undefined : codec.decode(bytes);
  };
  const validator = (id: AccountId, set: ValidatorSet): ValidatorView | undefined => {
    const record = read(stateKey.validator(id), ValidatorRecord);
    if (record === undefined) return undefined;
    const unbonding = read(stateKey.unbonding(id), Unbonding)?.entries ?? [];
    return { ...record, id, power: powerIn(set, id), unbonding };
  };
  const viewOf = (digest: Digest, record: IntentRecord): IntentView => {
    const { canonical, ...about } = record;
    const { name, parameters } = programs.load(digest, record);
    const text = new TextDecoder().decode(canonical);
    const shown = parameters.map((p) => ({ name: p.name, type: p.type, signer: p.signer }));
    return { ...about, digest, name, text, parameters: shown };
  };
  return {
    account: (id) =>
      read(stateKey.account(id), Account) ?? { balance: toAmount(0n), nonce: toNonce(0) },
    holding: (id, asset) => read(stateKey.holding(id, asset), Holding)?.amount ?? toAmount(0n),
    asset: (id) => {
      const record = read(stateKey.asset(id), AssetRecord);
      return record === undefined ? undefined : assetView(id, record);
    },
    // The tree is walked in the order of keys, so of two with one name the lower id comes first.
    assets: () =>
      [...current().tree.entries()]
        .filter(({ key }) => key[0] === KEY_KIND.asset)
        .map(({ key, value }) => assetView(toAssetId(key.slice(1)), AssetRecord.decode(value)))
        .toSorted((left, right) => compareNames(left.name, right.name)),
    validator: (id) => validator(id, current().votingSet),
    validators: () => {
      const set = current().votingSet;
      return set.validators.flatMap(({ id }) => validator(id, set) ?? []);
    },
    intent: (digest) => {
      const record = read(stateKey.intent(digest), IntentRecord);
      return record === undefined ? undefined : viewOf(digest, record);
    },
    intents: () =>
      [...current().tree.entries()]
        .filter(({ key }) => key[0] === KEY_KIND.intent)
        .map(({ key, value }) => viewOf(toDigest(key.slice(1)), IntentRecord.decode(value)))
        .toSorted((left, right) => compareNames(left.name, right.name)),
    theorem: (script) => read(stateKey.theorem(script), TheoremRecord),
    certificate: (digest) =>
      read(stateKey.intentCertificate(digest), certificateCoding) ??
      read(stateKey.theoremCertificate(digest), certificateCoding),
    parameters: () => current().parameters,
    supply: () => {
      const supply = supplyOf(current().tree);
      return { ...supply, total: toAmount(totalSupply(supply)) };
    },
    prove: (key) => prove(current().tree, key),
  };
}

function assetView(id: AssetId, { name, issuer, supply }: AssetRecord): AssetView {
  return { id, name: new TextDecoder().decode(name), issuer, supply };
}

/** By code unit: the same order everywhere. */
function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
