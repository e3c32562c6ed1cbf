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
 * Budget of bytes for proofs in the greatest block that the wire format allows. Evidence and a
 * certificate with thousands of votes are subtracted first. So it may be less than the chain's own
 * limit for proofs.
 */
export interface WireRoom {
  /**
   * Most bytes that one more proof can have, without its entry in the annex. Below 0 if none fits.
   */
  readonly left: number;
  /** Whether a proof fits, with its entry in the annex if it is judged. */
  fits(proof: WireProof): boolean;
  /** Subtracts the bytes of a proof, and of its annex entry if it has one, from the budget. */
  take(proof: WireProof): void;
}

/** Properties of a proof that determine its bytes in a block. */
export interface WireProof {
  /** Length of its item. */
  readonly bytes: number;
  readonly kind: ProofBody["type"];
}

/** Bytes of one entry of the annex. */
const ENTRY_BYTES = OFFSET_BYTES + JudgedResult.maxBytes;

/** Creates the budget that the opening of a block leaves. */
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
