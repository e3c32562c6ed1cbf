import { type Sequence, toSequence } from "@aethel/models";
import { type Draft, report } from "../draft.ts";
import type { State } from "../state.ts";
import { type Hearing, hearingOf, type Listening, signsFrom } from "./listening.ts";

/**
 * Why a replica signs nothing now.
 *
 * - `not-in-set`: the set in hand does not name it.
 * - `key-not-in-set`: the set names another key for it than those that it holds.
 * - `listening`: its signing log was lost, or somebody holds signatures that it does not know.
 * - `starting`: it asks what others hold of it; this takes a moment.
 * - `log-ahead`: its log says that it may have signed at this sequence, but not what.
 * - `suspended`: the signing log cannot be written.
 * - `stopped`: for good.
 */
export type QuietReason =
  | "not-in-set"
  | "key-not-in-set"
  | "listening"
  | "starting"
  | "log-ahead"
  | "suspended"
  | "stopped";

/** Why a replica signs nothing, and what it waits for. */
export interface Quiet {
  readonly reason: QuietReason;
  /** The first sequence that it signs at again, as far as that is known. */
  readonly signsFrom: Sequence | undefined;
  readonly listening: (Pick<Listening, "cause" | "since"> & Hearing) | undefined;
}

/** Why a replica signs nothing at the sequence in hand; undefined: it signs. */
export function quietReason(state: State): QuietReason | undefined {
  if (state.stopped) return "stopped";
  if (state.suspended) return "suspended";
  if (state.listening !== undefined && state.listening.cause !== "starting") return "listening";
  if (state.me === undefined) return "not-in-set";
  if (!state.holdsKey) return "key-not-in-set";
  if (state.listening !== undefined) return "starting";
  return state.sequence <= state.floor ? "log-ahead" : undefined;
}

/** The same with what an operator wants to know. */
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

/** Tells when a replica falls silent, for another reason, or signs again. */
export function reportQuiet(draft: Draft, before: State | undefined): void {
  const reason = quietReason(draft.state);
  const known = before === undefined ? undefined : quietReason(before);
  if (reason === known) return;
  report(draft, { type: "quiet", reason, sequence: draft.state.sequence });
}
