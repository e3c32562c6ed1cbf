import {
  contractMessage,
  type Digest,
  fromHex,
  toPublicKey,
  toSignature,
  type VerifySigned,
  verifySigned,
} from "@aethel/models";
import type { ContractCall } from "@aethel/verifier";

/**
 * Returns the check of `signed_message` for calls of a contract: whether a signature is the
 * account's signature of a record, for this contract on this chain.
 */
export function messageCheck({
  chain,
  contract,
  verify = verifySigned,
}: {
  /** Genesis hash of the chain. */
  readonly chain: Digest;
  /** Digest of the contract. */
  readonly contract: Digest;
  /** Verifies signatures. It MUST give the same results as `verifySigned`, the default. */
  readonly verify?: VerifySigned | undefined;
}): ContractCall["isSignature"] {
  return ({ account, name, bytes, signature }) => {
    const object = contractMessage({ genesis: chain, contract, record: name, bytes });
    return verify(toPublicKey(fromHex(account)), object, toSignature(fromHex(signature)));
  };
}
