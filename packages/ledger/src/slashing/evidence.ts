import {
  type Evidence,
  equalBytes,
  FalseClaim,
  type FalseHeader,
  findEvidenceDefect,
  findFalseClaimDefect,
  ModelsError,
  offenceSequence,
} from "@aethel/models";
import { allOf, slash } from "@aethel/rewards";
import type { BlockContext } from "../state/block-context.ts";
import { isTooOld } from "../state/dated-boundaries.ts";
import { KeyRecord, type KeyTerm, Offence, OffenceRecord } from "../state/offence-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { termAt } from "../validators/key-terms.ts";
import { refutes } from "./counterexample.ts";
import { heldBy } from "./held-stake.ts";
import { isEquivocation, offenceOf, slashKindOf } from "./offence.ts";
import { shownShare } from "./share.ts";

/** Reason for which a piece of evidence cannot be in a block. */
export type EvidenceRefusal =
  /** The signatures are invalid, or the signed messages do not prove the offence. */
  | "not-proven"
  /** The accused did not have this key in the validator set of that sequence (B20). */
  | "wrong-key"
  | "from-the-future"
  /** The offence is so old that the stake which was liable for it may be unlocked already. */
  | "too-old"
  /**
   * The offence was punished already, and this evidence does not show that the validator had a
   * larger part of the power than was known.
   */
  | "known"
  /** The accused of an invalid verification has so little stake that the slash would be 0. */
  | "nothing-left"
  /** Plain evaluation does not confirm the counterexample, or the evidence is about a theorem. */
  | "not-refuted";

/**
 * Refuses evidence that does not convict in this block. Returns undefined if it convicts. The cheap
 * checks come first. Ages are measured by the block's timestamp, never by a clock (B11).
 */
export function refuseEvidence(item: Evidence, where: BlockContext): EvidenceRefusal | undefined {
  const { sequence, overlay, state } = where;
  const at = offenceSequence(item);
  if (at > sequence) return "from-the-future";
  if (isTooOld(at, where)) return "too-old";
  const term = accusedTerm(item, overlay);
  if (term === undefined) return "wrong-key";
  const offence = Offence.digest(offenceOf(item, term));
  const known = overlay.read(stateKey.offence(offence), OffenceRecord);
  if (known !== undefined && !showsMore(item, { term, known }, where)) return "known";
  if (!isEquivocation(item) && costNow(item, where) === 0n) return "nothing-left";
  if (findEvidenceDefect(state.chain, item) !== undefined) return "not-proven";
  return item.type === "false-header" ? refuseClaim(item) : undefined;
}

/**
 * Finds the term of the accused key (consecutive sequences with one power) in which the offence
 * happened. Undefined if the key belongs to another validator, or if it was not in the validator
 * set of that sequence.
 */
export function accusedTerm(item: Evidence, overlay: StateOverlay): KeyTerm | undefined {
  const owner = overlay.read(stateKey.consensusKey(item.key), KeyRecord);
  if (owner === undefined || !equalBytes(owner.validator, item.validator)) return undefined;
  return termAt(owner, offenceSequence(item));
}

/**
 * Whether evidence shows an equivocation by a larger part of the power than earlier evidence has
 * shown for the same offence.
 */
function showsMore(
  item: Evidence,
  about: { readonly term: KeyTerm; readonly known: OffenceRecord },
  where: BlockContext,
): boolean {
  const { term, known } = about;
  return isEquivocation(item) && shownShare(item, term, where) > (known.share ?? 0n);
}

/**
 * Returns the amount that an offence costs the accused immediately, in micro-tokens. An
 * equivocation may cost more later.
 */
function costNow(item: Evidence, { overlay, state }: BlockContext): bigint {
  const stake = allOf(heldBy(overlay, item.validator));
  return slash({ stake, kind: slashKindOf(item) }, state.parameters).toTreasury;
}

/**
 * Refuses a claim of a false header that does not prove the header false. The claim is checked
 * against the header's roots, then by plain evaluation of its counterexample. Returns undefined if
 * the claim proves that.
 */
function refuseClaim({ header, claim: bytes }: FalseHeader): EvidenceRefusal | undefined {
  const claim = decoded(bytes);
  if (claim === undefined || findFalseClaimDefect(header, claim) !== undefined) return "not-proven";
  const { proof, counterexample } = claim;
  const isRefuted = proof.body.type === "publish" && refutes(proof.body.source, counterexample);
  return isRefuted ? undefined : "not-refuted";
}

function decoded(bytes: Uint8Array): FalseClaim | undefined {
  try {
    return FalseClaim.decode(bytes);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}
