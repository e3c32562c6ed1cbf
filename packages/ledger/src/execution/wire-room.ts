import {
  ANNEX_BYTES_MAX,
  BLOCK_BYTES_MAX,
  type Block,
  blockBytesBesides,
  JudgedResult,
  OFFSET_BYTES,
  type ProofBody,
} from "@aethel/models";

/**
 * Budget of bytes for proofs in the largest block that the wire format allows. The bytes of the
 * evidence and the certificate are subtracted first. A certificate with thousands of votes can make
 * this budget smaller than the chain's own limit for proofs.
 */
export interface WireRoom {
  /**
   * Most bytes that one more proof can have, without its entry in the annex. Negative if no proof
   * fits.
   */
  readonly left: number;
  /** Whether a proof fits, together with its entry in the annex if it has one. */
  fits(proof: WireProof): boolean;
  /** Subtracts the bytes of a proof, and of its annex entry if it has one, from the budget. */
  take(proof: WireProof): void;
}

/** Properties of a proof that determine its bytes in a block. */
export interface WireProof {
  /** Length in bytes of the proof's encoding, which is an item of the block. */
  readonly bytes: number;
  readonly kind: ProofBody["type"];
}

/** Most bytes of one entry of the annex, with its offset. */
const ENTRY_BYTES = OFFSET_BYTES + JudgedResult.maxBytes;

/** Creates the budget that is left after the opening (evidence and certificate) of a block. */
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
