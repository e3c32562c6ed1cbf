import { type Sequence, toSequence } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import type { Candidate } from "./candidates.ts";
import type { WayChosen } from "./sync-event.ts";

/** Statement of a peer about the blocks that it keeps. */
export interface BlocksClaim {
  readonly peer: PeerName;
  readonly head: Sequence;
  readonly oldest: Sequence;
}

/**
 * Chooses between catching up by blocks and by a snapshot, by the estimated time of each. Claims of
 * a third of the peers can neither raise nor lower the head that is assumed.
 */
export function chooseWay(options: {
  readonly own: Sequence;
  readonly claims: readonly BlocksClaim[];
  readonly best: Candidate | undefined;
  readonly blockMs: number;
  readonly importBytesPerSecond: number;
}): WayChosen {
  const { own, claims, best, blockMs, importBytesPerSecond } = options;
  const heads = claims.map(({ head }) => head).toSorted((left, right) => right - left);
  const head = heads[Math.floor(heads.length / 3)] ?? own;
  const blocks = Math.max(0, head - own);
  const keepers = claims.filter((claim) => claim.oldest <= own + 1 && claim.head > own);
  // A third of the peers may claim blocks that they do not give.
  const isKept = keepers.length > Math.floor(claims.length / 3);
  const blocksMs = blocks === 0 ? 0 : isKept ? blocks * blockMs : Number.POSITIVE_INFINITY;
  const isAhead = best !== undefined && best.sequence > own;
  const snapshotMs = isAhead
    ? (best.bytes * 1_000) / importBytesPerSecond + Math.max(0, head - best.sequence) * blockMs
    : Number.POSITIVE_INFINITY;
  const way = snapshotMs < blocksMs ? "snapshot" : "blocks";
  const snapshot = best === undefined ? undefined : toSequence(best.sequence);
  return { type: "way-chosen", way, blocks, blocksMs, snapshotMs, snapshot };
}
