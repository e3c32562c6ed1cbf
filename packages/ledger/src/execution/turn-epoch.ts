import { equalBytes, type ValidatorSet } from "@aethel/models";
import { raiseTotals } from "../slashing/convictions.ts";
import type { BoundedContext } from "../state/block-context.ts";
import { clockAfter, reachesBoundary } from "../state/clock.ts";
import { dateBoundary } from "../state/dated-boundaries.ts";
import { validatorSetCoding } from "../state/ledger-state.ts";
import { Clock } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { changeSet } from "../validators/change-set.ts";
import { noteTerms } from "../validators/key-terms.ts";
import { rotateKey } from "../validators/rotation.ts";
import { releaseDue } from "../validators/unbonding.ts";

/**
 * Returns the set that votes on the next block, and ends the epoch if the block is an epoch
 * boundary. At a boundary, waiting changes of power and keys take effect: together less than a
 * third of the power, or the key of one validator with more power than that. Stake that lost its
 * power gets its release date. Every block, boundary or not, also releases stake whose release date
 * is not after the last boundary. This work is bounded, and the rest waits for the next boundary or
 * block.
 */
export function turnEpoch(where: BoundedContext): ValidatorSet {
  const { overlay, state, sequence, now } = where;
  const { votingSet, previousSet, parameters } = state;
  const isBoundary = reachesBoundary(state.clock, now, parameters);
  const clock = clockAfter(state.clock, now, parameters);
  const dated = isBoundary
    ? dateBoundary(overlay, clock, { sequence, power: votingSet.totalPower, parameters })
    : clock;
  overlay.write(stateKey.clock, Clock, dated);
  const next = isBoundary ? cross(where, dated) : votingSet;
  releaseDue(overlay, clock.boundary, where.bounds);
  // A set of thousands is large: it is only touched when it changes.
  if (!equalBytes(next.hash, votingSet.hash)) {
    overlay.write(stateKey.votingSet, validatorSetCoding, next);
  }
  if (!equalBytes(votingSet.hash, previousSet.hash)) {
    overlay.write(stateKey.previousSet, validatorSetCoding, votingSet);
  }
  return next;
}

/**
 * Ends an epoch: raises the costs of equivocations, applies waiting changes of power and keys, and
 * records for which sequences each key votes. Returns the next set.
 */
function cross(where: BoundedContext, clock: Clock): ValidatorSet {
  raiseTotals({ ...where, clock }, where.bounds.raisesMax);
  const next = changeSet({ ...where, rotateKey: (id) => rotateKey(where, id) });
  if (!equalBytes(next.hash, where.state.votingSet.hash)) noteTerms({ ...where, next, clock });
  return next;
}
