import {
  type AccountId,
  equalBytes,
  type Sequence,
  type Timestamp,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { type ListeningCause } from "../books/listening.ts";
import { type Draft, patch, report } from "../draft.ts";
import { hasHeardEnough, isAlone, isStartOver, silentValidators } from "../hearing/hearing.ts";
import { considerProposing } from "../leader/lead.ts";
import { progress } from "../normal-case/progress.ts";
import { armViewTimer, disarmViewTimer, startResend } from "../timing/timing.ts";
import { followViewChanges } from "../view-change/view-change.ts";
import { onListener } from "./on-listener.ts";

/** After so many rounds those who have answered are asked again: they may have forgotten the asker. */
const ROUNDS_BEFORE_ALL = 8;

/** Stops signing until enough has been heard of what this replica may have signed. */
export function beginListening(draft: Draft, cause: ListeningCause): void {
  const since = toTimestamp(Math.max(0, Math.floor(draft.now)));
  patch(draft, { listening: { cause, since, answers: [], rounds: 0 } });
  disarmViewTimer(draft);
  if (cause === "own-signature") {
    // Nothing is signed any more, so this is no barrier for anything: a restart listens, too.
    draft.effects.push({ type: "persist", entries: [{ type: "listen", since }] });
  }
  if (cause !== "starting") reportListening(draft, "started", undefined);
  askForHeads(draft);
  startResend(draft);
}

/** Goes on listening after a restart: the log says since when. */
export function resumeListening(draft: Draft, since: Timestamp): void {
  patch(draft, { listening: { cause: "log-lost", since, answers: [], rounds: 0 } });
  reportListening(draft, "started", undefined);
  askForHeads(draft);
}

/**
 * A start: whoever is not alone asks first what others hold of it. That it is in no set now, or has
 * not the key, says nothing about the sequences that it is about to catch up with.
 */
export function beginStarting(draft: Draft): void {
  const { state } = draft;
  if (state.listening === undefined && !isAlone(state)) beginListening(draft, "starting");
}

/** Asks again whoever has not answered. Called when nothing has happened for a while. */
export function askForHeads(draft: Draft): void {
  const { listening } = draft.state;
  if (listening === undefined) return;
  const rounds = listening.rounds + 1;
  const { cause } = listening;
  const isLost = cause !== "starting";
  const silent = silentValidators(draft.state);
  const all = silentValidators({ ...draft.state, listening: { ...listening, answers: [] } });
  const of = isLost && rounds % ROUNDS_BEFORE_ALL === 0 ? all : silent;
  patch(draft, { listening: { ...listening, rounds } });
  const fresh = rounds === 1;
  draft.effects.push({ type: "ask-signed-heads", of, listening: isLost, fresh });
  // It owes itself what others owe it: it may lead one of these sequences, and sign by then.
  if (isLost) onListener(draft, draft.config.id);
  considerSigning(draft);
}

/** A validator has signed its head; the signature was verified against the set in hand. */
export function onSignedHead(draft: Draft, validator: AccountId, sequence: Sequence): void {
  const { listening, head } = draft.state;
  if (listening === undefined) return;
  const earlier = listening.answers.find((answer) => equalBytes(answer.validator, validator));
  const near = sequence <= head.header.sequence + 1;
  const lowest = toSequence(Math.min(earlier?.sequence ?? sequence, sequence));
  // What counts at a start is the last answer, after a loss the lowest.
  const kept = listening.cause === "starting" ? sequence : lowest;
  const answers = listening.answers.filter((answer) => answer !== earlier);
  const answer = { validator, sequence: kept, near: near || earlier?.near === true };
  patch(draft, { listening: { ...listening, answers: [...answers, answer] } });
  considerSigning(draft);
}

/** The head has moved: what was too far away may be near by now, and the rule may be met. */
export function listenOn(draft: Draft): void {
  const { listening, head } = draft.state;
  if (listening === undefined) return;
  if (isAlone(draft.state)) patch(draft, { listening: { ...listening, rounds: 1 } });
  const isDue = ({ near, sequence }: { readonly near: boolean; readonly sequence: number }) =>
    !near && sequence <= head.header.sequence + 1;
  if (listening.cause === "starting" && listening.answers.some(isDue)) {
    const of = listening.answers.filter(isDue).map(({ validator }) => validator);
    draft.effects.push({ type: "ask-signed-heads", of, listening: false, fresh: false });
  }
  considerSigning(draft);
}

function considerSigning(draft: Draft): void {
  const { listening } = draft.state;
  if (listening === undefined) return;
  if (listening.cause === "starting") {
    if (isStartOver(draft.state)) signAgain(draft);
    return;
  }
  const from = hasHeardEnough(draft.state);
  if (from === undefined) return;
  const { floor } = draft.state;
  const sequence = toSequence(Math.max(floor, from - 1));
  patch(draft, { floor: sequence });
  draft.effects.push({ type: "persist", entries: [{ type: "floor", sequence }] });
  reportListening(draft, "ended", toSequence(sequence + 1));
  signAgain(draft);
}

/** Signs what was not signed meanwhile and still makes sense. */
function signAgain(draft: Draft): void {
  patch(draft, { listening: undefined });
  if (draft.state.phase === "committing") return;
  progress(draft);
  followViewChanges(draft);
  armViewTimer(draft);
  considerProposing(draft);
}

function reportListening(
  draft: Draft,
  state: "started" | "ended",
  signsFrom: Sequence | undefined,
): void {
  report(draft, { type: "listening", sequence: draft.state.sequence, state, signsFrom });
}
