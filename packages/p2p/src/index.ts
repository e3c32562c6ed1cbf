/**
 * Replicas over libp2p: TCP, Noise, Yamux, identify and gossipsub. Validators prove their identity,
 * and everything that a peer can send is bounded.
 * @packageDocumentation
 */

// Transport
export { createPeerTransport } from "./transport/create-peer-transport.ts";
export type {
  PeerConnection,
  PeerTransport,
  PeerTransportOptions,
  RelayHead,
  ItemSource,
  ItemVerdict,
} from "./peer-transport.ts";

// Events
export {
  describePeerEvent,
  type DropReason,
  type PeerEvent,
  type RefusalReason,
  type ToldReason,
} from "./events.ts";

// Bans and metrics
export type { Ban, BanStore, OperatorBans } from "./bans/ban.ts";
export { SOCKETS } from "./metrics/count-streams.ts";
export type { Direction, Flow, PeerTraffic, RoundTrips, TotalTraffic } from "./metrics/traffic.ts";
export type { PeerMetrics, TransportMetrics } from "./metrics/transport-metrics.ts";

// Limits
export { DEFAULT_LIMITS, type PeerLimits } from "./limits.ts";

export { createTokenBucket, type TokenBucket } from "./peers/token-bucket.ts";

// Discovery
export type { DiscoveryOptions } from "./discovery/options.ts";
export { DEFAULT_DISCOVERY_LIMITS, type DiscoveryLimits } from "./discovery/discovery-limits.ts";
export {
  type AddressBookStore,
  type BookChange,
  createMemoryBookStore,
} from "./discovery/book-store.ts";
export { type AddressBook, type Hearsay, type Learned } from "./discovery/address-book.ts";
export { type AddressSource, type BookEntry } from "./discovery/book-entry.ts";
export { type AddressScope, groupOf, type PeerAddress } from "./discovery/address-rules.ts";

// Handshake
export {
  claimOf,
  createHello,
  findHelloDefect,
  Hello,
  HelloEnvelope,
  type HelloExtension,
  type HelloParties,
  PROTOCOL_VERSION,
  type SignedClaim,
  signableHello,
  type ValidatorClaim,
} from "./peers/hello.ts";

export { HelloAnswer, Objection } from "./peers/verdict.ts";
export type { PeerRole, PeerVersions } from "./peers/versions.ts";

// Protocols
export { chainProtocols, type ChainProtocols, HANDSHAKE_PROTOCOL } from "./protocols.ts";

// Records of validators
export {
  createValidatorRecord,
  isRecordSigned,
  type RecordEntry,
  ValidatorRecord,
} from "./records/validator-record.ts";

// Outbound connections
export {
  type Candidate,
  type CandidateSource,
  chooseOutbound,
  type ChooseOutboundOptions,
  type OutboundSlot,
} from "./outbound/choose-outbound.ts";
export { type AnchorCandidate, chooseAnchors, chooseRotated } from "./outbound/choose-anchors.ts";

// Errors
export { P2pError, type P2pFault } from "./errors.ts";
