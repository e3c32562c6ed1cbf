import { assert, type Evidence } from "@aethel/models";
import { slashHeldStake } from "@aethel/rewards";
import type { BlockContext } from "../state/block-context.ts";
import { countUp } from "../state/counters.ts";
import { Offence, OffenceRecord } from "../state/offence-records.ts";
import { stateKey } from "../state/state-key.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { dropNextKey } from "../validators/rotation.ts";
import { readValidator } from "../validators/stake.ts";
import { countConviction, enlargeShare } from "./convictions.ts";
import { accusedTerm } from "./evidence.ts";
import { takeFrom } from "./held-stake.ts";
import { isEquivocation, offenceOf, slashKindOf } from "./offence.ts";
import { shownShare } from "./share.ts";

/**
 * Slashes the validator that valid evidence accuses; `refuseEvidence` must not have refused the
 * evidence. Bonded stake is slashed first, then unbonding stake, and the slash goes to the
 * treasury. An equivocation also ejects the validator, even if no stake is left.
 *
 * Further evidence of a known equivocation slashes nothing immediately. It raises the recorded
 * share of the power, and the next epoch boundary raises the cost accordingly.
 */
export function punish(item: Evidence, where: BlockContext): void {
  const { sequence, overlay, state } = where;
  const { validator } = item;
  const kind = slashKindOf(item);
  const term = accusedTerm(item, overlay);
  assert(term !== undefined, "only a key that a set named is punished");
  const offence = Offence.digest(offenceOf(item, term));
  const share = isEquivocation(item) ? shownShare(item, term, where) : undefined;
  if (share !== undefined && overlay.read(stateKey.offence(offence), OffenceRecord) !== undefined) {
    enlargeShare(overlay, offence, share);
    return;
  }
  noteOffence(item, where);
  const { stake, toTreasury } = takeFrom(
    validator,
    (held) => slashHeldStake({ ...held, kind }, state.parameters),
    where,
  );
  const about = { validator, slashed: toTreasury, sequence, share };
  overlay.write(stateKey.offence(offence), OffenceRecord, about);
  if (share === undefined) return;
  const { key } = readValidator(overlay, validator);
  const { since } = term;
  const conviction = { validator, offence, since, key, stake, total: toTreasury, sequence };
  countConviction(overlay, conviction, share);
}

/**
 * Counts the offence in the validator's record. An equivocation also ejects the validator: its
 * votes are no longer paid, and it loses its power at an epoch boundary, until it returns with a
 * new key.
 */
function noteOffence(item: Evidence, { overlay, sequence }: BlockContext): void {
  const { validator } = item;
  if (isEquivocation(item)) dropNextKey(overlay, validator);
  const record = readValidator(overlay, validator);
  const offences = countUp(record.offences, 1);
  const ejected = { status: "ejected", convictedAt: sequence } as const;
  overlay.write(stateKey.validator(validator), ValidatorRecord, {
    ...record,
    ...(isEquivocation(item) ? ejected : {}),
    offences,
  });
}
