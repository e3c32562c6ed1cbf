import { toHex } from "@aethel/models";
import type { ConnectionGater, Libp2p, PrivateKey } from "@libp2p/interface";
import { dns as systemDns } from "@multiformats/dns";
import type { Multiaddr } from "@multiformats/multiaddr";
import { readAddress } from "../discovery/address-rules.ts";
import { BoundedDatastore } from "../discovery/bounded-datastore.ts";
import { createDialPolicy, type DialPolicy } from "../discovery/dial-policy.ts";
import { createDiscovery, type Discovery } from "../discovery/discovery.ts";
import { resolveDiscoveryLimits } from "../discovery/discovery-limits.ts";
import { isName, resolveNames } from "../discovery/dns-names.ts";
import type { DiscoveryOptions } from "../discovery/options.ts";
import type { PeerEvent } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { Candidate } from "../outbound/choose-outbound.ts";
import type { ChainProtocols } from "../protocols.ts";
import type { NodeExtras } from "./node.ts";
import type { Wiring } from "./wiring.ts";

/** Discovery of one transport, beside its libp2p node. */
export interface Finding {
  /** Gate of the node, with the rules of discovery added. */
  readonly gater: ConnectionGater;
  readonly extras: NodeExtras;
  /** Connects discovery to the node, before it starts. */
  attach(parts: { readonly libp2p: Libp2p; readonly wiring: Wiring }): Promise<void>;
  /** Begins to look for peers, after the node has started. Names in `bootstrap` are resolved. */
  start(bootstrap: readonly Multiaddr[]): void;
  onEvent(event: PeerEvent): void;
  stop(): void;
}

/** Options of `createFinding`. */
export interface FindingOptions {
  readonly options: DiscoveryOptions;
  readonly limits: PeerLimits;
  readonly protocols: ChainProtocols;
  readonly privateKey: PrivateKey;
  readonly gater: ConnectionGater;
  /** Addresses that the operator named. */
  readonly bootstrap: readonly Multiaddr[];
  /** Peer ids of private validators, which nobody is told. */
  readonly secret: readonly string[];
  readonly now: () => number;
}

/** Prepares the discovery of a transport. @throws P2pError `OPTION` for a limit that cannot work */
export function createFinding(finding: FindingOptions): Finding {
  const { options, protocols, privateKey, gater, now } = finding;
  const limits = { ...finding.limits, ...resolveDiscoveryLimits(options.limits) };
  const stopped = new AbortController();
  let libp2p: Libp2p | undefined;
  let discovery: Discovery | undefined;
  const policy = createDialPolicy(() =>
    (libp2p?.getConnections() ?? []).map(({ remoteAddr }) => remoteAddr),
  );
  policy.permit(finding.bootstrap.map((address) => address.toString()));
  const { dns = systemDns() } = options;

  async function resolve(address: Multiaddr): Promise<void> {
    const timeout = AbortSignal.timeout(limits.requestTimeoutMs);
    const signal = AbortSignal.any([stopped.signal, timeout]);
    const { resolvedMax } = limits;
    for (const found of await resolveNames(address, { dns, resolvedMax, signal })) {
      const peer = found.getComponents().findLast(({ name }) => name === "p2p")?.value;
      const known = readAddress(found.toString(), "names");
      if (peer !== undefined && known !== undefined) {
        discovery?.learn({ peer, addresses: [known], source: "dns", sourceGroup: "dns" });
      }
    }
  }

  return {
    gater: gateOf(gater, policy),
    extras: {
      announce: options.announce ?? [],
      datastore: new BoundedDatastore(limits.rememberedMax),
    },
    async attach(parts) {
      libp2p = parts.libp2p;
      const { sessions, admission, records } = parts.wiring;
      const { drop, fault } = admission;
      discovery = createDiscovery({
        options,
        limits,
        protocols,
        privateKey,
        libp2p,
        sessions,
        policy,
        drop,
        fault,
        vouched: () => vouchedIn(records.store),
        secret: new Set(finding.secret),
        now,
      });
      await libp2p.handle(protocols.peers, discovery.accept, {
        maxInboundStreams: 2,
        maxOutboundStreams: 2,
        runOnLimitedConnection: true,
      });
    },
    start(bootstrap) {
      discovery?.start();
      for (const address of bootstrap.filter(isName)) void resolve(address);
    },
    onEvent: (event) => discovery?.onEvent(event),
    stop() {
      stopped.abort();
      discovery?.stop();
    },
  };
}

function gateOf(gater: ConnectionGater, policy: DialPolicy): ConnectionGater {
  return {
    ...gater,
    denyDialMultiaddr: policy.denies,
  };
}

/** Returns an address of each peer that the records of validators name. */
function vouchedIn(store: Wiring["records"]["store"]): readonly Candidate[] {
  return store.all().flatMap(({ validator, entries }) =>
    entries.flatMap(({ peer, addresses }) => {
      const address = addresses.flatMap((text) => readAddress(text) ?? [])[0]?.text;
      const source = `record ${toHex(validator)}` as const;
      return address === undefined ? [] : [{ peer, address, source, score: 0 }];
    }),
  );
}
