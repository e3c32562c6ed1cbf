import {
  type BlockHeader,
  blockDigest,
  type Digest,
  decodeValidatorSet,
  equalBytes,
  ModelsError,
  type QuorumCertificate,
  toTimestamp,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";
import { type FollowBounds, findBoundsDefect, findHeadDefect } from "./follow-bounds.ts";
import type { TrustedHead } from "./trusted-head.ts";
import { type HeaderDefect, verifyHeader } from "./verify-header.ts";

/** Header with the certificate that makes it final. */
export interface HeaderUpdate {
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  /** Canonical bytes of the next validator set. Needed if the header changes the set. */
  readonly nextValidators?: Uint8Array | undefined;
}

/** Reason for which following the chain ends at an update. */
export type FollowDefect =
  | HeaderDefect
  /** The trusted head was stated too long ago. Validators that signed it may have left the set. */
  | "head-too-old"
  /** The trusted head is dated after the time `now`, so one of the two is wrong. */
  | "head-in-future"
  /** The header is dated after the time `now`. */
  | "header-in-future"
  /** The header is more blocks above the head than the time since then allows. */
  | "sequence-too-high"
  /** The header is not above the head, so nothing can be learnt from it. */
  | "old-sequence"
  /** The header is another one at the head's sequence, or is the next one with another parent. */
  | "contradicts-head"
  /** The header is dated before the head. */
  | "broken-chain"
  /** The header changes the set, and the update does not contain the new set. */
  | "next-set-missing"
  /** The set in the update is not the one to which the header commits, or is not a valid set. */
  | "next-set-mismatch";

/** Result of following. In either case `head` is the last header that is certain. */
export type FollowResult =
  | { readonly type: "followed"; readonly head: TrustedHead }
  /** `at`: index of the refused update. `head` includes all updates before it. */
  | {
      readonly type: "refused";
      readonly head: TrustedHead;
      readonly at: number;
      readonly defect: FollowDefect;
    };

/**
 * Follows the chain from a trusted head. Updates must be in ascending order. Headers may be left
 * out while the set stays the same, so one header for each change of the set, and the last one, are
 * enough.
 *
 * A validator that has left the set and got its stake back can sign another history at no cost. So
 * `bounds` (see `followBounds`) limits the age of the statement that a header is the head. For a
 * header that was reached by following, the header's timestamp counts as the time of that
 * statement.
 */
export function followHeaders(options: {
  readonly genesis: Digest;
  readonly head: TrustedHead;
  readonly updates: Iterable<HeaderUpdate>;
  readonly bounds: FollowBounds;
  readonly verify?: VerifySigned;
}): FollowResult {
  let { head } = options;
  const unusable = findHeadDefect(head, options.bounds);
  if (unusable !== undefined) return { type: "refused", head, at: 0, defect: unusable };
  let at = 0;
  for (const update of options.updates) {
    const next = followOne(options, head, update);
    if (typeof next === "string") return { type: "refused", head, at, defect: next };
    head = next;
    at += 1;
  }
  return { type: "followed", head };
}

function followOne(
  options: {
    readonly genesis: Digest;
    readonly bounds: FollowBounds;
    readonly verify?: VerifySigned;
  },
  head: TrustedHead,
  update: HeaderUpdate,
): TrustedHead | FollowDefect {
  const { header, certificate } = update;
  const digest = blockDigest(header);
  const placed =
    findPlaceDefect(head, header, digest) ?? findBoundsDefect(head, header, options.bounds);
  if (placed !== undefined) return placed;
  const { genesis, verify } = options;
  const checked = { genesis, set: head.validators, header, certificate };
  const defect = verifyHeader(verify === undefined ? checked : { ...checked, verify });
  if (defect !== undefined) return defect;
  const validators = nextSet(head.validators, update);
  if (typeof validators === "string") return validators;
  const statedAt = toTimestamp(Math.max(head.statedAt, header.timestamp));
  return { header, digest, validators, statedAt };
}

/**
 * Returns what is wrong with a header's place after the head, as far as that needs no signatures.
 * Undefined if nothing is.
 */
function findPlaceDefect(
  head: TrustedHead,
  header: BlockHeader,
  digest: Digest,
): FollowDefect | undefined {
  const known = head.header;
  if (header.sequence < known.sequence) return "old-sequence";
  if (header.sequence === known.sequence) {
    return equalBytes(digest, head.digest) ? "old-sequence" : "contradicts-head";
  }
  if (header.timestamp < known.timestamp) return "broken-chain";
  if (header.sequence > known.sequence + 1) return undefined;
  return equalBytes(header.parent, head.digest) ? undefined : "contradicts-head";
}

/**
 * Returns the set after a header. It is decoded from its bytes, so that its hash is computed here
 * and not trusted.
 */
function nextSet(
  current: ValidatorSet,
  { header, nextValidators }: HeaderUpdate,
): ValidatorSet | FollowDefect {
  if (equalBytes(header.nextValidators, current.hash)) return current;
  if (nextValidators === undefined) return "next-set-missing";
  try {
    const set = decodeValidatorSet(nextValidators);
    return equalBytes(set.hash, header.nextValidators) ? set : "next-set-mismatch";
  } catch (error) {
    if (error instanceof ModelsError) return "next-set-mismatch";
    throw error;
  }
}
