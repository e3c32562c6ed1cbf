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

/** One header with what makes it final. */
export interface HeaderUpdate {
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  /** Canonical bytes of the set that comes next; needed where the header changes the set. */
  readonly nextValidators?: Uint8Array;
}

/** Reason for which following ends at an update. */
export type FollowDefect =
  | HeaderDefect
  /** The trusted head was stated too long ago: those who signed for it may have left. */
  | "head-too-old"
  /** The trusted head is dated after the own time: one of the two is wrong. */
  | "head-in-future"
  /** Dated after the own time. */
  | "header-in-future"
  /** More blocks than there was time for since the head. */
  | "sequence-too-high"
  /** Not above the head; nothing is learnt from it. */
  | "old-sequence"
  /** At the head's sequence another header, or on top of it one that another head came before. */
  | "contradicts-head"
  /** It goes back in time. */
  | "broken-chain"
  /** The header changes the set and the update does not bring the new one. */
  | "next-set-missing"
  /** The set it brings is not the one that the header commits to, or no set at all. */
  | "next-set-mismatch";

/** `head` is the last one that is certain, in either case. */
export type FollowResult =
  | { readonly type: "followed"; readonly head: TrustedHead }
  /** `at`: index of the update that was refused; those before it are in `head`. */
  | {
      readonly type: "refused";
      readonly head: TrustedHead;
      readonly at: number;
      readonly defect: FollowDefect;
    };

/**
 * Follows the chain from a trusted head. Updates ascend; headers may be left out as long as the set
 * stays the same, so one header for each change of the set, and the last one, are enough.
 *
 * Who has left the set, and has its stake back, can sign another history at no cost: `bounds` (see
 * `followBounds`) say how old a statement may be that a header is the head. A header that was
 * followed to was the head when it was made.
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

/** Checks all that needs no signature. */
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

/** The bytes are decoded here, so that the hash of the set is computed and never taken on trust. */
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
