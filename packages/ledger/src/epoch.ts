import {
  type AccountId,
  createValidatorSet,
  equalBytes,
  type Sequence,
  toAmount,
  toHex,
  type Validator,
  type ValidatorSet,
} from "@aethel/models";
import { admitPowerChanges, type PowerChange, unbondsAt, votingPower } from "@aethel/rewards";
import { credit } from "./accounts.ts";
import type { Draft } from "./draft.ts";
import {
  queueOf,
  readStake,
  readUnbonding,
  readValidator,
  writeQueue,
  writeUnbonding,
} from "./stake.ts";
import { type LedgerState, validatorSetCoding } from "./state.ts";
import { NO_DATE, stateKey } from "./state-layout.ts";

/** Members that a set's encoding has room for in one value of the tree. */
export const SET_MEMBERS_MAX = 14_000;

/** Whether the validator set may change with this block. */
export function isBorder(sequence: Sequence, state: Pick<LedgerState, "parameters">): boolean {
  return sequence > 0 && sequence % state.parameters.epochLength === 0;
}

interface Where {
  readonly sequence: Sequence;
  readonly draft: Draft;
  readonly state: LedgerState;
}

/**
 * The set that votes on the next block. At a border: waiting changes of power take effect, first
 * asked first served, less than a third of the power together; withdrawn stake whose time is over
 * becomes balance; stake that lost its power starts to unbond.
 */
export function turnEpoch(where: Where): ValidatorSet {
  const { draft, state, sequence } = where;
  const { votingSet, previousSet } = state;
  const next = isBorder(sequence, state) ? cross(where) : votingSet;
  // A set of thousands is large: it is only touched when it changes.
  if (!equalBytes(next.hash, votingSet.hash)) {
    draft.write(stateKey.votingSet, validatorSetCoding, next);
  }
  if (!equalBytes(votingSet.hash, previousSet.hash)) {
    draft.write(stateKey.previousSet, validatorSetCoding, votingSet);
  }
  return next;
}

function cross(where: Where): ValidatorSet {
  const next = changePower(where);
  release(where, next);
  return next;
}

function changePower({ draft, state }: Where): ValidatorSet {
  const { votingSet } = state;
  const powers = powersOf(votingSet);
  const waiting = queueOf(draft, stateKey.powerQueue).accounts.map((validator) => ({
    validator,
    from: powers(validator),
    to: wantedPower(draft, validator, state),
  }));
  let room = SET_MEMBERS_MAX - votingSet.validators.length;
  const eligible = waiting.filter((change) => {
    if (change.from > 0n || change.to === 0n) return true;
    room -= 1;
    return room >= 0;
  });
  const { totalPower } = votingSet;
  const { admitted } = admitPowerChanges({ totalPower, changes: eligible });
  if (admitted.length === 0) {
    keepWaiting(draft, state, votingSet);
    return votingSet;
  }
  const next = createValidatorSet(membersAfter(votingSet, admitted, draft));
  keepWaiting(draft, state, next);
  return next;
}

function wantedPower(draft: Draft, id: AccountId, state: LedgerState): bigint {
  return votingPower(readStake(draft, id), state.parameters);
}

/** Whose power is still not what it should be waits for the next border, in the same order. */
function keepWaiting(draft: Draft, state: LedgerState, next: ValidatorSet): void {
  const { accounts } = queueOf(draft, stateKey.powerQueue);
  const powers = powersOf(next);
  const left = accounts.filter((id) => powers(id) !== wantedPower(draft, id, state));
  writeQueue(draft, stateKey.powerQueue, left);
}

/** Powers by id, looked up rather than searched for: queue and set may both have thousands. */
function powersOf(set: ValidatorSet): (id: AccountId) => bigint {
  const byId = new Map(set.validators.map(({ id, power }) => [toHex(id), power]));
  return (id) => byId.get(toHex(id)) ?? 0n;
}

function membersAfter(
  set: ValidatorSet,
  admitted: readonly PowerChange[],
  draft: Draft,
): readonly Validator[] {
  const members = new Map(set.validators.map((member) => [toHex(member.id), member]));
  for (const { validator: id, to } of admitted) {
    const { key } = readValidator(draft, id);
    if (to === 0n) members.delete(toHex(id));
    else members.set(toHex(id), { id, key, power: toAmount(to) });
  }
  return [...members.values()];
}

function release({ draft, state, sequence }: Where, next: ValidatorSet): void {
  const { accounts } = queueOf(draft, stateKey.unbondingQueue);
  const powers = powersOf(next);
  const left = accounts.filter((id) => {
    const isOutOfEffect = powers(id) <= wantedPower(draft, id, state);
    const dated = readUnbonding(draft, id).entries.map((entry) =>
      entry.freeAt === NO_DATE && isOutOfEffect
        ? { ...entry, freeAt: unbondsAt(sequence, state.parameters) }
        : entry,
    );
    const isFree = (freeAt: Sequence): boolean => freeAt !== NO_DATE && freeAt <= sequence;
    for (const { amount, freeAt } of dated) if (isFree(freeAt)) credit(draft, id, amount);
    const entries = dated.filter(({ freeAt }) => !isFree(freeAt));
    writeUnbonding(draft, id, { entries });
    return entries.length > 0;
  });
  writeQueue(draft, stateKey.unbondingQueue, left);
}
