import { equalBytes, validatorAt } from "@aethel/models";
import { isOwed, isOwedTo } from "../books/listeners.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import type { PendingEvidence, State } from "../state.ts";

/**
 * Whether this replica proposes when it leads, because there is something to make a block for. Some
 * of these reasons are known to few validators, so no leader is replaced for them, see
 * `isPressing`.
 */
export function hasReason(state: State): boolean {
  return isPressing(state) || isSettling(state);
}

/**
 * Whether the view timer runs against the leader: something must be finalized, and the leader knows
 * that. Work is gossiped, the heartbeat is due for all at one time, and the rest is what a leader
 * or a quorum has begun.
 *
 * A validator that listens and pending evidence count only if they concern the leader itself. A
 * liar could show them to all but the leader, which would lose its view for what it cannot know.
 * They are passed on meanwhile, also to later leaders.
 */
export function isPressing(state: State): boolean {
  return (
    state.work ||
    state.heartbeatDue ||
    state.proposal !== undefined ||
    state.prepared !== undefined ||
    state.view > 0 ||
    isForTheLeader(state)
  );
}

/** Whether a block is due although the application has nothing for it. */
export function isSettling({ heartbeatDue, listeners, evidence, sequence }: State): boolean {
  return (
    heartbeatDue || isOwed(listeners, sequence) || evidence.some((pending) => !pending.offered)
  );
}

/**
 * Whether the leader itself listens, or is convicted by evidence that this replica holds. Such a
 * leader knows that a block is due.
 */
function isForTheLeader(state: State): boolean {
  const { listeners, sequence, head, view } = state;
  const proven = state.evidence.filter(isProven);
  if (proven.length === 0 && !isOwed(listeners, sequence)) return false;
  const leader = validatorAt(head.validators, leaderAt(state, view))?.id;
  if (leader === undefined) return false;
  const isAccused = proven.some(({ evidence }) => equalBytes(evidence.validator, leader));
  return isAccused || isOwedTo(listeners, leader, sequence);
}

/**
 * Whether evidence that was not offered yet convicts the accused: by its signatures alone, or
 * because this replica has found it itself. A false header that another sent must be executed
 * first.
 */
function isProven({ evidence, from, offered }: PendingEvidence): boolean {
  return !offered && (from === undefined || evidence.type !== "false-header");
}
