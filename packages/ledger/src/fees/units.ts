import { type ChainParameters, type ProofBody, type Resource, toResource } from "@aethel/models";
import { type Lane, laneShare, type Room, weightOf } from "@aethel/rewards";
import { costOf } from "../metering/units.ts";
import type { Judged } from "../programs/judge-port.ts";

/** Proof before it is executed. */
export interface Offered {
  readonly body: ProofBody;
  /** Length of the proof's encoding. */
  readonly bytes: number;
}

/** Units that are paid for: bytes, execution, and for a judged proof the Judge's work. */
export interface Taken extends Room {
  readonly lane: Lane;
}

/**
 * Units that a judged proof pays for and takes of its block: those that were used. All of its limit
 * where that did not suffice to decide, since every validator had to go that far; what was decided
 * and only lacks a certificate ended before.
 */
export function chargedUnits(judged: Judged, limit: Resource): Resource {
  const isExhausted = judged.verdict === "unknown" && judged.code !== "uncertified";
  return isExhausted ? limit : toResource(Math.min(judged.resource, limit));
}

/**
 * Most that a proof takes when it uses its whole resource limit; `more`: units of what a call loads
 * first, bytes of certificates.
 */
export function mostTaken(offered: Offered, more?: Partial<Room>): Taken {
  const { body, bytes } = offered;
  const isCall = body.type === "invoke";
  return {
    lane: isCall ? "invoke" : "judged",
    bytes: bytes + (more?.bytes ?? 0),
    units: costOf(offered) + (more?.units ?? 0),
    judging: isCall ? 0 : body.resourceLimit,
  };
}

/** Weight of what is taken of a lane. */
export function weightOfTaken(taken: Taken, parameters: ChainParameters): bigint {
  return weightOf(taken, laneShare(taken.lane, parameters));
}

/** Units that `resourcePrice` is paid for: a judged proof also pays for setting up a solver. */
export function pricedUnits(
  { lane, units, judging }: Taken,
  { judgingUnits }: Pick<ChainParameters, "judgingUnits">,
): Resource {
  return toResource(lane === "invoke" ? units : units + judging + judgingUnits);
}
