import { type ChainParameters, type ProofBody, type Resource, toResource } from "@aethel/models";
import { type Lane, laneShare, type Room, weightOf } from "@aethel/rewards";
import { costOf } from "../metering/units.ts";
import type { Judged } from "../programs/judge-port.ts";

/** Proof that was not executed yet, with its size. */
export interface Offered {
  readonly body: ProofBody;
  /** Length of the proof's encoding, in bytes. */
  readonly bytes: number;
}

/**
 * Resources that a proof takes of its lane and is charged for: bytes, execution units, and for a
 * judged proof the Judge's units.
 */
export interface Taken extends Room {
  readonly lane: Lane;
}

/**
 * Returns the Judge's units that a judged proof pays for and takes of its block. Usually these are
 * the units that were used. For a claim with the verdict `unknown` it is the whole resource limit,
 * since every validator's Judge used that much. The exception is a claim that the solver decided
 * and that only lacks a certificate: its verdict is `unknown` too, but it pays for the used units.
 */
export function chargedUnits(judged: Judged, limit: Resource): Resource {
  const isExhausted = judged.verdict === "unknown" && judged.code !== "uncertified";
  return isExhausted ? limit : toResource(Math.min(judged.resource, limit));
}

/**
 * Returns the most block resources that a proof takes, if it uses its whole resource limit. `more`:
 * units for loading a program, and bytes of certificates.
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

/** Returns the weight of the block resources that a proof takes. */
export function weightOfTaken(taken: Taken, parameters: ChainParameters): bigint {
  return weightOf(taken, laneShare(taken.lane, parameters));
}

/**
 * Returns the units for which the fee `resourcePrice` is charged. A judged proof also pays for the
 * setup of a solver (`judgingUnits`).
 */
export function pricedUnits(
  { lane, units, judging }: Taken,
  { judgingUnits }: Pick<ChainParameters, "judgingUnits">,
): Resource {
  return toResource(lane === "invoke" ? units : units + judging + judgingUnits);
}
