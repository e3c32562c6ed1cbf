import {
  type AccountId,
  createValidatorSet,
  equalBytes,
  type Sequence,
  type Timestamp,
  toAmount,
  toHex,
  type Validator,
  type ValidatorSet,
} from "@aethel/models";
import {
  admitPowerChanges,
  type PowerChange,
  powerChangeAllowed,
  unbondsAt,
} from "@aethel/rewards";
import { credit } from "./accounts.ts";
import type { Draft } from "./draft.ts";
import {
  queueOf,
  readUnbonding,
  readValidator,
  wantedPower,
  writeQueue,
  writeUnbonding,
} from "./stake.ts";
import { type LedgerState, validatorSetCoding } from "./state.ts";
import { Clock, KeyRecord, NO_DATE, stateKey, ValidatorRecord } from "./state-layout.ts";
import { clockAfter, reachesBorder } from "./time/clock.ts";
import { dateBorder } from "./time/dated-borders.ts";

/** Members that a set's encoding has room for in one value of the tree. */
export const SET_MEMBERS_MAX = 14_000;

interface Where {
  readonly sequence: Sequence;
  /** The block's timestamp. */
  readonly now: Timestamp;
  readonly draft: Draft;
  readonly state: LedgerState;
}

/**
 * The set that votes on the next block. At a border: waiting changes of power and keys take effect,
 * first asked first served, less than a third of the power together; withdrawn stake whose time is
 * over becomes balance; stake that lost its power starts to unbond.
 */
export function turnEpoch(where: Where): ValidatorSet {
  const { draft, state, sequence, now } = where;
  const { votingSet, previousSet, parameters } = state;
  const isBorder = reachesBorder(state.clock, now, parameters);
  const clock = clockAfter(state.clock, now, parameters);
  const dated = isBorder ? dateBorder(draft, clock, { sequence, parameters }) : clock;
  draft.write(stateKey.clock, Clock, dated);
  const next = isBorder ? cross(where, clock) : votingSet;
  // A set of thousands is large: it is only touched when it changes.
  if (!equalBytes(next.hash, votingSet.hash)) {
    draft.write(stateKey.votingSet, validatorSetCoding, next);
  }
  if (!equalBytes(votingSet.hash, previousSet.hash)) {
    draft.write(stateKey.previousSet, validatorSetCoding, votingSet);
  }
  return next;
}

function cross(where: Where, clock: Clock): ValidatorSet {
  const next = changeSet(where, clock);
  release(where, next);
  return next;
}

function changeSet(where: Where, { borders }: Clock): ValidatorSet {
  const { draft, state } = where;
  const { votingSet } = state;
  const { totalPower } = votingSet;
  const powers = powersOf(votingSet);
  const rotating = queueOf(draft, stateKey.powerQueue).accounts.filter(
    (id) => readValidator(draft, id).nextKey !== undefined,
  );
  // Who comes first alternates, so neither kind of change can keep the other waiting for ever.
  const keysFirst = borders % 2 === 0;
  const early = keysFirst ? admitKeys(rotating, powers, { totalPower, spent: 0n }) : [];
  const earlySpent = early.reduce((sum, id) => sum + powers(id), 0n);
  const admitted = admitPowers(where, powers, earlySpent);
  const spent = admitted.reduce(
    (sum, { from, to }) => sum + (to > from ? to - from : from - to),
    0n,
  );
  const rotated = keysFirst ? early : admitKeys(rotating, powers, { totalPower, spent });
  for (const id of rotated) rotateKey(where, id);
  const next =
    admitted.length === 0 && rotated.length === 0
      ? votingSet
      : createValidatorSet(membersAfter(votingSet, admitted, draft), sealedAs(votingSet));
  keepWaiting(draft, state, next);
  return next;
}

/** A chain's sets all certify by the scheme of its first. */
function sealedAs({ scheme }: ValidatorSet): Pick<ValidatorSet, "scheme"> {
  return scheme === undefined ? {} : { scheme };
}

function admitPowers(
  { draft, state }: Where,
  powers: (id: AccountId) => bigint,
  spent: bigint,
): readonly PowerChange[] {
  const { votingSet } = state;
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
  return admitPowerChanges({ totalPower, changes: eligible, spent }).admitted;
}

/**
 * A new key is to others like a new validator of the same power, so it counts as much. Who has too
 * much for that changes its key at a border at which nothing else changes.
 */
function admitKeys(
  rotating: readonly AccountId[],
  powers: (id: AccountId) => bigint,
  { totalPower, spent }: { readonly totalPower: bigint; readonly spent: bigint },
): readonly AccountId[] {
  const admitted: AccountId[] = [];
  let changed = spent;
  for (const id of rotating) {
    const power = powers(id);
    const isAlone = changed === 0n && !powerChangeAllowed({ changed: power, totalPower });
    if (isAlone) return [...admitted, id];
    if (!powerChangeAllowed({ changed: changed + power, totalPower })) continue;
    changed += power;
    admitted.push(id);
  }
  return admitted;
}

/** The old key is good for this very block; the set of the next has the new one. */
function rotateKey({ draft, sequence }: Where, id: AccountId): void {
  const record = readValidator(draft, id);
  const { nextKey } = record;
  if (nextKey === undefined) return;
  draft.change(stateKey.consensusKey(record.key), KeyRecord, (known) =>
    known === undefined ? undefined : { ...known, until: sequence },
  );
  draft.write(stateKey.validator(id), ValidatorRecord, {
    ...record,
    key: nextKey,
    nextKey: undefined,
  });
}

/** Whose power is still not what it should be waits for the next border, in the same order. */
function keepWaiting(draft: Draft, state: LedgerState, next: ValidatorSet): void {
  const { accounts } = queueOf(draft, stateKey.powerQueue);
  const powers = powersOf(next);
  const left = accounts.filter(
    (id) =>
      powers(id) !== wantedPower(draft, id, state) ||
      readValidator(draft, id).nextKey !== undefined,
  );
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
  const members = new Map(
    set.validators.map((member) => {
      const { key } = readValidator(draft, member.id);
      return [toHex(member.id), { ...member, key }];
    }),
  );
  for (const { validator: id, to } of admitted) {
    const { key } = readValidator(draft, id);
    if (to === 0n) members.delete(toHex(id));
    else members.set(toHex(id), { id, key, power: toAmount(to) });
  }
  return [...members.values()];
}

function release({ draft, state, now }: Where, next: ValidatorSet): void {
  const { accounts } = queueOf(draft, stateKey.unbondingQueue);
  const powers = powersOf(next);
  const left = accounts.filter((id) => {
    const isOutOfEffect = powers(id) <= wantedPower(draft, id, state);
    const dated = readUnbonding(draft, id).entries.map((entry) =>
      entry.freeAt === NO_DATE && isOutOfEffect
        ? { ...entry, freeAt: unbondsAt(now, state.parameters) }
        : entry,
    );
    const isFree = (freeAt: Timestamp): boolean => freeAt !== NO_DATE && freeAt <= now;
    for (const { amount, freeAt } of dated) if (isFree(freeAt)) credit(draft, id, amount);
    const entries = dated.filter(({ freeAt }) => !isFree(freeAt));
    writeUnbonding(draft, id, { entries });
    return entries.length > 0;
  });
  writeQueue(draft, stateKey.unbondingQueue, left);
}
