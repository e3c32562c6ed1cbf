import { type ConsensusMessage, validatorAt } from "@aethel/models";
import type { PeerName } from "@aethel/pbft";
import type { Place } from "../../messages.ts";
import type { StrategyContext } from "../behaviour/strategy.ts";

/**
 * Record of the leaders whose proposals a node has seen, by sequence and view, and of the node's
 * own turns, which are numbered from 0.
 */
export interface Turns {
  heard(message: ConsensusMessage): void;
  said(message: ConsensusMessage): void;
  /**
   * Returns the number of the node's own turn at a sequence and view, counted from 0. Undefined if
   * the node proposed nothing there.
   */
  ownAt(place: Place): number | undefined;
  leaderAt(place: Place): PeerName | undefined;
}

const PLACES_MAX = 64;

/** Creates an empty record of the turns of leaders that a node has seen. */
export function createTurns(context: StrategyContext): Turns {
  const leaders = new Map<string, PeerName>();
  const own = new Map<string, number>();
  let count = 0;
  const nameOf = ({ sequence, view }: Place): string => `${sequence}/${view}`;
  return {
    heard(message) {
      if (!isProposal(message)) return;
      const { head } = context;
      const { sequence, leader } = message.proposal;
      if (sequence !== head().header.sequence + 1) return;
      const id = validatorAt(head().validators, leader)?.id;
      if (id !== undefined) leaders.set(nameOf(message.proposal), id);
      dropOldest(leaders);
    },
    said(message) {
      if (!isProposal(message)) return;
      const name = nameOf(message.proposal);
      if (own.has(name)) return;
      own.set(name, count);
      count += 1;
      dropOldest(own);
    },
    ownAt: (place) => own.get(nameOf(place)),
    leaderAt: (place) => leaders.get(nameOf(place)),
  };
}

function dropOldest(map: Map<string, unknown>): void {
  if (map.size <= PLACES_MAX) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

type ProposalMessage = Extract<ConsensusMessage, { readonly type: "pre-prepare" | "new-view" }>;

function isProposal(message: ConsensusMessage): message is ProposalMessage {
  return message.type === "pre-prepare" || message.type === "new-view";
}
