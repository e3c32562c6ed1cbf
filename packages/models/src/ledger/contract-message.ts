import { utf8ToBytes } from "@noble/hashes/utils.js";
import { concatBytes } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import type { Digest } from "../ids.ts";
import type { Signable } from "../keys/signer.ts";

/** Record of a contract that an account states by its signature, outside any transaction. */
export interface ContractMessage {
  /** Genesis hash of the chain on which the signature is valid. */
  readonly genesis: Digest;
  /** Digest of the contract that may accept the signature. */
  readonly contract: Digest;
  /** Name of the declared record. */
  readonly record: string;
  /** Fields of the record in their order, each encoded with the fixed size of its type. */
  readonly bytes: Uint8Array;
}

/**
 * Returns the object that an account signs for `signed_message` of a contract. Its signature is
 * valid on no other chain, for no other contract or record, and for nothing else that is signed.
 *
 * @example
 * ```ts
 * const signature = signer.sign(contractMessage({ genesis, contract, record: "Receipt", bytes }));
 * ```
 */
export function contractMessage(message: ContractMessage): Signable {
  const { genesis, contract, record, bytes } = message;
  const name = sha256(utf8ToBytes(record));
  // Contract and name have 32 bytes each, so different messages never give the same bytes.
  return { tag: "contract-message", genesis, bytes: concatBytes(contract, name, bytes) };
}
