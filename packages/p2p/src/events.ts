import { type AccountId, toHex } from "@aethel/models";

/** Reason for closing a connection before or after its handshake. */
export type RefusalReason =
  /** The bytes are not libp2p, or none arrived within the time for the handshake. */
  | "not-libp2p"
  /** The peer speaks libp2p, but not Aethel's handshake. */
  | "not-aethel"
  /** The peer's genesis differs from this node's. */
  | "other-chain"
  /** The peer speaks another version of the peer protocols. */
  | "other-protocol"
  /** The peer runs another Judge, so it could disagree on verdicts. */
  | "other-judge"
  /** The peer executes blocks by other rules. */
  | "other-application"
  /** The peer demands a feature that this version does not have. */
  | "unknown-feature"
  /** The peer claims to be a validator, but its signature is not by the key that it names. */
  | "bad-signature"
  /** The peer's network key is not Ed25519. */
  | "key-type"
  /** The peer repeatedly sent malformed or rejected data. */
  | "misbehaving"
  /** The peer reported a lower height than before (B14). */
  | "height-decreased"
  /** This node has as many connections of this kind as allowed. */
  | "full"
  /** This node's operator or its own rules have banned the peer. */
  | "banned"
  /** This node is a private validator, and the peer is none of its sentries. */
  | "no-sentry";

/** Reason for which a peer refused this node. `unknown`: it tells none that this version knows. */
export type ToldReason = RefusalReason | "unknown";

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
      /** Facts about the reason in words, such as both versions. Undefined: there are none. */
      readonly detail?: string;
    }
  | {
      /** A peer has refused this node and told why. */
      readonly type: "refused-by";
      readonly peer: string;
      readonly address: string;
      readonly reason: ToldReason;
    }
  | {
      /** This node has banned a peer longer than usual, because it keeps misbehaving. */
      readonly type: "banned";
      readonly peer: string;
      readonly reason: RefusalReason;
      /** Number of offences so far. */
      readonly times: number;
      readonly forMs: number;
    }
  | { readonly type: "unreachable"; readonly address: string; readonly reason: string }
  | { readonly type: "dropped"; readonly peer: string; readonly reason: DropReason };

const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  "not-libp2p": "does not speak libp2p",
  "not-aethel": "does not speak Aethel's protocol",
  "other-chain": "is on another chain",
  "other-protocol": "speaks another version of the peer protocol",
  "other-judge": "runs another Judge",
  "other-application": "executes blocks by other rules",
  "unknown-feature": "demands a feature that this version does not have",
  "bad-signature": "claims a validator's key that it does not hold",
  "key-type": "has a network key that is not Ed25519",
  misbehaving: "keeps sending invalid data",
  "height-decreased": "reported a lower height than before",
  full: "found no free connection",
  banned: "is banned",
  "no-sentry": "is no sentry of this private validator",
};

/** Reason that a peer gives when it refuses this node. */
const TOLD: Readonly<Record<ToldReason, string>> = {
  "not-libp2p": "this node does not speak libp2p",
  "not-aethel": "it cannot read this node's hello",
  "other-chain": "this node is on another chain; compare the genesis files",
  "other-protocol": "this node speaks another version of the peer protocol; compare the releases",
  "other-judge": "this node runs another Judge; compare the releases",
  "other-application": "this node executes blocks by other rules; compare the releases",
  "unknown-feature": "this node demands a feature that the peer's release does not have",
  "bad-signature": "this node claims a validator's key and did not sign with it",
  "key-type": "this node's network key is not Ed25519",
  misbehaving: "this node sent it invalid data",
  "height-decreased": "this node reported a lower height than before",
  full: "it has no free connection",
  banned: "it has banned this node; ask its operator",
  "no-sentry": "it speaks to its own sentries only",
  unknown: "it gave no reason that this release knows",
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
      return `peer ${event.peer ?? event.address} ${REFUSALS[event.reason]}${inBrackets(event.detail)}: disconnected`;
    case "refused-by":
      return `peer ${event.peer} at ${event.address} refused this node: ${TOLD[event.reason]}`;
    case "banned":
      return `peer ${event.peer} ${REFUSALS[event.reason]}: banned for ${Math.round(event.forMs / 1_000)} s after ${event.times} offences`;
    case "unreachable":
      return `cannot reach ${event.address} (${event.reason}); trying again`;
    case "dropped":
      return `peer ${event.peer} ${DROPS[event.reason]}: dropped`;
  }
}

function inBrackets(detail: string | undefined): string {
  return detail === undefined ? "" : ` (${detail})`;
}

function whom(event: { readonly peer: string; readonly validator: AccountId | undefined }): string {
  if (event.validator === undefined) return `observer ${event.peer}`;
  return `validator ${toHex(event.validator).slice(0, 10)} (${event.peer})`;
}
