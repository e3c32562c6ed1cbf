import { BLOCK_BYTES_MAX, blockBytesBesides, OFFSET_BYTES } from "@aethel/models";
import type { BlockOpening } from "./execution.ts";

/**
 * Room for proofs in what the wire takes of a whole block. A chain's own limit on proofs may be
 * larger than what evidence and a certificate of thousands of votes leave: those come first.
 */
export interface WireRoom {
  /** Bytes that one more proof may have; below 0 when none fits. */
  readonly left: number;
  /** Whether a proof of so many bytes fits. */
  fits(bytes: number): boolean;
  /** Takes a proof in. */
  take(bytes: number): void;
}

/** The room that the opening of a block leaves. */
export function createWireRoom(
  { parentCertificate }: Pick<BlockOpening, "parentCertificate">,
  evidenceBytes: number,
): WireRoom {
  let left = BLOCK_BYTES_MAX - blockBytesBesides(parentCertificate) - evidenceBytes;
  return {
    get left() {
      return left - OFFSET_BYTES;
    },
    fits: (bytes) => bytes + OFFSET_BYTES <= left,
    take: (bytes) => {
      left -= bytes + OFFSET_BYTES;
    },
  };
}
