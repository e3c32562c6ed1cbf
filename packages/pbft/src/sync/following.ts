import type { CertifiedHeader, Digest, VerifySigned } from "@aethel/models";
import { memberNames } from "../joining/members.ts";
import type { FollowBounds } from "../light/follow-bounds.ts";
import { type FollowDefect, followHeaders } from "../light/follow-headers.ts";
import type { TrustedHead } from "../light/trusted-head.ts";

/** Follower of the chain by headers from a trusted head, which applies one update at a time. */
export interface Following {
  head(): TrustedHead;
  /** Follows one update. Returns the reason if it is refused; the head is then the same. */
  follow(update: CertifiedHeader): FollowDefect | "member-left" | undefined;
  /**
   * Returns the defect of an update without following it. Undefined if it could be followed.
   */
  check(update: CertifiedHeader): FollowDefect | "member-left" | undefined;
}

/**
 * Creates a follower. If the trusted head is too old for certificates alone (`isOld`), every
 * validator of its set must still be in each later set: one that has left could have its stake back
 * and sign another history at no cost.
 */
export function createFollowing(options: {
  readonly genesis: Digest;
  readonly head: TrustedHead;
  readonly isOld: boolean;
  readonly bounds: () => FollowBounds;
  readonly verify?: VerifySigned | undefined;
}): Following {
  const { genesis, isOld, bounds, verify } = options;
  const members = memberNames(options.head.validators);
  let { head } = options;
  const next = (update: CertifiedHeader): TrustedHead | FollowDefect | "member-left" => {
    const limits = bounds();
    const result = followHeaders({
      genesis,
      head,
      updates: [update],
      bounds: isOld ? { ...limits, trustedForMs: Number.MAX_SAFE_INTEGER } : limits,
      ...(verify === undefined ? {} : { verify }),
    });
    if (result.type === "refused") return result.defect;
    const later = memberNames(result.head.validators);
    const hasLeft = isOld && [...members].some((name) => !later.has(name));
    return hasLeft ? "member-left" : result.head;
  };
  return {
    head: () => head,
    follow(update) {
      const followed = next(update);
      if (typeof followed === "string") return followed;
      head = followed;
      return undefined;
    },
    check(update) {
      const followed = next(update);
      return typeof followed === "string" ? followed : undefined;
    },
  };
}
