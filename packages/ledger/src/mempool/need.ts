import { assert } from "@aethel/models";
import type { Use } from "@aethel/rewards";
import { chargedUnits } from "../fees/units.ts";
import type { BlockRoom } from "../metering/block-room.ts";
import type { Load } from "../metering/meter.ts";
import { heldBytes, type PendingProof } from "../pending/pending.ts";
import { leastRecord } from "../programs/recording.ts";

/**
 * Returns the block resources that a proof needs, as far as they are known without compiling. The
 * size of a publication's record is known only after a leader has tried the proof. Before that, its
 * certificate gives a lower bound.
 */
export function needOf(pending: PendingProof, room: Pick<BlockRoom, "isFirstCall">): Use {
  const { proof, offer } = pending;
  const { body } = proof;
  const bytes = heldBytes(pending);
  if (body.type === "invoke") {
    let { units } = offer;
    for (const load of offer.loads) if (room.isFirstCall(load.program)) units += load.units;
    return { bytes, units, judging: 0, growth: offer.growth };
  }
  const { judgement } = pending;
  assert(judgement !== undefined, "only what was judged is offered");
  const judging = chargedUnits(judgement, body.resourceLimit);
  const { units, growth } = pending.record ?? recordOf(judgement);
  // A record needs its own room in the state, what is paid for it included.
  return { bytes, units: offer.units + units, judging, growth: Math.max(offer.growth, growth) };
}

function recordOf(judgement: NonNullable<PendingProof["judgement"]>): Load {
  return judgement.verdict === "valid" ? leastRecord(judgement) : { units: 0, growth: 0 };
}

/** Whether a proof that needs this much fits into what is left of a block. */
export function fitsInto(need: Use, left: Use): boolean {
  return (
    need.bytes <= left.bytes &&
    need.units <= left.units &&
    need.judging <= left.judging &&
    need.growth <= left.growth
  );
}

/** Whether the size of a proof's record is unknown because its source was not compiled yet. */
export function isUnreckoned({ proof, record, judgement }: PendingProof): boolean {
  return proof.body.type === "publish" && judgement?.verdict === "valid" && record === undefined;
}
