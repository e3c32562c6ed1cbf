import { type Amount, type AssetId, type Digest, fromHex, toDigest } from "@aethel/models";
import type { ContractValue, FieldValue, TypedContract } from "@aethel/verifier";
import type { Programs } from "../programs/programs.ts";
import { cellCoding, encodeKeys, scalarsCoding } from "../state/contract-codings.ts";
import { ContractIntentRecord, ContractRecord } from "../state/contract-records.ts";
import { Holding } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { type Directory, nameIn } from "./directory.ts";
import { oneMore, type Page, type PageRequest } from "./sorted-names.ts";
import type { StateReader } from "./state-reader.ts";

/** Published contract, without its state. */
export interface ContractView extends Omit<ContractRecord, "canonical"> {
  readonly digest: Digest;
  readonly name: string;
  /** Canonical text of the contract. */
  readonly text: string;
}

/** Queries of the current state about contracts. */
export interface ContractQueries {
  /** Returns a contract by the digest of its canonical text; undefined if it is not published. */
  readonly view: (digest: Digest) => ContractView | undefined;
  /** Returns a page of all contracts, or of those with one name, by name and then by digest. */
  readonly page: (
    request: PageRequest & { readonly name?: string | undefined },
  ) => Page<ContractView>;
  /** Returns the digests of contracts that begin with these hexadecimal digits, ascending. */
  readonly beginning: (prefix: string, limit: number) => readonly Digest[];
  /** Returns a published contract, compiled; undefined if it is not published. */
  readonly typed: (digest: Digest) => TypedContract | undefined;
  /**
   * Returns the contract, and the index of its intent, that a call with this digest runs. Undefined
   * if the digest is of no contract's intent.
   */
  readonly ofIntent: (intent: Digest) => ContractIntentRecord | undefined;
  /**
   * Returns the scalars of a contract in the order of their declarations; undefined if the contract
   * is not published.
   */
  readonly scalars: (contract: TypedContract) => readonly ContractValue[] | undefined;
  /**
   * Returns the amount of an asset in a contract's vault. Undefined if the contract declares no such
   * asset, or is not published.
   */
  readonly vault: (contract: Digest, asset: AssetId) => Amount | undefined;
  /**
   * Returns a cell of a contract. Undefined if it is absent, so that it has the default of its
   * type. `map`: index of the map in the contract.
   */
  readonly cell: (
    contract: TypedContract,
    place: { readonly map: number; readonly keys: readonly FieldValue[] },
  ) => ContractValue | undefined;
}

/** Creates the queries about published contracts and their states. */
export function createContractQueries(
  { read }: StateReader,
  { contracts, contractDigests }: Directory,
  programs: Programs,
): ContractQueries {
  const view = (digest: Digest): ContractView | undefined => {
    const record = read(stateKey.contract(digest), ContractRecord);
    return record === undefined ? undefined : viewOf(digest, record);
  };
  return {
    view,
    page: ({ name, ...request }) => {
      const asked = oneMore(request);
      const found = name === undefined ? contracts.page(asked) : contracts.named(name, asked);
      const shown = found.slice(0, request.limit);
      const entries = shown.flatMap(({ id }) => view(toDigest(fromHex(id))) ?? []);
      return { entries, next: found.length > shown.length ? shown.at(-1) : undefined };
    },
    beginning: (prefix, limit) =>
      contractDigests
        .page({ after: { name: prefix, id: "" }, limit })
        .filter(({ id }) => id.startsWith(prefix))
        .map(({ id }) => toDigest(fromHex(id))),
    typed: (digest) => {
      const record = read(stateKey.contract(digest), ContractRecord);
      return record === undefined ? undefined : programs.contracts.contractOf(digest, record);
    },
    ofIntent: (intent) => read(stateKey.contractIntent(intent), ContractIntentRecord),
    scalars: (contract) => {
      // A contract without scalars has no entry for them.
      if (contract.scalars.length === 0) return view(contract.digest) && [];
      return read(stateKey.scalars(contract.digest), scalarsCoding(contract));
    },
    vault: (contract, asset) => read(stateKey.vault(contract, asset), Holding)?.amount,
    cell: (contract, { map: index, keys }) => {
      const map = contract.maps[index];
      if (map === undefined) return undefined;
      const place = { map: index, keys: encodeKeys(map, keys) };
      return read(stateKey.cell(contract.digest, place), cellCoding(map));
    },
  };
}

function viewOf(digest: Digest, record: ContractRecord): ContractView {
  const { canonical, ...about } = record;
  const text = new TextDecoder().decode(canonical);
  return { ...about, digest, name: nameIn(text), text };
}
