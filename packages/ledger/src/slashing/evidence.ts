import {
  type Evidence,
  equalBytes,
  FalseClaim,
  type FalseHeader,
  findEvidenceDefect,
  findFalseClaimDefect,
  ModelsError,
} from "@aethel/models";
import { allOf, slash } from "@aethel/rewards";
import type { Where } from "../state/block-context.ts";
import { isTooOld } from "../state/dated-boundaries.ts";
import { KeyRecord, type KeyTerm, Offence, OffenceRecord } from "../state/offence-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { termAt } from "../validators/key-terms.ts";
import { refutes } from "./counterexample.ts";
import { heldBy } from "./held-stake.ts";
import { isEquivocation, offenceOf, sequenceOf, slashKindOf } from "./offence.ts";
import { shownShare } from "./share.ts";

/** Why a piece of evidence cannot be in a block. */
export type EvidenceRefusal =
  /** The signatures or the contradiction do not hold. */
  | "not-proven"
  /** The set of that sequence does not name this key for the accused (B20). */
  | "wrong-key"
  | "from-the-future"
  /** Older than the time for which stake is locked. */
  | "too-old"
  /**
   * This offence was punished already, and no equivocation of it with a larger part of the power is
   * shown: once is all.
   */
  | "known"
  /** A wrong verification of a validator that holds too little to lose anything by it. */
  | "nothing-left"
  /** Plain evaluation does not confirm the counterexample; of theorems there is none. */
  | "not-refuted";

/**
 * Whether evidence convicts, here and now; the cheap questions come first. No clock is asked (B11).
 */
export function refuseEvidence(item: Evidence, where: Where): EvidenceRefusal | undefined {
  const { sequence, overlay, state } = where;
  const at = sequenceOf(item);
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

/** The term in which the set named the accused with the key of the evidence, at its sequence. */
export function accusedTerm(item: Evidence, overlay: StateOverlay): KeyTerm | undefined {
  const owner = overlay.read(stateKey.consensusKey(item.key), KeyRecord);
  if (owner === undefined || !equalBytes(owner.validator, item.validator)) return undefined;
  return termAt(owner, sequenceOf(item));
}

/** Whether an equivocation of a known offence was done with a larger part of the power. */
function showsMore(
  item: Evidence,
  about: { readonly term: KeyTerm; readonly known: OffenceRecord },
  where: Where,
): boolean {
  const { term, known } = about;
  return isEquivocation(item) && shownShare(item, term, where) > (known.share ?? 0n);
}

/** Returns the stake that an offence of the accused would cost it at once. */
function costNow(item: Evidence, { overlay, state }: Where): bigint {
  const stake = allOf(heldBy(overlay, item.validator));
  return slash({ stake, kind: slashKindOf(item) }, state.parameters).toTreasury;
}

/** Whether the claim shows that the header is false: by its own bytes, and by a plain run. */
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
