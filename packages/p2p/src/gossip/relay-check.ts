import {
  type AccountId,
  type ConsensusMessage,
  type Digest,
  equalBytes,
  type VerifySigned,
  validatorAt,
} from "@aethel/models";
import { type AuthenticationContext, authenticate, sequenceOf, signerOf } from "@aethel/pbft";
import type { RelayHead } from "../peer-transport.ts";

/**
 * Verdict on the signatures of a relayed message. `author`: the validator that the message names.
 */
export type RelayVerdict =
  /** Every signature in the message is valid. It is delivered and relayed. */
  | { readonly type: "proven"; readonly author: AccountId }
  /**
   * The author's signature is valid, and the rest cannot be checked at this node's head. The
   * message is delivered, since it may show that this node is behind, but not relayed.
   */
  | { readonly type: "authored"; readonly author: AccountId }
  /**
   * The message cannot be checked at this node's head, or an honest peer at another head may think
   * it valid.
   */
  | { readonly type: "unknown" }
  /** The message does not have the signatures that it claims. No honest peer relays it. */
  | { readonly type: "forged" };

/** Chain, head and signature check with which messages are checked. */
export interface RelayContext {
  readonly genesis: Digest;
  readonly head: RelayHead;
  readonly verify: VerifySigned;
}

/**
 * Checks everything about a relayed message that its author or a relay could have invented.
 * Messages can be checked from the head's own sequence up to two above it. For the upper one, the
 * current set is assumed to stay, although the next block may change it.
 */
export function judgeRelayed(message: ConsensusMessage, context: RelayContext): RelayVerdict {
  const { header, validators, previousValidators } = context.head;
  const distance = sequenceOf(message) - header.sequence;
  const isVote = message.type === "prepare" || message.type === "commit";
  if (distance < 0) return { type: "unknown" };
  const set = distance === 0 ? previousValidators : validators;
  const author = validatorAt(set, signerOf(message))?.id;
  const isWhole = distance === 0 ? isVote : distance <= 2;
  const previousSet = distance === 2 ? validators : previousValidators;
  const { genesis, verify } = context;
  const sets = { genesis, verify, set, previousSet };
  if (author === undefined) return defectAt(distance, message, context);
  if (!isWhole) {
    const holds = authenticate(withoutAttachments(message), sets) === undefined;
    return holds ? { type: "authored", author } : { type: "unknown" };
  }
  if (authenticate(message, sets) === undefined) return { type: "proven", author };
  return defectAt(distance, message, context);
}

/**
 * Returns the verdict on a message with an invalid signature. It is forged only if it is of the
 * next sequence, because every node that has the head knows the set of that sequence. A node one
 * block behind expects the set before.
 */
function defectAt(
  distance: number,
  message: ConsensusMessage,
  { genesis, verify, head }: RelayContext,
): RelayVerdict {
  if (distance !== 1) return { type: "unknown" };
  const { validators, previousValidators: set } = head;
  if (equalBytes(set.hash, validators.hash)) return { type: "forged" };
  const before: AuthenticationContext = { genesis, verify, set, previousSet: set };
  return { type: authenticate(message, before) === undefined ? "unknown" : "forged" };
}

/** Returns what the author of a message signed, without the attached signatures of others. */
function withoutAttachments(message: ConsensusMessage): ConsensusMessage {
  switch (message.type) {
    case "prepare":
    case "commit":
      return message;
    case "pre-prepare":
    case "new-view":
      return { type: "pre-prepare", proposal: message.proposal, outline: undefined };
    case "view-change":
      return { ...message, parentCertificate: undefined, prepareCertificate: undefined };
  }
}
