import type {
  AccountId,
  ConsensusMessage,
  Digest,
  Proof,
  Signer,
  ValidatorSet,
} from "@aethel/models";
import type { Transport } from "@aethel/pbft";
import type { PeerEvent } from "./events.ts";
import type { PeerLimits } from "./limits.ts";

/** What a peer transport needs to know. */
export interface PeerTransportOptions {
  /** Hash of the genesis: peers with another one are turned away. */
  readonly genesis: Digest;
  /** Ed25519 seed, 32 bytes, of the peer id. MUST NOT be the consensus key's. */
  readonly networkKey: Uint8Array;
  /**
   * Absent on a node that only follows. `signers`: further keys of a validator that rotates, asked at
   * each handshake, so a list that grows is fine; it proves the key that the set has for it.
   */
  readonly validator?: {
    readonly id: AccountId;
    readonly signer: Signer;
    readonly signers?: readonly Signer[];
  };
  /** The validator set in effect; asked often, so it should return the same object while it is. */
  validators(): ValidatorSet;
  /** Multiaddrs to listen on, such as `/ip4/127.0.0.1/tcp/0`; none: dial only. */
  readonly listen: readonly string[];
  /** Multiaddrs to stay connected to; our own may be among them. */
  readonly bootstrap: readonly string[];
  readonly limits?: Partial<PeerLimits>;
  /**
   * Whether a *relayed* message carries a valid signature by whom it names. It is not delivered and
   * not relayed otherwise. Without this, gossip is taken from authenticated validators alone.
   */
  authenticate?(message: ConsensusMessage): boolean;
  /** Hears what happens to connections. Must not throw. */
  onEvent?(event: PeerEvent): void;
}

/** Who passed a proof on: the unit that a judging budget is kept for. */
export interface ProofSource {
  /** Peer id as text. */
  readonly peer: string;
  readonly validator: AccountId | undefined;
}

/** Answer of a handler about a proof: keep and relay it, drop it, or hold it against its sender. */
export type ProofVerdict = "accept" | "ignore" | "reject";

/** One peer as it is connected now. */
export interface PeerConnection extends ProofSource {
  readonly address: string;
  readonly direction: "inbound" | "outbound";
  readonly openedAt: number;
}

/** A running libp2p node as the transport of a replica, with the gossip of its mempool. */
export interface PeerTransport extends Transport, AsyncDisposable {
  /** Our peer id as text. */
  readonly peer: string;
  /** Multiaddrs under which this node can be dialed, peer id included. */
  addresses(): readonly string[];
  /**
   * Hands a proof to all peers, best effort; false when there is none, so that it should be tried
   * again. The same proof is passed on once in 8 s. @throws P2pError `OVERSIZE`.
   */
  publishProof(proof: Proof): boolean;
  /**
   * Where proofs of peers go; one handler, the last one set. `accept` relays; `reject` counts
   * against the sender, so it is only for what no honest peer would relay (a bad signature).
   */
  onProof(handler: (proof: Proof, from: ProofSource) => ProofVerdict | Promise<ProofVerdict>): void;
  /** Connections that passed the handshake, oldest first. */
  connections(): readonly PeerConnection[];
  /** Closes everything; no handle stays open. Idempotent. */
  stop(): Promise<void>;
}
