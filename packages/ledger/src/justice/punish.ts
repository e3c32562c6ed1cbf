import { assert, type Evidence } from "@aethel/models";
import { convictedShare, slashHeldStake } from "@aethel/rewards";
import { countUp } from "../counters.ts";
import { readValidator } from "../stake.ts";
import { stateKey, ValidatorRecord } from "../state-layout.ts";
import { powerAt } from "../time/dated-borders.ts";
import { countConviction } from "./convictions.ts";
import { accusedTerm } from "./evidence.ts";
import { takeFrom } from "./held-stake.ts";
import { Offence, OffenceRecord } from "./layout.ts";
import { isEquivocation, offenceOf, sequenceOf } from "./offence.ts";
import { dropNextKey } from "./rotation.ts";
import type { Where } from "./where.ts";

/**
 * Slashes what evidence convicts that `refuseEvidence` has nothing against: bonded stake first, then
 * what unbonds, to the treasury. Who equivocated is ejected, also when there is no stake left to take.
 */
export function punish(item: Evidence, where: Where): void {
  const { sequence, now, draft, state } = where;
  const { validator, type: kind } = item;
  const term = accusedTerm(item, draft);
  assert(term !== undefined, "only a key that a set named is punished");
  noteOffence(item, where);
  const { stake, toTreasury } = takeFrom(
    validator,
    (held) => slashHeldStake({ ...held, kind }, state.parameters),
    where,
  );
  const offence = Offence.digest(offenceOf(item, term));
  const about = { validator, slashed: toTreasury, sequence };
  draft.write(stateKey.offence(offence), OffenceRecord, about);
  if (!isEquivocation(item)) return;
  // Of the set in which it was done: the current one may have grown, by the convicted one's own doing.
  const totalPower = powerAt(sequenceOf(item), draft, state.clock) ?? state.votingSet.totalPower;
  const share = convictedShare({ power: term.power, totalPower });
  countConviction(draft, { validator, offence, stake, total: toTreasury, share, at: now });
}

/**
 * Counts the offence. An equivocation takes the validator's votes their pay, and soon its power, until
 * it comes back under a new key.
 */
function noteOffence(item: Evidence, { draft, sequence }: Where): void {
  const { validator } = item;
  if (isEquivocation(item)) dropNextKey(draft, validator);
  const record = readValidator(draft, validator);
  const offences = countUp(record.offences, 1);
  const ejected = { status: "ejected", convictedAt: sequence } as const;
  draft.write(stateKey.validator(validator), ValidatorRecord, {
    ...record,
    ...(isEquivocation(item) ? ejected : {}),
    offences,
  });
}
