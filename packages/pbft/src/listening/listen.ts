import {
  type AccountId,
  equalBytes,
  type Sequence,
  type Timestamp,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { type ListeningCause } from "../books/listening.ts";
import { hasHeardEnough, isAlone, isStartOver, silentValidators } from "../hearing/hearing.ts";
import { considerProposing } from "../leader/lead.ts";
import { progress } from "../normal-case/progress.ts";
import { patch, report, type StepContext } from "../step-context.ts";
import { armViewTimer, disarmViewTimer, startResend } from "../timing/timing.ts";
import { followViewChanges } from "../view-change/view-change.ts";
import { onListener } from "./on-listener.ts";

/**
 * Number of rounds after which all validators are asked again, including those that have answered.
 * They may have forgotten that this replica listens.
 */
const ROUNDS_BEFORE_ALL = 8;

/**
 * Stops signing until the answers of other validators bound the sequences at which this replica may
 * have signed.
 */
export function beginListening(context: StepContext, cause: ListeningCause): void {
  const since = toTimestamp(Math.max(0, Math.floor(context.now)));
  patch(context, { listening: { cause, since, answers: [], rounds: 0 } });
  disarmViewTimer(context);
  if (cause === "own-signature") {
    // Nothing is signed any more, so this is no barrier for anything: a restart listens, too.
    context.effects.push({ type: "persist", entries: [{ type: "listen", since }] });
  }
  if (cause !== "starting") reportListening(context, "started", undefined);
  askForHeads(context);
  startResend(context);
}

/**
 * Continues listening after a restart. `since`: time at which the listening began, as the signing
 * log has it.
 */
export function resumeListening(context: StepContext, since: Timestamp): void {
  patch(context, { listening: { cause: "log-lost", since, answers: [], rounds: 0 } });
  reportListening(context, "started", undefined);
  askForHeads(context);
}

/**
 * Begins the listening of a replica that has just started, unless this replica is a quorum by
 * itself: first it asks the others which of its messages they have. It does so even if it is not in
 * the current set or lacks the key, because it may be about to catch up to sequences where it can
 * sign.
 */
export function beginStarting(context: StepContext): void {
  const { state } = context;
  if (state.listening === undefined && !isAlone(state)) beginListening(context, "starting");
}

/**
 * Begins a round of questions: asks the validators that have not answered for their signed heads.
 * Called when the listening begins, and again after each time without progress.
 */
export function askForHeads(context: StepContext): void {
  const { listening } = context.state;
  if (listening === undefined) return;
  const rounds = listening.rounds + 1;
  const { cause } = listening;
  const isLost = cause !== "starting";
  const silent = silentValidators(context.state);
  const all = silentValidators({ ...context.state, listening: { ...listening, answers: [] } });
  const of = isLost && rounds % ROUNDS_BEFORE_ALL === 0 ? all : silent;
  patch(context, { listening: { ...listening, rounds } });
  const fresh = rounds === 1;
  context.effects.push({ type: "ask-signed-heads", of, listening: isLost, fresh });
  // It owes itself what others owe it: it may lead one of these sequences, and sign by then.
  if (isLost) onListener(context, context.config.id);
  considerSigning(context);
}

/** Records a validator's signed head. Its signature was verified before. */
export function onSignedHead(context: StepContext, validator: AccountId, sequence: Sequence): void {
  const { listening, head } = context.state;
  if (listening === undefined) return;
  const earlier = listening.answers.find((answer) => equalBytes(answer.validator, validator));
  const near = sequence <= head.header.sequence + 1;
  const lowest = toSequence(Math.min(earlier?.sequence ?? sequence, sequence));
  // What counts at a start is the last answer, after a loss the lowest.
  const kept = listening.cause === "starting" ? sequence : lowest;
  const answers = listening.answers.filter((answer) => answer !== earlier);
  const answer = { validator, sequence: kept, near: near || earlier?.near === true };
  patch(context, { listening: { ...listening, answers: [...answers, answer] } });
  considerSigning(context);
}

/**
 * Evaluates the answers again after the head has moved. A validator that was more than one block
 * ahead may no longer be so, and the listening may end.
 */
export function listenOn(context: StepContext): void {
  const { listening, head } = context.state;
  if (listening === undefined) return;
  if (isAlone(context.state)) patch(context, { listening: { ...listening, rounds: 1 } });
  const isDue = ({ near, sequence }: { readonly near: boolean; readonly sequence: number }) =>
    !near && sequence <= head.header.sequence + 1;
  if (listening.cause === "starting" && listening.answers.some(isDue)) {
    const of = listening.answers.filter(isDue).map(({ validator }) => validator);
    context.effects.push({ type: "ask-signed-heads", of, listening: false, fresh: false });
  }
  considerSigning(context);
}

function considerSigning(context: StepContext): void {
  const { listening } = context.state;
  if (listening === undefined) return;
  if (listening.cause === "starting") {
    if (isStartOver(context.state)) signAgain(context);
    return;
  }
  const from = hasHeardEnough(context.state);
  if (from === undefined) return;
  const { floor } = context.state;
  const sequence = toSequence(Math.max(floor, from - 1));
  patch(context, { floor: sequence });
  context.effects.push({ type: "persist", entries: [{ type: "floor", sequence }] });
  reportListening(context, "ended", toSequence(sequence + 1));
  signAgain(context);
}

/** Ends the listening. Then votes, changes view and proposes, as far as that is still useful. */
function signAgain(context: StepContext): void {
  patch(context, { listening: undefined });
  if (context.state.phase === "committing") return;
  progress(context);
  followViewChanges(context);
  armViewTimer(context);
  considerProposing(context);
}

function reportListening(
  context: StepContext,
  state: "started" | "ended",
  signsFrom: Sequence | undefined,
): void {
  report(context, { type: "listening", sequence: context.state.sequence, state, signsFrom });
}
