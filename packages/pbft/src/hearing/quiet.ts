import { type Sequence, toSequence } from "@aethel/models";
import { type Listening } from "../books/listening.ts";
import type { QuietReason } from "../effect.ts";
import type { State } from "../state.ts";
import { report, type StepContext } from "../step-context.ts";
import { type Hearing, hearingOf, signsFrom } from "./hearing.ts";

/** Reason for which a replica signs nothing, and when this ends. */
export interface Quiet {
  readonly reason: QuietReason;
  /** First sequence at which the replica signs again; undefined if that is not known. */
  readonly signsFrom: Sequence | undefined;
  readonly listening: (Pick<Listening, "cause" | "since"> & Hearing) | undefined;
}

/**
 * Returns the reason for which a replica signs nothing at the current sequence. Undefined if it
 * signs.
 */
export function quietReason(state: State): QuietReason | undefined {
  if (state.stopped) return "stopped";
  if (state.suspended) return "suspended";
  if (state.listening !== undefined && state.listening.cause !== "starting") return "listening";
  if (state.me === undefined) return "not-in-set";
  if (!state.holdsKey) return "key-not-in-set";
  if (state.listening !== undefined) return "starting";
  return state.sequence <= state.floor ? "log-ahead" : undefined;
}

/**
 * Returns the reason for which a replica signs nothing, with the details that an operator needs.
 * Undefined if it signs.
 */
export function quietOf(state: State): Quiet | undefined {
  const reason = quietReason(state);
  if (reason === undefined) return undefined;
  const { listening, floor } = state;
  const hearing = hearingOf(state);
  if (listening === undefined || hearing === undefined) {
    const next = reason === "log-ahead" ? toSequence(floor + 1) : undefined;
    return { reason, signsFrom: next, listening: undefined };
  }
  const { cause, since } = listening;
  const from = cause === "starting" ? undefined : signsFrom(state);
  return { reason, signsFrom: from, listening: { cause, since, ...hearing } };
}

/**
 * Reports the reason for which this replica signs nothing, if it differs from the reason in the
 * state `before`. A report without a reason means that the replica signs again.
 */
export function reportQuiet(context: StepContext, before: State | undefined): void {
  const reason = quietReason(context.state);
  const known = before === undefined ? undefined : quietReason(before);
  if (reason === known) return;
  report(context, { type: "quiet", reason, sequence: context.state.sequence });
}
