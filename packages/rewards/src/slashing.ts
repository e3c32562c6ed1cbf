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
 * That an offence is punished once is the ledger's to keep: by its key (validator, kind, sequence,
 * view, phase).
 */
export function slash({ stake, kind }: Conviction, parameters: EconomicParameters): Slash {
  const part = BigInt(slashBasisPoints(kind, parameters));
  const toTreasury = least((stake * part) / WHOLE_BASIS_POINTS, stake);
  return { toTreasury: toAmount(toTreasury), remaining: toAmount(stake - toTreasury) };
}

/** A convicted validator's stake where it lies. */
export interface HeldStake {
  readonly bonded: Amount;
  /** Still locked, soonest free first. */
  readonly unbonding: readonly Amount[];
  readonly kind: OffenceKind;
}

/** Where the stake lies after the slash; `bonded + unbonding + toTreasury` is what there was. */
export interface SlashedStake {
  readonly bonded: Amount;
  /** As many entries as before, in the same order; some may be 0. */
  readonly unbonding: readonly Amount[];
  readonly toTreasury: Amount;
}

/**
 * Slashes bonded and unbonding stake as one (`slash` of their sum): from what is bonded, so that
 * influence falls first, then from the entry that would be free soonest to the latest.
 *
 * Unstaking before the evidence arrives therefore changes nothing in what an offence costs.
 */
export function slashHeldStake(held: HeldStake, parameters: EconomicParameters): SlashedStake {
  const stake = toAmount(held.unbonding.reduce((sum, entry) => sum + entry, 0n + held.bonded));
  const { toTreasury } = slash({ stake, kind: held.kind }, parameters);

  let owed: bigint = toTreasury;
  const take = (from: Amount): Amount => {
    const taken = least(from, owed);
    owed -= taken;
    return toAmount(from - taken);
  };
  const bonded = take(held.bonded);
  const unbonding = held.unbonding.map(take);
  assert(owed === 0n, "a slash is never more than the stake");
  return { bonded, unbonding, toTreasury };
}
