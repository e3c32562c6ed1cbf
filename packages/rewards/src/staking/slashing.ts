import { type Amount, assert, assertNever, toAmount } from "@aethel/models";
import type { EconomicParameters } from "../parameters.ts";
import { least, WHOLE_BASIS_POINTS } from "../ratio.ts";

/** Offences that cost stake. Absence is not one of them (property P19). */
export type OffenceKind =
  | "double-vote"
  | "double-proposal"
  | "hidden-lock"
  | "invalid-verification";

/** An offence that evidence shows, and the stake that can be slashed for it. */
export interface Conviction {
  /** All stake that can be slashed: with power, waiting for power, and unbonding. */
  readonly stake: Amount;
  readonly kind: OffenceKind;
}

/** Result of a slash. Both amounts together are the stake before it. */
export interface Slash {
  /** Amount for the treasury. The supply does not change. */
  readonly toTreasury: Amount;
  readonly remaining: Amount;
}

/** Returns the basis points of the stake that an offence costs. */
export function slashBasisPoints(kind: OffenceKind, parameters: EconomicParameters): number {
  switch (kind) {
    case "double-vote":
    case "double-proposal":
    case "hidden-lock":
      return parameters.slashDoubleSignBasisPoints;
    case "invalid-verification":
      return parameters.slashVerificationBasisPoints;
    default:
      return assertNever(kind);
  }
}

/**
 * Slashes a stake: `toTreasury = floor(stake x slashBasisPoints(kind) / 10,000)`, at most the stake
 * (property P16).
 *
 * The ledger does this once for each offence. All equivocations of a validator, until it has left
 * the validator set, are one offence. `correlatedTotal` may raise their cost later.
 */
export function slash({ stake, kind }: Conviction, parameters: EconomicParameters): Slash {
  const part = BigInt(slashBasisPoints(kind, parameters));
  const toTreasury = least((stake * part) / WHOLE_BASIS_POINTS, stake);
  return { toTreasury: toAmount(toTreasury), remaining: toAmount(stake - toTreasury) };
}

/** Bonded and unbonding stake of a validator. */
export interface HeldStake {
  readonly bonded: Amount;
  /** Unbonding entries. The one that becomes free first comes first. */
  readonly unbonding: readonly Amount[];
}

/** Stake after a slash. `bonded + unbonding + toTreasury` is the stake before it. */
export interface SlashedStake {
  readonly bonded: Amount;
  /**
   * Entries of unbonding stake after the slash, in the same order as before it. Some may be 0 now.
   */
  readonly unbonding: readonly Amount[];
  readonly toTreasury: Amount;
}

/**
 * Slashes bonded and unbonding stake together, by `slash` of their sum. So unstaking before the
 * evidence arrives does not make an offence cheaper.
 */
export function slashHeldStake(
  held: HeldStake & Pick<Conviction, "kind">,
  parameters: EconomicParameters,
): SlashedStake {
  const { toTreasury } = slash({ stake: allOf(held), kind: held.kind }, parameters);
  const taken = takeHeldStake(held, toTreasury);
  assert(taken.toTreasury === toTreasury, "a slash is never more than the stake");
  return taken;
}

/**
 * Takes `owed` micro-tokens, or everything if less is held. First it takes bonded stake, which
 * lowers power, then the unbonding entries in the order in which they become free.
 */
export function takeHeldStake(held: HeldStake, owed: Amount): SlashedStake {
  let left: bigint = owed;
  const take = (from: Amount): Amount => {
    const taken = least(from, left);
    left -= taken;
    return toAmount(from - taken);
  };
  const bonded = take(held.bonded);
  const unbonding = held.unbonding.map(take);
  return { bonded, unbonding, toTreasury: toAmount(owed - left) };
}

/** Returns the sum of bonded and unbonding stake. */
export function allOf({ bonded, unbonding }: HeldStake): Amount {
  return toAmount(unbonding.reduce((sum, entry) => sum + entry, 0n + bonded));
}

/**
 * Share that stands for the whole power. A share is a fraction of the power in units of 2^-96,
 * rounded down. The unit is so fine that validators with more than a third of the power, however
 * many they are, have shares whose sum is more than a third of it.
 */
export const WHOLE_SHARE: bigint = 1n << 96n;

/**
 * Computes the share of a convicted validator: `floor(2^96 x power / totalPower)`, at most `2^96`.
 */
export function convictedShare(of: {
  /** Power of the validator at the sequence of the equivocation. */
  readonly power: bigint;
  /** Total power of the validator set at the sequence of the equivocation. */
  readonly totalPower: bigint;
}): bigint {
  const { power, totalPower } = of;
  assert(power >= 0n, "power is not negative");
  assert(totalPower > 0n, "a set has power");
  return least((WHOLE_SHARE * power) / totalPower, WHOLE_SHARE);
}

/**
 * Computes the total cost of equivocation for a validator: `min(stake, floor(3 x stake x convicted
 * / 2^96))`. `convicted` is the share of the power of all validators whose equivocations count
 * together. `stake` is the validator's stake at its first equivocation. A third of the power can
 * fork a chain, so if a third equivocates, each loses everything.
 */
export function correlatedTotal(of: {
  readonly stake: Amount;
  /** Sum of the shares of all validators whose equivocations count together, including this one. */
  readonly convicted: bigint;
}): Amount {
  return toAmount(least(of.stake, (3n * of.stake * of.convicted) / WHOLE_SHARE));
}
