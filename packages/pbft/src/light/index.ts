/**
 * A light client: decides from headers and certificates alone what is final, across changes of the
 * validator set. It needs no Node, no network of its own and no trust in who serves it.
 *
 * @example
 * ```ts
 * import { followBounds, followHeaders, trustHeader } from "@aethel/pbft/light";
 *
 * const head = trustHeader({ header, nextValidators, statedAt });
 * const bounds = followBounds({ now: Date.now(), parameters });
 * const result = followHeaders({ genesis, head, updates, bounds });
 * if (result.type === "followed") result.head.header; // its application part names the state, which Merkle paths lead to
 * ```
 *
 * @packageDocumentation
 */

// Trust
export { type TrustedHead, trustHeader } from "./trusted-head.ts";

// Verification
export { type HeaderDefect, verifyHeader } from "./verify-header.ts";

// Following
export { type FollowBounds, followBounds } from "./follow-bounds.ts";
export {
  type FollowDefect,
  type FollowResult,
  followHeaders,
  type HeaderUpdate,
} from "./follow-headers.ts";
