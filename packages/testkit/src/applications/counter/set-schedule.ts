import { createValidatorSet, type Genesis, toAmount, type ValidatorSet } from "@aethel/models";
import type { ChangingSets } from "../application-kind.ts";
import { keyAt } from "../key-changes.ts";

/**
 * Default number of blocks in an epoch. The counter's epochs are counted in blocks, not in time.
 */
const EPOCH_BLOCKS = 8;

/** Returns the validator set that votes on a sequence. */
export type SetSchedule = (sequence: number) => ValidatorSet;

/**
 * Creates a schedule of validator sets. The first epoch has the genesis powers, and each later
 * epoch the next powers of the rotation. After the last of these the schedule begins again with the
 * genesis powers.
 */
export function createSchedule(
  { validators, parameters }: Genesis,
  { rotation, keyChanges: changes = [], epochBlocks = EPOCH_BLOCKS }: ChangingSets,
): SetSchedule {
  const first = validators.map(({ stake }) => stake);
  const later = rotation.map((powers) =>
    powers.map((power) => toAmount(parameters.minimumStake * BigInt(power))),
  );
  const turns = [first, ...later];
  const setIn = (epoch: number, stakes: typeof first): ValidatorSet =>
    createValidatorSet(
      validators
        .map(({ id, key }, at) => ({
          id,
          key: keyAt(at, epoch, { key, changes }),
          power: stakes[at] ?? toAmount(0n),
        }))
        .filter(({ power }) => power > 0n),
    );
  // After the last change of a key the sets repeat.
  const lastChange = changes.reduce((last, { epoch }) => Math.max(last, epoch), 0);
  const sets = new Map<number, ValidatorSet>();
  return (sequence) => {
    const epoch = Math.floor(Math.max(0, sequence - 1) / epochBlocks);
    const turn = epoch % turns.length;
    const name = epoch < lastChange ? epoch : lastChange + turn;
    const set = sets.get(name) ?? setIn(epoch, turns[turn] ?? first);
    sets.set(name, set);
    return set;
  };
}
