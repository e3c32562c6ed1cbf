import { type ConsensusMessage, type Digest, toHex } from "@aethel/models";
import type { ReplicaEvent } from "@aethel/pbft";
import type { NetworkEvent } from "../virtual-network/virtual-network.ts";

/** Describes a message in a few words: type, sequence and view, block, signer. */
export function describeMessage(message: ConsensusMessage): string {
  switch (message.type) {
    case "prepare":
    case "commit":
      return `${message.type} ${at(message.sequence, message.view)} ${short(message.digest)} by ${message.voter}`;
    case "pre-prepare":
    case "new-view": {
      const { sequence, view, digest, leader } = message.proposal;
      return `${message.type} ${at(sequence, view)} ${short(digest)} by ${leader}`;
    }
    case "view-change": {
      const { sequence, newView, prepared } = message.body;
      const had =
        prepared === undefined
          ? "prepared nothing"
          : `prepared v${prepared.view} ${short(prepared.digest)}`;
      return `view-change ${at(sequence, newView)} ${had} by ${message.voter}`;
    }
  }
}

/** Describes an event on the network in one line. */
export function describeNetworkEvent(event: NetworkEvent): string {
  const link = `${event.from}>${event.to}`;
  if ("request" in event) {
    return `${link} ${event.type} ${event.request}`;
  }
  return `${link} ${event.type} ${describeMessage(event.message)}`;
}

/** Describes an event of a replica in one line. Undefined for events that a trace leaves out. */
export function describeReplicaEvent(event: ReplicaEvent): string | undefined {
  switch (event.type) {
    case "proposal-accepted":
    case "prepared":
    case "proposed":
    case "finalized":
      return `${event.type} ${at(event.sequence, event.view)} ${short(event.digest)}`;
    case "view-changed":
      return `view-changed ${at(event.sequence, event.view)} ${event.cause}`;
    case "evidence":
      return `evidence ${event.evidence.type} against ${toHex(event.evidence.validator).slice(0, 8)}`;
    case "verdict":
      return `verdict ${short(event.digest)} ${event.verdict} ${event.reason}`.trimEnd();
    case "listening":
      return event.signsFrom === undefined
        ? `listening ${event.state} at s${event.sequence}`
        : `listening ${event.state} at s${event.sequence}, signs from s${event.signsFrom}`;
    case "own-signature":
      return `own-signature ${at(event.sequence, event.view)} ${event.statement} is not in the log`;
    case "quiet":
      return `${event.reason === undefined ? "signs" : `quiet ${event.reason}`} at s${event.sequence}`;
    case "diverged":
    case "failed":
    case "application-failed":
    case "signing-suspended":
    case "commit-failed":
    case "transport-failed":
      return `${event.type} ${String(event.error)}`;
    case "snapshot-needed":
      return `${event.type} ${event.sequence} of ${event.head}`;
    case "signing-resumed":
      return event.type;
    case "proposal-untimely":
    case "head-ahead":
    case "joining":
      return event.type;
    case "discarded":
      return undefined;
  }
}

/** Returns the first four bytes of a digest in hex, enough to tell blocks apart. */
export function short(digest: Digest): string {
  return toHex(digest).slice(0, 8);
}

function at(sequence: number, view: number): string {
  return `s${sequence} v${view}`;
}
