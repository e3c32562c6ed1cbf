import type { Session } from "../peers/sessions.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";

/** Times at which connected peers are asked for other peers. */
export interface AskingTimes {
  /**
   * Returns the sessions to ask now, and counts them as asked. `missing`: peers are missing, so all
   * that are due are asked, and soon again; `enough`: one at a time is asked, and seldom.
   */
  due(sessions: readonly Session[], need: "missing" | "enough"): readonly Session[];
  /**
   * Notes the answer of a peer. The pause before it is asked again doubles while it tells nothing
   * new, from `askMinMs` to `askMaxMs`.
   */
  answered(session: Session, added: number): void;
}

/** Creates the times. A session that was never asked is due. */
export function createAskingTimes(options: {
  readonly limits: Pick<DiscoveryLimits, "askMinMs" | "askMaxMs">;
  readonly now: () => number;
}): AskingTimes {
  const { limits, now } = options;
  const asked = new WeakMap<object, { readonly at: number; readonly pauseMs: number }>();

  function isDue(session: Session, need: "missing" | "enough"): boolean {
    const last = asked.get(session.budget);
    if (last === undefined)
      return need === "missing" || session.connection.direction === "outbound";
    return now() - last.at >= (need === "missing" ? last.pauseMs : limits.askMaxMs);
  }

  return {
    due(sessions, need) {
      const all = sessions.filter((session) => isDue(session, need));
      // A budget belongs to a peer, which may have several sessions.
      const onePerPeer = [...new Map(all.map((each) => [each.budget, each])).values()];
      const chosen = need === "missing" ? onePerPeer : onePerPeer.slice(0, 1);
      for (const { budget } of chosen) {
        const pauseMs = asked.get(budget)?.pauseMs ?? limits.askMinMs;
        asked.set(budget, { at: now(), pauseMs });
      }
      return chosen;
    },
    answered({ budget }, added) {
      const last = asked.get(budget);
      if (last === undefined) return;
      const pauseMs = added > 0 ? limits.askMinMs : Math.min(limits.askMaxMs, 2 * last.pauseMs);
      asked.set(budget, { at: last.at, pauseMs });
    },
  };
}
