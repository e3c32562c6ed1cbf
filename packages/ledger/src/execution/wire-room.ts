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
 * Room for proofs in the bytes that the wire format allows for a whole block. Evidence and a
 * certificate of thousands of votes come first, and may leave less than the chain's own limit on
 * proofs.
 */
export interface WireRoom {
  /** Bytes that one more proof may have; below 0 when none fits. */
  readonly left: number;
  /** Whether a proof fits, with its entry in the annex if it is judged. */
  fits(proof: WireProof): boolean;
  /** Takes the room of a proof. */
  take(proof: WireProof): void;
}

/** Properties of a proof that determine its room. */
export interface WireProof {
  /** Length of its item. */
  readonly bytes: number;
  readonly kind: ProofBody["type"];
}

/** Bytes of one entry of the annex. */
const ENTRY_BYTES = OFFSET_BYTES + VerificationResult.maxBytes;

/** Creates the room that the opening of a block leaves. */
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
