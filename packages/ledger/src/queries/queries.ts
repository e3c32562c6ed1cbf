import { type MerkleProof, prove } from "@aethel/merkle";
import {
  type AccountId,
  type Amount,
  type AssetId,
  type ChainParameters,
  type Digest,
  fromHex,
  indexOfValidator,
  toAccountId,
  toAmount,
  toAssetId,
  toDigest,
  toNonce,
  type ValidatorSet,
} from "@aethel/models";
import type { Programs } from "../programs/programs.ts";
import { type LedgerState, supplyOf, totalSupply } from "../state/ledger-state.ts";
import {
  Account,
  AssetRecord,
  certificateCoding,
  Holding,
  IntentRecord,
  type Supply,
  TheoremRecord,
} from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { Coding } from "../state/state-overlay.ts";
import { Unbonding, ValidatorRecord } from "../state/validator-records.ts";
import { powerIn } from "../validators/stake.ts";
import { type Directory, nameIn } from "./directory.ts";
import { parametersIn } from "./parameters-in.ts";
import type { Named, PageRequest } from "./sorted-names.ts";

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
  /** Canonical text. */
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

/** Part of a listing. */
export interface Page<T> {
  readonly entries: readonly T[];
  /**
   * Last entry of this page, to be given as `after` for the next page. Undefined on the last page.
   */
  readonly next: Named | undefined;
}

/**
 * Bytes of compiled canonical text after which a page of intents ends. The last text may exceed
 * them.
 */
const PAGE_TEXT_MAX = 16_384;

/** Queries of the current state. The values from which they answer can be proved with `prove`. */
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
  /** Returns a staker, whether or not it is in the set; undefined if the account never staked. */
  validator(id: AccountId): ValidatorView | undefined;
  /** Returns the records of the set that votes on the next block. */
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
   * Returns a page of all intents, or of those with one name. It is shorter than requested if many
   * long texts have to be compiled for it.
   */
  intentPage(request: PageRequest & { readonly name?: string | undefined }): Page<IntentView>;
  /** Returns the ids of stakers that begin with these hexadecimal digits, in ascending order. */
  stakersBeginning(prefix: string, limit: number): readonly AccountId[];
  /** Returns the record of a theorem by the SHA-256 of its script; undefined if there is none. */
  theorem(script: Digest): TheoremRecord | undefined;
  /**
   * Returns the certificate of an intent or a theorem, for the kernel. `digest`: digest of the
   * intent, or SHA-256 of the script. Undefined if there is none.
   */
  certificate(digest: Digest): Uint8Array | undefined;
  /** Returns the chain's parameters, which are fixed at genesis. */
  parameters(): ChainParameters;
  /** Returns the supply of the native asset, in micro-tokens. */
  supply(): Supply & { readonly total: Amount };
  /** Proves the value under a key (see `stateKey`), or its absence. */
  prove(key: Uint8Array): MerkleProof;
}

/** Creates queries of the state that `current` returns. */
export function createQueries(
  current: () => LedgerState,
  programs: Programs,
  directory: Directory,
): Queries {
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
    const text = new TextDecoder().decode(canonical);
    const name = nameIn(text);
    const parameters = parametersIn(text) ?? programs.interfaceOf(digest, record).parameters;
    const shown = parameters.map((p) => ({ name: p.name, type: p.type, signer: p.signer }));
    return { ...about, digest, name, text, parameters: shown };
  };
  const intentOf = ({ id }: Named): readonly IntentView[] => {
    const digest = toDigest(fromHex(id));
    const record = read(stateKey.intent(digest), IntentRecord);
    return record === undefined ? [] : [viewOf(digest, record)];
  };
  const assetPage: Queries["assetPage"] = (request) => {
    const found = directory.assets.page(more(request));
    const shown = found.slice(0, request.limit);
    const entries = shown.flatMap(({ id }) => {
      const record = read(stateKey.asset(toAssetId(fromHex(id))), AssetRecord);
      return record === undefined ? [] : [assetView(toAssetId(fromHex(id)), record)];
    });
    return { entries, next: found.length > shown.length ? shown.at(-1) : undefined };
  };
  return {
    account: (id) =>
      read(stateKey.account(id), Account) ?? { balance: toAmount(0n), nonce: toNonce(0) },
    holding: (id, asset) => read(stateKey.holding(id, asset), Holding)?.amount ?? toAmount(0n),
    asset: (id) => {
      const record = read(stateKey.asset(id), AssetRecord);
      return record === undefined ? undefined : assetView(id, record);
    },
    assets: () => assetPage({ limit: directory.assets.size }).entries,
    assetPage,
    validator: (id) => validator(id, current().votingSet),
    validators: () => {
      const set = current().votingSet;
      return set.validators.flatMap(({ id }) => validator(id, set) ?? []);
    },
    validatorPage: ({ after, limit }) => {
      const set = current().votingSet;
      const known = after === undefined ? undefined : indexOfValidator(set, after);
      const from = known === undefined ? 0 : known + 1;
      const shown = set.validators.slice(from, from + limit);
      const next = from + limit < set.validators.length ? shown.at(-1)?.id : undefined;
      return { entries: shown.flatMap(({ id }) => validator(id, set) ?? []), next };
    },
    intent: (digest) => {
      const record = read(stateKey.intent(digest), IntentRecord);
      return record === undefined ? undefined : viewOf(digest, record);
    },
    intents: () => directory.intents.page({ limit: directory.intents.size }).flatMap(intentOf),
    intentPage: ({ name, ...request }) => {
      const found =
        name === undefined
          ? directory.intents.page(more(request))
          : directory.intents.named(name, more(request));
      const entries: IntentView[] = [];
      let text = 0;
      for (const entry of found.slice(0, request.limit)) {
        const [view] = intentOf(entry);
        if (view === undefined) continue;
        text += parametersIn(view.text) === undefined ? view.text.length : 0;
        entries.push(view);
        if (text > PAGE_TEXT_MAX) break;
      }
      return {
        entries,
        next: found.length > entries.length ? found[entries.length - 1] : undefined,
      };
    },
    stakersBeginning: (prefix, limit) => {
      const after = { name: prefix.slice(0, -1) + before(prefix.at(-1) ?? ""), id: "~" };
      return directory.stakers
        .page({ after, limit })
        .filter(({ id }) => id.startsWith(prefix))
        .map(({ id }) => toAccountId(fromHex(id)));
    },
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

/** Returns a request for one more entry. If there is one, there is a next page. */
function more(request: PageRequest): PageRequest {
  return { ...request, limit: request.limit + 1 };
}

/**
 * Returns the character before a hexadecimal digit. A prefix whose last digit is replaced by it
 * sorts before all names with the prefix.
 */
function before(digit: string): string {
  return digit === "" ? "" : String.fromCharCode(digit.charCodeAt(0) - 1);
}
