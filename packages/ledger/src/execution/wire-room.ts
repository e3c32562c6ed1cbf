import {
  ANNEX_BYTES_MAX,
  BLOCK_BYTES_MAX,
  type Block,
  blockBytesBesides,
  OFFSET_BYTES,
  type ProofBody,
  VerificationResult,
} from "@aethel/models";

/**
 * Room for proofs in what the wire takes of a whole block. A chain's own limit on proofs may be
 * larger than what evidence and a certificate of thousands of votes leave: those come first.
 */
export interface WireRoom {
  /** Bytes that one more proof may have; below 0 when none fits. */
  readonly left: number;
  /** Whether a proof fits, with the entry of the annex that a judged one has. */
  fits(proof: WireProof): boolean;
  /** Takes a proof in. */
  take(proof: WireProof): void;
}

/** A proof as far as the room that it takes depends on it. */
export interface WireProof {
  /** Length of its item. */
  readonly bytes: number;
  readonly kind: ProofBody["type"];
}

/** Bytes of one entry of the annex. */
const ENTRY_BYTES = OFFSET_BYTES + VerificationResult.maxBytes;

/** The room that the opening of a block leaves. */
export function createWireRoom(
  { parentCertificate }: Pick<Block, "parentCertificate">,
  evidenceBytes: number,
): WireRoom {
  let left = BLOCK_BYTES_MAX - blockBytesBesides(parentCertificate) - evidenceBytes;
  let annexLeft = ANNEX_BYTES_MAX;
  const entryOf = ({ kind }: WireProof): number => (kind === "invoke" ? 0 : ENTRY_BYTES);
  return {
    get left() {
      return left - OFFSET_BYTES;
    },
    fits(proof) {
      const entry = entryOf(proof);
      return proof.bytes + OFFSET_BYTES + entry <= left && entry <= annexLeft;
    },
    take(proof) {
      const entry = entryOf(proof);
      left -= proof.bytes + OFFSET_BYTES + entry;
      annexLeft -= entry;
    },
  };
}
