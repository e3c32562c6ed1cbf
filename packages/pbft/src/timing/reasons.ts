import { equalBytes, validatorAt } from "@aethel/models";
import { isOwed, isOwedTo } from "../books/listeners.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import type { PendingEvidence, State } from "../state.ts";

/**
 * Whether this replica would propose as leader, because there is a reason for a block. Only a few
 * validators may know some of these reasons, so a leader that does not act on them is not replaced:
 * see `isPressing`.
 */
export function hasReason(state: State): boolean {
  return isPressing(state) || isSettling(state);
}

/**
 * Whether the view timer runs against the leader. It does if a block is due and the leader must
 * know that: work is gossiped to all, the heartbeat is due for all at the same time, and the other
 * reasons are what a leader or a quorum has begun.
 *
 * A listening validator and pending evidence count only if they concern the leader itself.
 * Otherwise a liar could show them to everybody but the leader, which would then lose its view
 * because of something that it cannot know. They are passed on meanwhile, also to later leaders.
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

/**
 * Whether a block is due although the application has no work for it: for the heartbeat, for a
 * listening validator, or for evidence.
 */
export function isSettling({ heartbeatDue, listeners, evidence, sequence }: State): boolean {
  return (
    heartbeatDue || isOwed(listeners, sequence) || evidence.some((pending) => !pending.offered)
  );
}

/**
 * Whether a block is due because of the leader itself: it listens, or evidence that this replica
 * has convicts it. Such a leader knows that the block is due.
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
 * Whether evidence that was in no proposal yet convicts the accused, by its signatures alone or
 * because this replica has found it itself. A false header that another validator reported does not
 * count, since only execution can confirm it.
 */
function isProven({ evidence, from, offered }: PendingEvidence): boolean {
  return !offered && (from === undefined || evidence.type !== "false-header");
}
