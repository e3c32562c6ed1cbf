import { type AccountId, toHex } from "@aethel/models";

/** Reason for closing a connection before or after its handshake. */
export type RefusalReason =
  /** The bytes are not libp2p, or none arrived within the time for the handshake. */
  | "not-libp2p"
  /** The peer speaks libp2p, but not Aethel's handshake. */
  | "not-aethel"
  /** The peer's genesis differs from this node's. */
  | "other-chain"
  /** The peer claims to be a validator, but its signature is not by the key that it names. */
  | "bad-signature"
  /** The peer's network key is not Ed25519. */
  | "key-type"
  /** The peer repeatedly sent malformed or rejected data. */
  | "misbehaving"
  /** The peer reported a lower height than before (B14). */
  | "height-decreased"
  /** This node has as many connections of this kind as allowed. */
  | "full";

/** Reason for dropping something that a peer sent, or that this node was to send to it. */
export type DropReason =
  /** The bytes are not a canonical encoding. */
  | "malformed"
  /** The message does not have the signatures that it claims, and this peer relayed it. */
  | "forged"
  /** The answer does not have the content that was requested, as the replica found. */
  | "wrong-answer"
  /** The peer has used up its budget. */
  | "too-fast"
  /** The message, item or request is larger than its bound. */
  | "oversize"
  /** The peer reads more slowly than this node sends, and its queue is full. */
  | "slow-peer"
  /** A peer that is no validator opened a stream for consensus messages. */
  | "not-a-validator";

/** Event for an operator. There is one for each connection or outage, not one for each packet. */
export type PeerEvent =
  | { readonly type: "listening"; readonly addresses: readonly string[] }
  | {
      readonly type: "connected";
      readonly peer: string;
      readonly address: string;
      readonly validator: AccountId | undefined;
    }
  | {
      readonly type: "disconnected";
      readonly peer: string;
      readonly validator: AccountId | undefined;
    }
  | {
      readonly type: "refused";
      /** Peer id. Undefined if the peer has never told it. */
      readonly peer: string | undefined;
      readonly address: string;
      readonly reason: RefusalReason;
    }
  | { readonly type: "unreachable"; readonly address: string; readonly reason: string }
  | { readonly type: "dropped"; readonly peer: string; readonly reason: DropReason };

const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  "not-libp2p": "does not speak libp2p",
  "not-aethel": "does not speak Aethel's protocol",
  "other-chain": "is on another chain",
  "bad-signature": "claims a validator's key that it does not hold",
  "key-type": "has a network key that is not Ed25519",
  misbehaving: "keeps sending invalid data",
  "height-decreased": "reported a lower height than before",
  full: "found no free connection",
};

const DROPS: Readonly<Record<DropReason, string>> = {
  malformed: "sent something malformed",
  forged: "passed on a message that its author did not sign",
  "wrong-answer": "gave an answer that no honest peer gives",
  "too-fast": "sends faster than its budget",
  oversize: "sent something too large",
  "slow-peer": "is too slow to take our messages",
  "not-a-validator": "is no validator and sent a consensus message",
};

/** Describes an event in one line for a log. */
export function describePeerEvent(event: PeerEvent): string {
  switch (event.type) {
    case "listening":
      return `listening on ${event.addresses.join(", ")}`;
    case "connected":
      return `connected to ${whom(event)} at ${event.address}`;
    case "disconnected":
      return `lost ${whom(event)}`;
    case "refused":
      return `peer ${event.peer ?? event.address} ${REFUSALS[event.reason]}: disconnected`;
    case "unreachable":
      return `cannot reach ${event.address} (${event.reason}); trying again`;
    case "dropped":
      return `peer ${event.peer} ${DROPS[event.reason]}: dropped`;
  }
}

function whom(event: { readonly peer: string; readonly validator: AccountId | undefined }): string {
  if (event.validator === undefined) return `observer ${event.peer}`;
  return `validator ${toHex(event.validator).slice(0, 10)} (${event.peer})`;
}
