import {
  EVIDENCE_BYTES_MAX,
  EVIDENCE_UNITS_MAX,
  Evidence,
  evidenceUnits,
  OFFSET_BYTES,
} from "@aethel/models";
import type { StateBounds } from "../state/bounds.ts";

/**
 * Budget of one block for evidence. It is separate from the budget for proofs, so that proofs
 * cannot crowd out evidence. Evidence that does not fit convicts in a later block. Consensus offers
 * a leader at most this much evidence at once, so no leader is accused of leaving some out.
 */
export interface EvidenceRoom {
  /** Adds a piece of evidence if it fits. Returns whether it did. */
  takes(item: Evidence): boolean;
  /** Returns the number of bytes that all added evidence takes in a block. */
  bytes(): number;
}

/** Creates the budget of a block without evidence. */
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
