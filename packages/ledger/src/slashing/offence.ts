import { assertNever, type Evidence, type Sequence } from "@aethel/models";
import type { OffenceKind } from "@aethel/rewards";
import type { KeyTerm, Offence } from "../state/offence-records.ts";

/** Sequence at which the accused signed what evidence shows. */
export function sequenceOf(item: Evidence): Sequence {
  switch (item.type) {
    case "double-vote":
    case "double-proposal":
      return item.sequence;
    case "hidden-lock":
      return item.body.sequence;
    case "false-header":
      return item.header.sequence;
    default:
      return assertNever(item);
  }
}

/**
 * The offence that evidence is about. All equivocations from a validator's entry into the set until
 * it is out of it are one, under whatever keys; a wrong verification is one for each sequence.
 */
export function offenceOf(item: Evidence, { since }: Pick<KeyTerm, "since">): Offence {
  const { validator } = item;
  return isEquivocation(item)
    ? { validator, kind: "equivocation", sequence: since }
    : { validator, kind: "invalid-verification", sequence: sequenceOf(item) };
}

/** Whether evidence shows two statements of which an honest replica makes one at most. */
export function isEquivocation({ type }: Pick<Evidence, "type">): boolean {
  return type !== "false-header";
}

/** Kind by which an offence is punished: a false header is a wrong verification to this ledger. */
export function slashKindOf({ type }: Pick<Evidence, "type">): OffenceKind {
  return type === "false-header" ? "invalid-verification" : type;
}
