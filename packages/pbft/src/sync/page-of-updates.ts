import {
  CertifiedHeader,
  SYNC_UPDATES_BYTES_MAX,
  SYNC_UPDATES_MAX,
  type SyncResponse,
} from "@aethel/models";
import type { SteadyClock } from "../peers/steady-clock.ts";
import type { Asking, Judged } from "./asking.ts";
import type { Following } from "./following.ts";

/** Updates that are verified without giving the event loop a turn. */
const AT_ONCE = 4;

/** Page of updates that was followed. */
export interface FollowedPage {
  /** Whether a certified header at or above the goal shows that no change below it is left out. */
  readonly isComplete: boolean;
}

/** Why following ended for good. */
export type FollowingStop = "member-left";

/**
 * Follows the chain by the updates of peers, from the follower's head up to below `goal`. Resolves
 * to `nobody` if no peer gives more updates, though the goal was not reached.
 */
export async function followTo(options: {
  readonly asking: Asking;
  readonly following: Following;
  readonly goal: number;
  readonly clock: SteadyClock;
}): Promise<"complete" | "nobody" | FollowingStop> {
  for (;;) {
    const page = await nextPage(options);
    if (page === undefined) return "nobody";
    if (page === "member-left") return page;
    if (page.isComplete) return "complete";
  }
}

type Followed = FollowedPage | FollowingStop;

/** Gets and follows one page of updates. An answer that is short is used if no other is longer. */
async function nextPage(options: Parameters<typeof followTo>[0]): Promise<Followed | undefined> {
  const { asking, following, goal } = options;
  const after = following.head().header.sequence;
  let short: readonly CertifiedHeader[] = [];
  const answer = await asking.ask<Followed>({
    request: { type: "updates", after },
    kind: "large",
    isUrgent: true,
    async judge(response): Promise<Judged<Followed>> {
      const updates = updatesOf(response);
      if (updates === undefined)
        return { type: "wrong", reason: `it answers with ${response.type}` };
      const isReaching = (updates.at(-1)?.header.sequence ?? 0) >= goal;
      if (!isReaching && !isFull(updates)) {
        // Who is behind has no more, and who is slow on purpose says no more.
        if (updates.length > short.length) short = updates;
        return { type: "useless" };
      }
      return followPage(options, updates);
    },
  });
  if (answer !== undefined) return answer.value;
  const page = short.length === 0 ? undefined : await followPage(options, short);
  return page?.type === "taken" ? page.value : undefined;
}

function updatesOf(response: SyncResponse): readonly CertifiedHeader[] | undefined {
  return response.type === "updates" && response.updates.length > 0 ? response.updates : undefined;
}

/** Whether an honest peer may have had to leave out later updates. */
function isFull(updates: readonly CertifiedHeader[]): boolean {
  if (updates.length === SYNC_UPDATES_MAX) return true;
  const bytes = updates.reduce((sum, each) => sum + CertifiedHeader.size(each), 0);
  return bytes > SYNC_UPDATES_BYTES_MAX / 2;
}

/**
 * Follows the updates of a page that are below the goal, and checks the first one that is not. The
 * page is wrong if any of them is; what was right of it stays followed.
 */
async function followPage(
  { following, goal, clock }: Parameters<typeof followTo>[0],
  updates: readonly CertifiedHeader[],
): Promise<Judged<Followed>> {
  for (const [at, update] of updates.entries()) {
    if (at > 0 && at % AT_ONCE === 0) await turn(clock);
    const isBeyond = update.header.sequence >= goal;
    const defect = isBeyond ? following.check(update) : following.follow(update);
    if (defect === "member-left") return { type: "taken", value: defect };
    if (defect !== undefined) {
      const { sequence } = update.header;
      return { type: "wrong", reason: `its header ${sequence} is refused: ${defect}` };
    }
    if (isBeyond) return { type: "taken", value: { isComplete: true } };
  }
  return { type: "taken", value: { isComplete: false } };
}

/** Gives the event loop a turn. */
function turn(clock: SteadyClock): Promise<void> {
  return new Promise((resolve) => void clock.schedule(0, resolve));
}
