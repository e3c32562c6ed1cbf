import {
  EVIDENCE_BYTES_MAX,
  EVIDENCE_UNITS_MAX,
  Evidence,
  evidenceUnits,
  OFFSET_BYTES,
} from "@aethel/models";
import type { StateBounds } from "../state/bounds.ts";

/**
 * Room of one block for evidence, beside the room for proofs, so that no flood of proofs keeps
 * evidence out. Evidence without room convicts in the next block. Consensus offers no more than
 * this at once, so that no leader is accused of leaving evidence out.
 */
export interface EvidenceRoom {
  /** Takes a piece of evidence if it fits. */
  takes(item: Evidence): boolean;
  /** Returns the bytes of all taken evidence, as encoded in a block. */
  bytes(): number;
}

/** Creates an empty room. */
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
