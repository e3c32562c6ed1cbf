import {
  EVIDENCE_BYTES_MAX,
  EVIDENCE_UNITS_MAX,
  Evidence,
  evidenceUnits,
  OFFSET_BYTES,
} from "@aethel/models";
import type { StateBounds } from "../state/bounds.ts";

/**
 * Room of one block for evidence: pieces, bytes and units of its own beside those of the proofs, so
 * that no flood of proofs keeps evidence out. What has no room convicts in the next block.
 * Consensus offers no more than this at once: what it offers and finds left out convicts nobody.
 */
export interface EvidenceRoom {
  /** Takes a piece in if it fits. */
  takes(item: Evidence): boolean;
  /** Bytes of all that was taken, as a block has them. */
  bytes(): number;
}

/** An empty room. */
export function createEvidenceRoom({ evidenceMax }: StateBounds): EvidenceRoom {
  let [count, bytes, units] = [0, 0, 0];
  return {
    takes: (item) => {
      const [moreBytes, moreUnits] = [
        OFFSET_BYTES + Evidence.encode(item).length,
        evidenceUnits(item),
      ];
      const fits =
        count < evidenceMax &&
        bytes + moreBytes <= EVIDENCE_BYTES_MAX &&
        units + moreUnits <= EVIDENCE_UNITS_MAX;
      if (!fits) return false;
      count += 1;
      bytes += moreBytes;
      units += moreUnits;
      return true;
    },
    bytes: () => bytes,
  };
}
