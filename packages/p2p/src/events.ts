import { type AccountId, toHex } from "@aethel/models";

/** Reason for closing a connection before or after its handshake. */
export type RefusalReason =
  /** Bytes that are not libp2p, or none within the time for the handshake. */
  | "not-libp2p"
  /** A libp2p peer that does not speak Aethel's handshake. */
  | "not-aethel"
  /** Its genesis differs from ours. */
  | "other-chain"
  /** It claims a validator, and its signature is not one by the key that it names. */
  | "bad-signature"
  /** Its network key is not Ed25519. */
  | "key-type"
  /** It went on sending malformed or rejected data. */
  | "misbehaving"
  /** It reported a lower height than before (B14). */
  | "height-decreased"
  /** There is no room for one more connection of this kind. */
  | "full";

/** Reason for dropping something that a peer sent, or that was meant for it. */
export type DropReason =
  /** It is not a canonical encoding. */
  | "malformed"
  /** It is a message that does not have the signatures that it claims; this peer passed it on. */
  | "forged"
  /** It came faster than the peer's budget allows. */
  | "too-fast"
  /** It is larger than its bound. */
  | "oversize"
  /** The peer takes less than we have to send; its queue is full. */
  | "slow-peer"
  /** A consensus message on a stream of a peer that is no validator. */
  | "not-a-validator";

/** Event for an operator: one for each connection or outage, not one for each packet. */
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
      /** Peer id; undefined when the peer never told it. */
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
