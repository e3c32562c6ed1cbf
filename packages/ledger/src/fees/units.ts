import { type ChainParameters, type ProofBody, type Resource, toResource } from "@aethel/models";
import { type Lane, laneShare, type Room, weightOf } from "@aethel/rewards";
import { costOf } from "../metering/units.ts";
import type { Judged } from "../programs/judge-port.ts";

/** Proof before its execution. */
export interface Offered {
  readonly body: ProofBody;
  /** Length of the proof's encoding. */
  readonly bytes: number;
}

/** Room that is charged for: bytes, execution units, and for a judged proof the Judge's work. */
export interface Taken extends Room {
  readonly lane: Lane;
}

/**
 * Judge's units that a judged proof pays for and takes of its block: those that were used. An
 * undecided claim pays for its whole limit, since every validator went that far. A claim that was
 * decided and has no certificate pays for what was used.
 */
export function chargedUnits(judged: Judged, limit: Resource): Resource {
  const isExhausted = judged.verdict === "unknown" && judged.code !== "uncertified";
  return isExhausted ? limit : toResource(Math.min(judged.resource, limit));
}

/**
 * Most room that a proof takes when it uses its whole resource limit. `more` has the units of
 * loading a program and the bytes of certificates.
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

/** Weight of the room that a proof takes of its lane. */
export function weightOfTaken(taken: Taken, parameters: ChainParameters): bigint {
  return weightOf(taken, laneShare(taken.lane, parameters));
}

/** Units that `resourcePrice` is charged for. A judged proof also pays for setting up a solver. */
export function pricedUnits(
  { lane, units, judging }: Taken,
  { judgingUnits }: Pick<ChainParameters, "judgingUnits">,
): Resource {
  return toResource(lane === "invoke" ? units : units + judging + judgingUnits);
}
