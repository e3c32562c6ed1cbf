import type { Evidence } from "@aethel/models";
import { convictedShare } from "@aethel/rewards";
import type { BlockContext } from "../state/block-context.ts";
import { powerAt } from "../state/dated-boundaries.ts";
import type { KeyTerm } from "../state/offence-records.ts";
import { sequenceOf } from "./offence.ts";

/**
 * Part of the power that the accused had at the sequence of the evidence. It refers to the set of
 * that sequence, since the current set may have grown by the accused's own doing.
 */
export function shownShare(
  item: Evidence,
  { power }: Pick<KeyTerm, "power">,
  where: Pick<BlockContext, "overlay" | "state">,
): bigint {
  return convictedShare({ power, totalPower: powerAt(sequenceOf(item), where) });
}
