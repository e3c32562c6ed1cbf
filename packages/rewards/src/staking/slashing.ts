import { type Amount, assert, assertNever, toAmount } from "@aethel/models";
import type { EconomicParameters } from "../parameters.ts";
import { least, WHOLE_BASIS_POINTS } from "../ratio.ts";

/** Offences that cost stake. Absence is not one of them (P19). */
export type OffenceKind =
  | "double-vote"
  | "double-proposal"
  | "hidden-lock"
  | "invalid-verification";

/** Offence that evidence shows, and the stake that can be slashed for it. */
export interface Conviction {
  /** All stake that can be slashed: in effect, waiting for power, and unbonding. */
  readonly stake: Amount;
  readonly kind: OffenceKind;
}

/** Result of a slash; both amounts add up to the stake before. */
export interface Slash {
  /** Amount for the treasury account; the supply does not change. */
  readonly toTreasury: Amount;
  readonly remaining: Amount;
}

/** Basis points of the stake that an offence costs. */
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
 * (P16).
 *
 * The ledger applies it once for an offence. All equivocations of a validator until it has left the
 * set are one offence; `correlatedTotal` may raise their cost later.
 */
export function slash({ stake, kind }: Conviction, parameters: EconomicParameters): Slash {
  const part = BigInt(slashBasisPoints(kind, parameters));
  const toTreasury = least((stake * part) / WHOLE_BASIS_POINTS, stake);
  return { toTreasury: toAmount(toTreasury), remaining: toAmount(stake - toTreasury) };
}

/** Bonded and unbonding stake of a validator. */
export interface HeldStake {
  readonly bonded: Amount;
  /** Locked entries, the one that becomes free first at the front. */
  readonly unbonding: readonly Amount[];
}

/** Stake after a slash: `bonded + unbonding + toTreasury` is the stake before. */
export interface SlashedStake {
  readonly bonded: Amount;
  /** The same entries in the same order; some may be 0. */
  readonly unbonding: readonly Amount[];
  readonly toTreasury: Amount;
}

/**
 * Slashes the sum of bonded and unbonding stake (`slash`), so unstaking before the evidence arrives
 * does not lower the cost of an offence.
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
 * Takes `owed`, or everything if less is held: first from bonded stake, which lowers power, then
 * from the unbonding entries, from the first to become free to the last.
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

/** Sum of bonded and unbonding stake. */
export function allOf({ bonded, unbonding }: HeldStake): Amount {
  return toAmount(unbonding.reduce((sum, entry) => sum + entry, 0n + bonded));
}

/**
 * Share of the whole power: `2^96`. The unit is fine enough that validators with more than a third
 * of the power, however many, have shares of more than a third of it in sum.
 */
export const WHOLE_SHARE: bigint = 1n << 96n;

/** Share of a convicted validator: `floor(2^96 x power / totalPower)`, at most `2^96`. */
export function convictedShare(of: {
  /** Its power at the sequence of the equivocation. */
  readonly power: bigint;
  /** Power of the whole set at that sequence. */
  readonly totalPower: bigint;
}): bigint {
  const { power, totalPower } = of;
  assert(power >= 0n, "power is not negative");
  assert(totalPower > 0n, "a set has power");
  return least((WHOLE_SHARE * power) / totalPower, WHOLE_SHARE);
}

/**
 * Total cost of equivocations for a validator when the share `convicted` of the power equivocated
 * in one window: `min(stake, floor(3 x stake x convicted / 2^96))`, where `stake` is its stake at
 * its first equivocation. A third of the power can fork a chain, so a third loses everything.
 */
export function correlatedTotal(of: {
  readonly stake: Amount;
  /** Sum of the shares of all validators convicted in the window, this one included. */
  readonly convicted: bigint;
}): Amount {
  return toAmount(least(of.stake, (3n * of.stake * of.convicted) / WHOLE_SHARE));
}
