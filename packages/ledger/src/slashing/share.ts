import type { Evidence } from "@aethel/models";
import { convictedShare } from "@aethel/rewards";
import type { Where } from "../state/block-context.ts";
import { powerAt } from "../state/dated-boundaries.ts";
import type { KeyTerm } from "../state/offence-records.ts";
import { sequenceOf } from "./offence.ts";

/**
 * Part of the power that the accused had where evidence shows what it signed. Of the set of that
 * sequence: the present one may have grown since, by the accused one's own doing.
 */
export function shownShare(
  item: Evidence,
  { power }: Pick<KeyTerm, "power">,
  where: Pick<Where, "overlay" | "state">,
): bigint {
  return convictedShare({ power, totalPower: powerAt(sequenceOf(item), where) });
}
