import { hash, randomBytes } from "node:crypto";
import { equalBytes } from "@aethel/models";
import type { TransportHandlers } from "@aethel/pbft";
import type { Libp2p } from "@libp2p/interface";
import { type Admission, createAdmission } from "../admission/admission.ts";
import { createHandshake, type Handshake } from "../admission/handshake.ts";
import { hasRoom } from "../admission/room.ts";
import type { PeerEvent, RefusalReason } from "../events.ts";
import type { GuardedGossip } from "../gossip/guard-topics.ts";
import { createMessageChannel, type MessageChannel } from "../gossip/message-channel.ts";
import { createRecentDigests } from "../gossip/recent-digests.ts";
import { certainAuthorOf } from "../gossip/relay-check.ts";
import type { PeerLimits } from "../limits.ts";
import type { Traffic } from "../metrics/traffic.ts";
import type { PeerTransport, PeerTransportOptions } from "../peer-transport.ts";
import { createDirectory, type Directory } from "../peers/directory.ts";
import { createObserversBudget } from "../peers/peer-budget.ts";
import { createSessions, type Sessions } from "../peers/sessions.ts";
import { createStanding, type Standing } from "../peers/standing.ts";
import type { PeerRole } from "../peers/versions.ts";
import type { ChainProtocols } from "../protocols.ts";
import { createRecordStore } from "../records/record-store.ts";
import { createRoutes } from "../relay/routes.ts";
import { createSyncExchange, type SyncExchange } from "../sync/sync-exchange.ts";
import { countedConduct, guardGossip, measured } from "./gossip-wiring.ts";
import type { Services } from "./node.ts";
import { peerOf, type Records, type Relay, wireRecords, wireRelay } from "./sentry-wiring.ts";

/** Bounds of the memory of messages that came from their authors' own streams. */
const RECENT = { entriesMax: 8_192, windowMs: 5_000 };
/** Options and libp2p node from which the parts of a peer transport are made. */
export interface WiringOptions {
  readonly options: PeerTransportOptions;
  readonly limits: PeerLimits;
  readonly protocols: ChainProtocols;
  readonly libp2p: Libp2p<Services>;
  readonly emit: (event: PeerEvent) => void;
  readonly turnAway: (peer: string, reason: RefusalReason) => void;
  readonly traffic: Traffic;
  readonly now: () => number;
}

/** Parts of one transport. */
export interface Wiring {
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly admission: Admission;
  readonly channel: MessageChannel;
  readonly exchange: SyncExchange;
  readonly standing: Standing;
  readonly records: Records;
  readonly relay: Relay;
  readonly gossip: GuardedGossip;
  /** Handlers that the transport's `attach` and `onItem` set. Undefined until then. */
  readonly callees: {
    handlers: TransportHandlers | undefined;
    onItem: Parameters<PeerTransport["onItem"]>[0] | undefined;
  };
}

/** Creates the parts of a peer transport and connects them. Nothing runs before libp2p starts. */
export function wire(wiring: WiringOptions): Wiring {
  const { options, limits, protocols, traffic, now } = wiring;
  const { genesis, validator } = options;
  const callees: Wiring["callees"] = { handlers: undefined, onItem: undefined };
  const directory = createDirectory(() => options.head().validators);
  const store = createRecordStore({ genesis, directory });
  const standing = createStanding({
    sentries: (options.sentries ?? []).map(peerOf),
    privatePeers: options.privatePeers ?? [],
    vouchesFor: (peer) => store.vouchesFor(peer),
  });
  const sessions = createSessions({
    directory,
    self: validator?.id,
    onReachable: (name) => queueMicrotask(() => callees.handlers?.connected(name)),
    isTrusted: (peer) => standing.isTrusted(peer),
    relayed: () => routes.names(),
    onAdmitted: (session) => void records.exchange.ask(session),
  });
  const routes = createRoutes({ sessions, standing, records: store, self: validator?.id });
  const handshake = wireHandshake({ ...wiring, directory, sessions });
  const admission = createAdmission({ ...wiring, sessions, handshake });
  const { refuse } = admission;
  const recent = createRecentDigests({ ...RECENT, now });
  const observers = createObserversBudget(limits, now);
  const conduct = countedConduct(admission, traffic);
  const common = { limits, sessions, observers, ...conduct };
  const channel = createMessageChannel({
    ...common,
    protocol: protocols.message,
    counted: (peer, direction) => traffic.message(peer, protocols.message, direction),
    receive(message, bytes, from) {
      // The replica charges the sender and may drop the message for that. So only what the author
      // sent itself makes the gossiped copy superfluous, not what another validator forwards.
      const author = certainAuthorOf(message, options.head());
      if (author !== undefined && equalBytes(author, from)) recent.add(hash("sha256", bytes));
      // Direct messages are always delivered: a replica that sends one again means to.
      callees.handlers?.message(message, from);
    },
  });
  const records = wireRecords({ ...wiring, sessions, directory, store, ...conduct });
  const relay = wireRelay({ ...wiring, sessions, directory, routes, callees, ...conduct });
  const exchange = createSyncExchange({
    ...common,
    protocol: protocols.sync,
    refuse,
    answer(request, session) {
      traffic.message(session.peer, protocols.sync, "in");
      return callees.handlers?.request(request, sessions.nameOf(session));
    },
  });
  const gossip = guardGossip(wiring, { ...common, refuse, directory, callees, recent });
  const ask = measured(exchange.ask, { traffic, protocol: protocols.sync, now });
  const parts = { directory, sessions, admission, channel, standing, records, relay, gossip };
  return {
    ...parts,
    callees,
    exchange: { ...exchange, ask },
  };
}

function wireHandshake(
  parts: WiringOptions & { readonly directory: Directory; readonly sessions: Sessions },
): Handshake {
  const { options, limits, libp2p, directory, sessions } = parts;
  return createHandshake({
    libp2p,
    genesis: options.genesis,
    instance: new Uint8Array(randomBytes(16)),
    validator: options.validator,
    directory,
    limits,
    versions: options.versions ?? { judge: undefined, application: 0 },
    role: roleOf(options),
    head: () => options.head().header.sequence,
    decide(connection, claim) {
      const isValidator = sessions.provenBy(claim) !== undefined;
      return isValidator || hasRoom(connection, { sessions, limits }) ? undefined : "full";
    },
  });
}

/** Returns the role that a node states. Default: that of a validator or of an observer. */
function roleOf({ role, validator }: PeerTransportOptions): PeerRole {
  return role ?? (validator === undefined ? "observer" : "validator");
}
