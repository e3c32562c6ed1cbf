import { randomBytes } from "node:crypto";
import { equalBytes } from "@aethel/models";
import type { TransportHandlers } from "@aethel/pbft";
import type { Libp2p } from "@libp2p/interface";
import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { PeerTransportOptions } from "../peer-transport.ts";
import type { Directory } from "../peers/directory.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import type { ChainProtocols } from "../protocols.ts";
import { createOwnRecord } from "../records/own-record.ts";
import { createRecordExchange, type RecordExchange } from "../records/record-exchange.ts";
import type { RecordStore } from "../records/record-store.ts";
import type { RecordEntry } from "../records/validator-record.ts";
import { createRelayAsking, type RelayAsk } from "../relay/relay-asking.ts";
import type { RelayOptions } from "../relay/relay-options.ts";
import { createRelayServing } from "../relay/relay-serving.ts";
import type { Routes } from "../relay/routes.ts";

/** Records of validators, and their exchange with peers. */
export interface Records {
  readonly store: RecordStore;
  readonly exchange: RecordExchange;
}

/** Handlers of the replica. Undefined until it is attached. */
interface Callees {
  readonly handlers: TransportHandlers | undefined;
}

/** Requests that sentries pass on. */
export interface Relay {
  readonly ask: RelayAsk;
  readonly accept: ReturnType<typeof createRelayServing>;
}

interface SentryParts {
  readonly options: PeerTransportOptions;
  readonly limits: PeerLimits;
  readonly protocols: ChainProtocols;
  readonly libp2p: Pick<Libp2p, "getMultiaddrs">;
  readonly now: () => number;
  readonly sessions: Sessions;
  readonly directory: Directory;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
}

/** Connects the records with the sessions. */
export function wireRecords(parts: SentryParts & { readonly store: RecordStore }): Records {
  const { options, limits, protocols, libp2p, store, sessions, directory, now, drop, fault } =
    parts;
  const ownAddresses = () => libp2p.getMultiaddrs().map((address) => address.toString());
  const renew = createOwnRecord({
    transport: options,
    directory,
    store,
    entries: () => entriesOf(options.recordAddresses ?? options.sentries ?? ownAddresses()),
    clock: () => Date.now(),
  });
  const exchange = createRecordExchange({
    protocol: protocols.records,
    limits,
    sessions,
    store,
    now,
    onNew() {
      renew();
      sessions.refresh();
    },
    onRound: renew,
    drop,
    fault,
  });
  const start = (): void => {
    renew();
    exchange.start();
  };
  return { store, exchange: { ...exchange, start } };
}

/** Connects relayed requests with the sessions and the replica. */
export function wireRelay(
  parts: SentryParts & { readonly routes: Routes; readonly callees: Callees },
): Relay {
  const { options, protocols, directory, callees } = parts;
  const { genesis, validator } = options;
  const relay: RelayOptions = {
    ...parts,
    protocol: protocols.relay,
    genesis,
    self() {
      const key = validator && directory.keyOf(validator.id);
      if (validator === undefined || key === undefined) return undefined;
      const signer = [validator.signer, ...(validator.signers ?? [])].find(({ publicKey }) =>
        equalBytes(publicKey, key),
      );
      return signer && { id: validator.id, signer };
    },
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    answer: (request, from) => callees.handlers?.request(request, from),
  };
  return { ask: createRelayAsking(relay), accept: createRelayServing(relay) };
}

/** Returns the peer id at the end of a multiaddress. Empty if it has none. */
export function peerOf(address: string): string {
  return /\/p2p\/([^/]+)$/.exec(address)?.[1] ?? "";
}

/** Returns the entries of a record for multiaddresses. Those without a peer id are left out. */
function entriesOf(addresses: readonly string[]): readonly RecordEntry[] {
  const byPeer = Map.groupBy(addresses, peerOf);
  byPeer.delete("");
  return [...byPeer].map(([peer, ofPeer]) => ({ peer, addresses: ofPeer }));
}
