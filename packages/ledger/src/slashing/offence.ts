import { type Evidence, offenceSequence } from "@aethel/models";
import type { OffenceKind } from "@aethel/rewards";
import type { KeyTerm, Offence } from "../state/offence-records.ts";

/**
 * Returns the offence that evidence shows. All equivocations of a validator from its entry into the
 * set until its exit are one offence, even with different keys. Each sequence at which it made an
 * invalid verification is an offence of its own.
 */
export function offenceOf(item: Evidence, { since }: Pick<KeyTerm, "since">): Offence {
  const { validator } = item;
  return isEquivocation(item)
    ? { validator, kind: "equivocation", sequence: since }
    : { validator, kind: "invalid-verification", sequence: offenceSequence(item) };
}

/**
 * Whether evidence shows an equivocation: two statements of which an honest replica makes at most
 * one.
 */
export function isEquivocation({ type }: Pick<Evidence, "type">): boolean {
  return type !== "false-header";
}

/**
 * Returns the kind of offence, which decides the penalty. This ledger treats a false header as an
 * invalid verification.
 */
export function slashKindOf({ type }: Pick<Evidence, "type">): OffenceKind {
  return type === "false-header" ? "invalid-verification" : type;
}
