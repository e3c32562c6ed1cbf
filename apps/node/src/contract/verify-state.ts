import { ContractRecord, stateKey } from "@aethel/ledger";
import { decodeProof, MerkleError, verifyProof } from "@aethel/merkle";
import {
  BlockHeader,
  type Digest,
  fromHex,
  type Genesis,
  ledgerHeader,
  ModelsError,
  QuorumCertificate,
  toHex,
} from "@aethel/models";
import type { StateProof } from "../api/contract-api.ts";
import { checkHeader, type TrustAnchor } from "./check-header.ts";

/** Value of a state key that was verified here, with what it rests on. */
export interface VerifiedState {
  /** Undefined if the state has nothing under the key. */
  readonly value: Uint8Array | undefined;
  readonly header: BlockHeader;
  readonly stateRoot: string;
  readonly signers: number;
  readonly members: number;
  readonly basisPoints: number;
}

/** Result of verifying a proof of the state. */
export type StateVerdict =
  | { readonly ok: true; readonly state: VerifiedState }
  | { readonly ok: false; readonly reason: string };

/**
 * Verifies on this machine what a key of a contract's state holds after a final block: the Merkle
 * paths to the state root, and the header with the certificate of a quorum. The contract's own
 * record is verified too, since a cell that is absent proves nothing about a contract that is not
 * published.
 */
export function verifyState(options: {
  readonly proof: StateProof;
  readonly key: Uint8Array;
  readonly contract: Digest;
  readonly text: string;
  readonly genesis: Genesis;
  readonly anchor: TrustAnchor;
  readonly nowMs: number;
}): StateVerdict {
  const { proof, key, contract, text } = options;
  const read = decode(proof);
  if (read === undefined) return { ok: false, reason: "the proof of the node cannot be read" };
  const { header, certificate, validators, path, record } = read;
  const checked = checkHeader({ header, certificate, validators }, options);
  if (!checked.ok) return checked;
  const root = ledgerHeader(header).stateRootAfter;
  const published = verifyProof({ root, key: stateKey.contract(contract), proof: record });
  if (!published.ok)
    return { ok: false, reason: `the contract's path is wrong: ${published.reason}` };
  if (!isRecordOf(published.value, text)) {
    return { ok: false, reason: "the state has no such contract" };
  }
  const found = verifyProof({ root, key, proof: path });
  if (!found.ok) return { ok: false, reason: `the Merkle path is wrong: ${found.reason}` };
  const { signers, members, basisPoints } = checked;
  const state = { value: found.value, header, stateRoot: toHex(root) };
  return { ok: true, state: { ...state, signers, members, basisPoints } };
}

function isRecordOf(bytes: Uint8Array | undefined, text: string): boolean {
  if (bytes === undefined) return false;
  return new TextDecoder().decode(ContractRecord.decode(bytes).canonical) === text;
}

/** Decodes the parts of a proof. Undefined if one of them is no such thing. */
function decode(proof: StateProof):
  | {
      readonly header: BlockHeader;
      readonly certificate: QuorumCertificate;
      readonly validators: Uint8Array;
      readonly path: ReturnType<typeof decodeProof>;
      readonly record: ReturnType<typeof decodeProof>;
    }
  | undefined {
  try {
    const header = BlockHeader.decode(fromHex(proof.header));
    ledgerHeader(header);
    return {
      header,
      certificate: QuorumCertificate.decode(fromHex(proof.certificate)),
      validators: fromHex(proof.validators),
      path: decodeProof(fromHex(proof.path)),
      record: decodeProof(fromHex(proof.record)),
    };
  } catch (error) {
    if (error instanceof ModelsError || error instanceof MerkleError) return undefined;
    throw error;
  }
}
