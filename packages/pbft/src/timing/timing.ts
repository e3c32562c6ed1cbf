import type { View } from "@aethel/models";
import { estimate, type LeaderMeasure } from "../books/measures.ts";
import { hasQuorumFrom } from "../books/view-change-book.ts";
import type { Config } from "../config.ts";
import { isEager } from "../hearing/hearing.ts";
import { type State, signingIndex } from "../state.ts";
import { patch, type StepContext } from "../step-context.ts";
import {
  expectedWaitMs,
  intervalWaitMs,
  NEAR,
  pacedFrom,
  proposalWaitMs,
  TIMER_MAX_MS,
} from "./pacing.ts";
import { hasReason, isPressing } from "./reasons.ts";

/**
 * Least network delay, in milliseconds, that deadlines allow for. It covers the pauses of a busy
 * machine.
 */
const DELAY_LEAST_MS = 25;

/**
 * Time-out of a view in milliseconds: `viewTimeoutMs` + 6 x `roundMs`, multiplied by 1.5 with each
 * view, never above `viewTimeoutMaxMs`.
 *
 * `roundMs` is the median over leaders of their last commit round: the time from knowing the
 * PREPARE certificate to knowing the COMMIT certificate, about one delay between a quorum of voters
 * (P26). Six of them cover the three phases and a fetch. A leader can lengthen only its own round,
 * and a single voter can lengthen none, since the others are a quorum. The maximum keeps the views
 * of replicas close to each other after an outage (B24).
 */
export function viewTimeoutMs(config: Config, roundMs: number, view: View): number {
  const cap = config.viewTimeoutMaxMs;
  let timeout = Math.min(cap, config.viewTimeoutMs + 6 * roundMs);
  for (let at = 0; at < view && timeout < cap; at++) {
    timeout = Math.min(cap, timeout + Math.ceil(timeout / 2));
  }
  return timeout;
}

type Timed = Pick<StepContext, "config" | "state">;

function currentTimeoutMs({ config, state }: Timed): number {
  const { ms } = estimate(state.measures.leaders, state.head.validators, "round");
  return viewTimeoutMs(config, ms, state.view);
}

/**
 * Milliseconds that a view's leader has until its proposal must be at this replica, counted from
 * when one could arrive. They are four delays (to get the head, to send, and a fetch) and twice the
 * time that others' blocks took beyond that. They double with each view, and never exceed the
 * time-out of the view. Undefined until most leaders have been measured; then only the time-out
 * counts.
 */
export function proposalSlackMs(timed: Timed): number | undefined {
  const { config, state } = timed;
  const late = estimate(state.measures.leaders, state.head.validators, "late");
  if (!late.isBroad) return undefined;
  const round = estimate(state.measures.leaders, state.head.validators, "round").ms;
  const delay = Math.max(DELAY_LEAST_MS, Math.ceil(config.minBlockIntervalMs / NEAR), round);
  return grown(timed, 4 * delay + 2 * late.ms);
}

/**
 * Milliseconds until the block of a proposal is overdue: twice the time that others' blocks took,
 * and two delays. Long validation is no validator's fault, since any author can cause it by paying
 * for it. So after this replica has voted, the others get the time in addition that validation took
 * at this replica. Undefined until most leaders have been measured.
 */
function overdueMs(timed: StepContext): number | undefined {
  const { measures, head, pace } = timed.state;
  const { leaders } = measures;
  const { validators } = head;
  const work = estimate(leaders, validators, "work");
  if (!work.isBroad) return undefined;
  const delay = Math.max(DELAY_LEAST_MS, estimate(leaders, validators, "round").ms);
  const validated = Math.max(0, timed.elapsed - (pace.votableAt ?? timed.elapsed));
  return grown(timed, 2 * work.ms + 2 * delay + validated);
}

function grown(timed: Timed, ms: number): number {
  return Math.min(currentTimeoutMs(timed), ms * 2 ** Math.min(timed.state.view, 30));
}

/**
 * Returns the measure for a leader whose block became final in a view that this replica had already
 * given up, although a quorum had not. Only the replicas that gave up double their measure, and
 * only for that leader. So honest leaders that are far away get more time once most of them were
 * measured in this way, and a faulty leader that sends late to some gains nothing.
 */
export function afterNeedlessTimeout(timed: Timed): LeaderMeasure {
  const { config, state } = timed;
  const { leaders } = state.measures;
  const { validators } = state.head;
  const doubled = 2 * estimate(leaders, validators, "round").ms;
  const round = Math.max(doubled, Math.ceil(config.viewTimeoutMs / 6));
  return { round: Math.min(config.viewTimeoutMaxMs, round) };
}

/**
 * Whether nothing can happen yet, because the minimum block interval or this replica's clock does
 * not allow a proposal.
 */
export function isWaitingForInterval(context: StepContext): boolean {
  const { state } = context;
  const isIdle = state.view === 0 && state.phase === "active" && state.proposal === undefined;
  return isIdle && proposalWaitMs(context) > 0;
}

/**
 * Starts the view timer and the timer of the proposal deadline. Does so only if they do not run,
 * this replica votes, and the leader must make a block (`isPressing`).
 *
 * For a view that this replica has requested, they start only after a quorum has requested that
 * view or a later one. So the views of honest replicas differ by at most one, however long a
 * partition lasts (B24).
 */
export function armViewTimer(context: StepContext): void {
  const { state } = context;
  if (state.viewTimerRuns || state.phase === "committing" || !isPressing(state)) return;
  if (signingIndex(state) === undefined) return;
  const { viewChanges, head, view, pace } = state;
  const waits = state.phase === "changing";
  if (waits && !hasQuorumFrom(viewChanges, head.validators, view)) return;
  const wait = expectedWaitMs(context);
  const delayMs = wait + currentTimeoutMs(context);
  context.effects.push({ type: "start-timer", timer: "view", delayMs });
  const slack = proposalSlackMs(context);
  const from = pace.from?.view === view ? pace.from : { view, at: context.elapsed + wait };
  const firstFrom = view === 0 ? from.at : pace.firstFrom;
  patch(context, { viewTimerRuns: true, pace: { ...pace, from, firstFrom } });
  if (slack !== undefined && state.proposal === undefined) startDeadline(context, wait + slack);
  startResend(context);
}

function startDeadline(context: StepContext, delayMs: number): void {
  context.effects.push({ type: "start-timer", timer: "deadline", delayMs });
  patch(context, { pace: { ...context.state.pace, deadlineRuns: true } });
}

/** Stops the view timer and the deadline if they run. */
export function disarmViewTimer(context: StepContext): void {
  if (!context.state.viewTimerRuns) return;
  const { pace } = context.state;
  context.effects.push({ type: "stop-timer", timer: "view" });
  if (pace.deadlineRuns) context.effects.push({ type: "stop-timer", timer: "deadline" });
  patch(context, { viewTimerRuns: false, pace: { ...pace, deadlineRuns: false } });
}

/**
 * Replaces the deadline of the proposal by the deadline of the votes. Called when the proposal
 * becomes votable, and again when this replica has voted.
 */
export function startOverdue(context: StepContext): void {
  const delayMs = overdueMs(context);
  if (context.state.viewTimerRuns && delayMs !== undefined) startDeadline(context, delayMs);
}

/** Starts the heartbeat timer, which makes a block due although nothing is pending. */
export function startHeartbeat(context: StepContext): void {
  const { config } = context;
  if (config.heartbeatIntervalMs === 0) return;
  const left = heartbeatWaitMs(context);
  context.effects.push({ type: "start-timer", timer: "heartbeat", delayMs: left });
}

/** Returns the milliseconds until the heartbeat makes a block due although nothing is pending. */
export function heartbeatWaitMs(context: StepContext): number {
  const left = pacedFrom(context) + context.config.heartbeatIntervalMs - context.elapsed;
  return Math.min(TIMER_MAX_MS, Math.max(0, left));
}

/**
 * Factor by which the resend interval is longer on an idle chain, on which the replica only
 * exchanges heads with peers.
 */
const IDLE_RESENDS = 4;

/**
 * Starts the timer after which messages are sent again. On an idle chain, the replica instead asks
 * some peers in turn for their heads and tells them its own. So a peer that missed the last block
 * learns of it without a new block.
 */
export function startResend(context: StepContext): void {
  const { config, state } = context;
  const waitMs = isWaitingForInterval(context) ? intervalWaitMs(context) : 0;
  const idleMs = Math.min(config.viewTimeoutMaxMs, IDLE_RESENDS * config.resendIntervalMs);
  const delayMs = isBusy(state) ? waitMs + config.resendIntervalMs : idleMs;
  context.effects.push({ type: "start-timer", timer: "resend", delayMs });
}

/**
 * Restarts the resend timer after messages of others: this replica need not repeat soon what they
 * have seen. A listening replica does not restart it, so that it continues to ask, however busy the
 * chain is.
 */
export function putOffResend(context: StepContext): void {
  if (context.state.listening === undefined) startResend(context);
}

/** Whether the resend timer runs at its short interval. */
export function isBusy(state: State): boolean {
  return hasReason(state) || isEager(state);
}
