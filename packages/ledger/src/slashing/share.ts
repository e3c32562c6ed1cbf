import { type Evidence, offenceSequence } from "@aethel/models";
import { convictedShare } from "@aethel/rewards";
import type { BlockContext } from "../state/block-context.ts";
import { powerAt } from "../state/dated-boundaries.ts";
import type { KeyTerm } from "../state/offence-records.ts";

/**
 * Returns the part of the power that the accused had at the sequence of the evidence, in units of
 * 2^-96. The total is that of the set at that sequence, since the accused may have enlarged the
 * current set.
 */
export function shownShare(
  item: Evidence,
  { power }: Pick<KeyTerm, "power">,
  where: Pick<BlockContext, "overlay" | "state">,
): bigint {
  return convictedShare({ power, totalPower: powerAt(offenceSequence(item), where) });
}
