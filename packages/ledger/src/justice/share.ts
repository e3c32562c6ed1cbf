import type { Evidence } from "@aethel/models";
import { convictedShare } from "@aethel/rewards";
import { powerAt } from "../time/dated-borders.ts";
import type { KeyTerm } from "./layout.ts";
import { sequenceOf } from "./offence.ts";
import type { Where } from "./where.ts";

/**
 * Part of the power that the accused had where evidence shows what it signed. Of the set of that
 * sequence: the present one may have grown since, by the accused one's own doing.
 */
export function shownShare(
  item: Evidence,
  { power }: Pick<KeyTerm, "power">,
  where: Pick<Where, "draft" | "state">,
): bigint {
  return convictedShare({ power, totalPower: powerAt(sequenceOf(item), where) });
}
