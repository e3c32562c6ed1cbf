import type { View } from "@aethel/models";
import type { Config } from "../config.ts";
import { type Draft, patch } from "../draft.ts";
import { type State, signingIndex } from "../state.ts";
import { hasQuorumFrom } from "../view-change/view-change-book.ts";

/** Longest that a timer is set for at once; what is due later is looked at again then. */
const TIMER_MAX_MS = 600_000;

/** Commit rounds that the time-out remembers. */
export const COMMIT_ROUNDS_MAX = 8;

/**
 * Time-out of a view: (first view's time-out + 6 x the longest of the last 8 commit rounds), half as
 * much again with each view, never above `viewTimeoutMaxMs`.
 *
 * A commit round runs from knowing the PREPARE certificate to knowing that of COMMIT: about one delay
 * between voters (P26), and nothing that a leader could stretch. Six of them cover the three phases
 * and a fetch. The cap keeps replicas close after an outage (B24).
 */
export function viewTimeoutMs(config: Config, rounds: readonly number[], view: View): number {
  const cap = config.viewTimeoutMaxMs;
  let timeout = Math.min(cap, config.viewTimeoutMs + 6 * Math.max(0, ...rounds));
  for (let at = 0; at < view && timeout < cap; at++) {
    timeout = Math.min(cap, timeout + Math.ceil(timeout / 2));
  }
  return timeout;
}

/**
 * The measure after a block became final in a view below the one this replica asked for: it timed
 * out although a quorum did not. Only such a minority doubles its measure, so a leader gains nothing.
 */
export function afterNeedlessTimeout(config: Config, rounds: readonly number[]): readonly number[] {
  const doubled = Math.max(2 * Math.max(0, ...rounds), Math.ceil(config.viewTimeoutMs / 6));
  return [...rounds, Math.min(config.viewTimeoutMaxMs, doubled)].slice(-COMMIT_ROUNDS_MAX);
}

/** Whether something must be finalized: only then does time run against the leader. */
export function hasReason(state: State): boolean {
  return (
    state.work ||
    state.heartbeatDue ||
    state.proposal !== undefined ||
    state.prepared !== undefined ||
    state.view > 0 ||
    state.evidence.some((pending) => !pending.offered)
  );
}

/** Milliseconds until the next block may be proposed; 0 when it may be now. */
export function pacingWaitMs(config: Config, state: State, now: number): number {
  const earliest = state.head.header.timestamp + config.minBlockIntervalMs;
  return Math.min(TIMER_MAX_MS, Math.max(0, earliest - now));
}

/** Whether nothing can happen before the minimum interval is over: no block may be proposed yet. */
export function isWaitingForInterval({ config, state, now }: Draft): boolean {
  const isIdle = state.view === 0 && state.phase === "active" && state.proposal === undefined;
  return isIdle && pacingWaitMs(config, state, now) > 0;
}

/**
 * Starts the view timer if there is a reason, this replica votes, and it does not run yet.
 *
 * For a view that was asked for, time runs only once a quorum wants it or a later one: so honest
 * views stay within one of each other however long a partition lasts (B24).
 */
export function armViewTimer(draft: Draft): void {
  const { config, state, now } = draft;
  if (state.viewTimerRuns || state.phase === "committing" || !hasReason(state)) return;
  if (signingIndex(state) === undefined) return;
  const { viewChanges, head, view } = state;
  const waits = state.phase === "changing";
  if (waits && !hasQuorumFrom(viewChanges, head.validators, view)) return;
  const wait = state.view === 0 ? pacingWaitMs(config, state, now) : 0;
  const delayMs = wait + viewTimeoutMs(config, state.commitRounds, state.view);
  draft.effects.push({ type: "start-timer", timer: "view", delayMs });
  startResend(draft);
  patch(draft, { viewTimerRuns: true });
}

/** Stops the view timer if it runs. */
export function disarmViewTimer(draft: Draft): void {
  if (!draft.state.viewTimerRuns) return;
  draft.effects.push({ type: "stop-timer", timer: "view" });
  patch(draft, { viewTimerRuns: false });
}

/** Starts the timer that makes a block due although nothing is pending. */
export function startHeartbeat(draft: Draft): void {
  const { config, state, now } = draft;
  if (config.heartbeatIntervalMs === 0) return;
  const due = state.head.header.timestamp + config.heartbeatIntervalMs;
  const delayMs = Math.min(TIMER_MAX_MS, Math.max(0, due - now));
  draft.effects.push({ type: "start-timer", timer: "heartbeat", delayMs });
}

/** Starts the timer that sends again, or when nothing is going on asks peers how far they are. */
export function startResend(draft: Draft): void {
  const { config, state, now } = draft;
  const waitMs = isWaitingForInterval(draft) ? pacingWaitMs(config, state, now) : 0;
  const delayMs = hasReason(state) ? waitMs + config.resendIntervalMs : config.viewTimeoutMaxMs;
  draft.effects.push({ type: "start-timer", timer: "resend", delayMs });
}
