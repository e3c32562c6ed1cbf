import {
  type AccountId,
  type ConsensusMessage,
  type Digest,
  equalBytes,
  type VerifySigned,
  validatorAt,
} from "@aethel/models";
import {
  type AuthenticationContext,
  authenticate,
  isJustified,
  sequenceOf,
  signerOf,
} from "@aethel/pbft";
import type { RelayHead } from "../peer-transport.ts";

/**
 * Verdict on the signatures of a relayed message. `author`: the validator that the message names.
 */
export type RelayVerdict =
  /**
   * Every signature in the message is valid, and it contains the votes and certificates that its
   * receiver needs. It is delivered and relayed.
   */
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
  /**
   * The message does not have the signatures that it claims, or votes or certificates were removed
   * from it. No honest peer relays it.
   */
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
  if (isWholeAndSigned(message, sets)) return { type: "proven", author };
  return defectAt(distance, message, context);
}

/**
 * Returns the verdict on a message with an invalid signature or missing parts. It is forged only if it is of the
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
  return { type: isWholeAndSigned(message, before) ? "unknown" : "forged" };
}

/**
 * Whether a message has everything that its receiver needs, and all its signatures are valid. The
 * author's signature does not cover the attachments. A copy without some of them MUST NOT count as
 * the author's message, because it would keep the whole message away.
 */
function isWholeAndSigned(message: ConsensusMessage, context: AuthenticationContext): boolean {
  return isJustified(message, context.set) && authenticate(message, context) === undefined;
}

/**
 * Returns the author of a message if the set of the message's sequence is certain at the head.
 * Undefined otherwise: the same index may belong to another validator then.
 */
export function certainAuthorOf(
  message: ConsensusMessage,
  { header, validators, previousValidators }: RelayHead,
): AccountId | undefined {
  const distance = sequenceOf(message) - header.sequence;
  if (distance !== 0 && distance !== 1) return undefined;
  return validatorAt(distance === 0 ? previousValidators : validators, signerOf(message))?.id;
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
