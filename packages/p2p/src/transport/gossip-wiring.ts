import { hash } from "node:crypto";
import { createRememberingVerify, type TransportHandlers } from "@aethel/pbft";
import type { Libp2p } from "@libp2p/interface";
import type { Admission } from "../admission/admission.ts";
import { createAuthorBudgets } from "../gossip/author-budgets.ts";
import { type GuardedGossip, type GuardOptions, guardTopics } from "../gossip/guard-topics.ts";
import { createRecentDigests, type RecentDigests } from "../gossip/recent-digests.ts";
import { judgeRelayed } from "../gossip/relay-check.ts";
import type { PeerLimits } from "../limits.ts";
import type { Traffic } from "../metrics/traffic.ts";
import type { PeerTransport, PeerTransportOptions } from "../peer-transport.ts";
import type { Directory } from "../peers/directory.ts";
import type { ChainProtocols } from "../protocols.ts";
import type { Ask } from "../sync/asking.ts";
import type { Services } from "./node.ts";

/** Parts of the transport from which gossip is wired. */
export interface GossipWiring {
  readonly options: PeerTransportOptions;
  readonly limits: PeerLimits;
  readonly protocols: ChainProtocols;
  readonly libp2p: Libp2p<Services>;
  readonly traffic: Traffic;
  readonly now: () => number;
}

/** Handlers that the application sets. Each is undefined until then. */
export interface Callees {
  readonly handlers: TransportHandlers | undefined;
  readonly onItem: Parameters<PeerTransport["onItem"]>[0] | undefined;
}

/**
 * Bounds of the memory of relayed statements. A statement is forgotten within 8 s, so that a
 * replica's repetitions are relayed.
 */
const STATEMENTS = { entriesMax: 32_768, windowMs: 4_000 };

/** Protocol under which gossiped consensus messages are counted: the one that our peers choose. */
const CONSENSUS_GOSSIP = "/meshsub/1.2.0";

/** Returns the penalties of admission, and counts each thing that is dropped. */
export function countedConduct(
  admission: Admission,
  traffic: Traffic,
): Pick<Admission, "drop" | "fault"> {
  return {
    drop(session, reason) {
      traffic.dropped(session.peer, reason);
      admission.drop(session, reason);
    },
    fault(session, reason) {
      traffic.dropped(session.peer, reason);
      admission.fault(session, reason);
    },
  };
}

/** Sets the checks and bounds of both kinds of gossip. */
export function guardGossip(
  { options, limits, protocols, libp2p, traffic, now }: GossipWiring,
  parts: Pick<GuardOptions, "sessions" | "observers" | "drop" | "fault" | "refuse"> & {
    readonly directory: Directory;
    readonly callees: Callees;
    readonly recent: RecentDigests;
  },
): GuardedGossip {
  const { genesis, verify = createRememberingVerify() } = options;
  const { sessions, directory, callees, recent } = parts;
  const { pubsub, items } = libp2p.services;
  const names = { messages: CONSENSUS_GOSSIP, items: protocols.itemGossip };
  return guardTopics(
    { messages: pubsub, items },
    {
      ...parts,
      limits,
      protocols,
      now,
      counted: (peer, kind, direction) => traffic.message(peer, names[kind], direction),
      itemCost: (bytes) => (options.itemCost === undefined ? 1 : options.itemCost(bytes)),
      item(bytes, session) {
        const from = { peer: session.peer, validator: sessions.nameOf(session) };
        return callees.onItem?.(bytes, from) ?? "ignore";
      },
      authors: createAuthorBudgets({ limits, directory, now }),
      statements: createRecentDigests({ ...STATEMENTS, now }),
      judge: (message) => judgeRelayed(message, { genesis, head: options.head(), verify }),
      verifications: () => verify.verifications(),
      receive(message, bytes) {
        if (!recent.has(hash("sha256", bytes))) callees.handlers?.message(message, undefined);
      },
    },
  );
}

/** Returns a function that asks as `ask` does, and counts the requests that were answered. */
export function measured(
  ask: Ask,
  parts: { readonly traffic: Traffic; readonly protocol: string; readonly now: () => number },
): Ask {
  const { traffic, protocol, now } = parts;
  return async (session, request, signal) => {
    const since = now();
    traffic.message(session.peer, protocol, "out");
    const answer = await ask(session, request, signal);
    traffic.answered(session.peer, now() - since);
    return answer;
  };
}
