import { type MerkleProof, prove, type Tree, verifyProof } from "@aethel/merkle";
import { type Digest, equalBytes, ModelsError, NATIVE_ASSET } from "@aethel/models";
import {
  type ContractValue,
  compileContract,
  defaultOf,
  type FieldValue,
  isOfType,
  type TypedContract,
} from "@aethel/verifier";
import { cellCoding, encodeKeys, scalarsCoding } from "./contract-codings.ts";
import { ContractRecord } from "./contract-records.ts";
import { Holding } from "./records.ts";
import { stateKey } from "./state-key.ts";

/** Value that a contract stores: a cell, a scalar, or what the contract itself holds of an asset. */
export type StoredPlace =
  | { readonly type: "cell"; readonly map: string; readonly keys: readonly FieldValue[] }
  | { readonly type: "scalar"; readonly name: string }
  /** `asset`: name of the asset in the contract; empty for the native one. */
  | { readonly type: "vault"; readonly asset: string };

/**
 * Merkle proofs of a stored value. `contract` is of the contract's record, without which the absence
 * of a cell says nothing. `value` is of the key that has the value, or would have it.
 */
export interface StoredProof {
  readonly contract: MerkleProof;
  readonly value: MerkleProof;
}

/** Reason for the refusal of a proof of a stored value. */
export type StoredRejection =
  /** The proof of the record does not lead to the root. */
  | "contract-proof"
  /** There is no record under the root, or it is not that of this contract. */
  | "no-contract"
  /** The contract has no such map, scalar or asset, or the keys are not of their types. */
  | "no-place"
  /** The proof of the value does not lead to the root. */
  | "value-proof"
  /** The value is not one of its type, or is absent where there must be one. */
  | "no-value";

/**
 * Stored value, with its contract; the default of its type for a cell that is absent. Or the reason
 * for a refusal.
 */
export type StoredVerdict =
  | { readonly ok: true; readonly value: ContractValue; readonly contract: TypedContract }
  | { readonly ok: false; readonly reason: StoredRejection };

/**
 * Makes the proof of a value that a published contract stores. Undefined if the contract has no such
 * place. The contract MUST be published in the tree.
 */
export function proveStored(
  tree: Tree,
  contract: TypedContract,
  place: StoredPlace,
): StoredProof | undefined {
  const read = readerOf(contract, place);
  if (read === undefined) return undefined;
  return {
    contract: prove(tree, stateKey.contract(contract.digest)),
    value: prove(tree, read.key),
  };
}

/**
 * Verifies a proof of a value that a contract stores, against a state root that the caller trusts.
 * Needs no state: the text of the contract is in the proof, and its digest names it. Never throws
 * for a proof that has the fields of its type.
 *
 * @example
 * ```ts
 * const place = { type: "cell", map: "deals", keys: [7n] } as const;
 * const verdict = verifyStored({ root, contract, place, proof });
 * if (verdict.ok) verdict.value; // fields of the deal, or those of the default
 * ```
 */
export function verifyStored(options: {
  readonly root: Uint8Array;
  readonly contract: Digest;
  readonly place: StoredPlace;
  readonly proof: StoredProof;
}): StoredVerdict {
  const { root, contract: digest, place, proof } = options;
  const ofContract = verifyProof({
    root,
    key: stateKey.contract(digest),
    proof: proof.contract,
  });
  if (!ofContract.ok) return refuse("contract-proof");
  const contract = contractIn(ofContract.value, digest);
  if (contract === undefined) return refuse("no-contract");
  const read = readerOf(contract, place);
  if (read === undefined) return refuse("no-place");
  const ofValue = verifyProof({ root, key: read.key, proof: proof.value });
  if (!ofValue.ok) return refuse("value-proof");
  const value = orUndefined(() => read.decode(ofValue.value));
  return value === undefined ? refuse("no-value") : { ok: true, value, contract };
}

function refuse(reason: StoredRejection): StoredVerdict {
  return { ok: false, reason };
}

/** Compiles the contract of a record; undefined if it is not the contract with this digest. */
function contractIn(bytes: Uint8Array | undefined, digest: Digest): TypedContract | undefined {
  if (bytes === undefined) return undefined;
  const record = orUndefined(() => ContractRecord.decode(bytes));
  if (record === undefined) return undefined;
  const compiled = compileContract(record.canonical);
  if (compiled.type !== "contract") return undefined;
  return equalBytes(compiled.contract.digest, digest) ? compiled.contract : undefined;
}

/** State key of a place, and the value that its bytes (undefined if absent) are decoded to. */
interface PlaceReader {
  readonly key: Uint8Array;
  readonly decode: (bytes: Uint8Array | undefined) => ContractValue | undefined;
}

function readerOf(contract: TypedContract, place: StoredPlace): PlaceReader | undefined {
  const { digest } = contract;
  switch (place.type) {
    case "cell":
      return cellReader(contract, place);
    case "scalar": {
      const at = contract.scalars.findIndex(({ name }) => name === place.name);
      if (at < 0) return undefined;
      const coding = scalarsCoding(contract);
      return {
        key: stateKey.scalars(digest),
        decode: (bytes) => (bytes === undefined ? undefined : coding.decode(bytes)[at]),
      };
    }
    case "vault": {
      const named = contract.assets.find(({ name }) => name === place.asset);
      const asset = place.asset === "" ? NATIVE_ASSET : named?.id;
      if (asset === undefined) return undefined;
      return {
        key: stateKey.vault(digest, asset),
        decode: (bytes) => (bytes === undefined ? undefined : Holding.decode(bytes).amount),
      };
    }
  }
}

function cellReader(
  contract: TypedContract,
  { map: name, keys }: Extract<StoredPlace, { type: "cell" }>,
): PlaceReader | undefined {
  const index = contract.maps.findIndex((one) => one.name === name);
  const map = contract.maps[index];
  if (map === undefined || keys.length !== map.keys.length) return undefined;
  const isOfTypes = map.keys.every((type, at) => {
    const key = keys[at];
    return key !== undefined && isOfType(key, type);
  });
  if (!isOfTypes) return undefined;
  return {
    key: stateKey.cell(contract.digest, { map: index, keys: encodeKeys(map, keys) }),
    decode: (bytes) => (bytes === undefined ? defaultOf(map.value) : cellCoding(map).decode(bytes)),
  };
}

/** Returns the result of a decoding; undefined for bytes that are no encoding of the type. */
function orUndefined<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}
