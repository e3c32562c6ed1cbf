import type { Libp2p, Stream } from "@libp2p/interface";
import type { OperatorBans } from "../bans/ban.ts";
import { type Bans, createBans } from "../bans/create-bans.ts";
import { isOffence } from "../bans/offence.ts";
import { operatorBans } from "../bans/operator-bans.ts";
import type { PeerEvent, RefusalReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import { measureTransport } from "../metrics/measure-transport.ts";
import type { Traffic } from "../metrics/traffic.ts";
import type { PeerTransport, PeerTransportOptions } from "../peer-transport.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { Services } from "./node.ts";
import type { Wiring } from "./wiring.ts";

/** Loads the bans that were saved. */
export async function loadBans(options: PeerTransportOptions, limits: PeerLimits): Promise<Bans> {
  const { banStore: store } = options;
  const saved = (await store?.load()) ?? [];
  return createBans({ limits, saved, store, now: () => Date.now(), onUnsaved: () => undefined });
}

/** Returns a function that bans a peer for an offence, and only turns it away for another reason. */
export function createPenalty(parts: {
  readonly bans: Bans;
  readonly turnAway: (peer: string) => void;
  readonly sessions: () => Pick<Sessions, "allOf" | "nameOf">;
  readonly emit: (event: PeerEvent) => void;
}): (peer: string, reason: RefusalReason) => void {
  const { bans, turnAway, emit } = parts;
  return (peer, reason) => {
    if (!isOffence(reason)) return turnAway(peer);
    const sessions = parts.sessions();
    const isValidator = sessions.allOf(peer).some((one) => sessions.nameOf(one) !== undefined);
    const { times, sinceMs, untilMs } = bans.offence(peer, reason, { isValidator });
    if (times > 1) emit({ type: "banned", peer, reason, times, forMs: untilMs - sinceMs });
  };
}

/** Returns the parts of a transport for its operator: figures and bans. */
export function oversight(parts: {
  readonly libp2p: Libp2p<Services>;
  readonly wiring: Wiring;
  readonly traffic: Traffic;
  readonly bans: Bans;
}): Pick<PeerTransport, "metrics"> & { readonly bans: OperatorBans } {
  const { libp2p, wiring, traffic, bans } = parts;
  const { sessions, gossip } = wiring;
  const { scoreOf, items } = gossip;
  const measured = { libp2p, sessions, traffic, scoreOf, unsentItemBytes: items.unsentBytes };
  return {
    metrics: () => measureTransport(measured),
    bans: operatorBans({ bans, libp2p }),
  };
}

/** Returns the peer at the other end of a stream that libp2p is opening. */
export function peerOfStream(libp2p: Libp2p, stream: Stream): string | undefined {
  const connection = libp2p.getConnections().find(({ streams }) => streams.includes(stream));
  return connection?.remotePeer.toString();
}
