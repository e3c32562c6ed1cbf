import { type ChainParameters, EVIDENCE_BYTES_MAX, Evidence, OFFSET_BYTES } from "@aethel/models";
import { evidenceUnits } from "./costs/opening.ts";
import type { StateBounds } from "./queues/bounds.ts";

/**
 * Room of one block for evidence: a number of pieces, a share of the block's units, and bytes of its
 * own beside those of the proofs, so that no flood of proofs keeps evidence out. What has no room
 * convicts in the next block.
 */
export interface EvidenceRoom {
  /** Takes a piece in if it fits. */
  takes(item: Evidence): boolean;
  /** Bytes of all that was taken, as a block has them. */
  bytes(): number;
}

/** Of a block's units, a quarter at most is for evidence. */
const EVIDENCE_SHARE = 4;

/** An empty room. */
export function createEvidenceRoom(
  { blockUnitsMax }: Pick<ChainParameters, "blockUnitsMax">,
  { evidenceMax }: StateBounds,
): EvidenceRoom {
  const unitsMax = Math.floor(blockUnitsMax / EVIDENCE_SHARE);
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
        units + moreUnits <= unitsMax;
      if (!fits) return false;
      count += 1;
      bytes += moreBytes;
      units += moreUnits;
      return true;
    },
    bytes: () => bytes,
  };
}
