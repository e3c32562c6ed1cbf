import { type Amount, assert, assertNever, toAmount } from "@aethel/models";
import type { EconomicParameters } from "./parameters.ts";
import { least, WHOLE_BASIS_POINTS } from "./ratio.ts";

/** What a validator can be convicted of. Absence is not among them: it costs no stake (P19). */
export type OffenceKind =
  | "double-vote"
  | "double-proposal"
  | "hidden-lock"
  | "invalid-verification";

/** Stake within reach of the evidence, and what the evidence shows. */
export interface Conviction {
  /** Everything within reach: in effect, waiting, and unbonding. */
  readonly stake: Amount;
  readonly kind: OffenceKind;
}

/** A stake after a slash; the two add up to the stake before. */
export interface Slash {
  /** Credited to the treasury account; the supply does not change. */
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
 * `toTreasury = floor(stake x slashBasisPoints(kind) / 10,000)`, at most the stake (P16).
 *
 * That an offence is punished once is the ledger's to keep. All equivocations of a validator until it
 * is out of the set are one; `correlatedTotal` says what they may come to later.
 */
export function slash({ stake, kind }: Conviction, parameters: EconomicParameters): Slash {
  const part = BigInt(slashBasisPoints(kind, parameters));
  const toTreasury = least((stake * part) / WHOLE_BASIS_POINTS, stake);
  return { toTreasury: toAmount(toTreasury), remaining: toAmount(stake - toTreasury) };
}

/** A validator's stake where it lies. */
export interface HeldStake {
  readonly bonded: Amount;
  /** Still locked, soonest free first. */
  readonly unbonding: readonly Amount[];
}

/** Stake where it lies after something was taken; `bonded + unbonding + toTreasury` is what there was. */
export interface SlashedStake {
  readonly bonded: Amount;
  /** As many entries as before, in the same order; some may be 0. */
  readonly unbonding: readonly Amount[];
  readonly toTreasury: Amount;
}

/**
 * Slashes bonded and unbonding stake as one (`slash` of their sum).
 *
 * Unstaking before the evidence arrives therefore changes nothing in what an offence costs.
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
 * Takes `owed`, or all that is held if that is less: from what is bonded, so that influence falls
 * first, then from the entry that would be free soonest to the latest.
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

/** Bonded and unbonding stake together. */
export function allOf({ bonded, unbonding }: HeldStake): Amount {
  return toAmount(unbonding.reduce((sum, entry) => sum + entry, 0n + bonded));
}

/**
 * All power as a share: `2^96`, so fine that more than a third of the power, however many validators
 * it is split over, is more than a third of this in the sum of their shares.
 */
export const WHOLE_SHARE: bigint = 1n << 96n;

/** A convicted validator's part of the power: `floor(2^96 x power / totalPower)`, at most `2^96`. */
export function convictedShare(of: {
  /** Its power where it equivocated. */
  readonly power: bigint;
  /** Power of the whole set. */
  readonly totalPower: bigint;
}): bigint {
  const { power, totalPower } = of;
  assert(power >= 0n, "power is not negative");
  assert(totalPower > 0n, "a set has power");
  return least((WHOLE_SHARE * power) / totalPower, WHOLE_SHARE);
}

/**
 * What equivocations cost a validator in all when so much of the power equivocated in one window:
 * `min(stake, floor(3 x stake x convicted / 2^96))`, where `stake` is what it held at the first. A third
 * of the power can fork a chain, so a third loses everything.
 */
export function correlatedTotal(of: {
  readonly stake: Amount;
  /** Sum of the shares of all who were convicted in the window, its own among them. */
  readonly convicted: bigint;
}): Amount {
  return toAmount(least(of.stake, (3n * of.stake * of.convicted) / WHOLE_SHARE));
}
