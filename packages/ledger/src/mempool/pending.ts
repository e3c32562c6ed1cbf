import { compareBytes, type Digest, type Proof } from "@aethel/models";
import type { SizedProof } from "../admission.ts";
import type { Judged } from "../ports.ts";

/** A proof that waits for a block. */
export interface PendingProof {
  readonly proof: Proof;
  readonly hash: Digest;
  readonly bytes: number;
  /** The author's nonce: as in the body, but at hand. */
  readonly nonce: number;
  /** Micro-tokens for each unit of its limit, rounded: for the order alone, never for money. */
  readonly price: number;
  /** The first bytes of the hash as a number: decides most ties without looking at the hash. */
  readonly rank: number;
  /** `waiting` for the Judge, with the Judge, or `ready` for a block. Invokes are always ready. */
  status: "waiting" | "judging" | "ready";
  judgement: Judged | undefined;
  /** How often the Judge abstained. */
  abstentions: number;
  /** A leader could not include it on top of this sequence; another state may change that. */
  stuckAt: number | undefined;
  /** It has left the mempool; indices that still name it drop it when they meet it. */
  isGone: boolean;
}

/** A proof that has just come in. */
export function createPending({ proof, hash, bytes }: SizedProof): PendingProof {
  const { type, nonce, feeLimit, resourceLimit } = proof.body;
  return {
    proof,
    hash,
    bytes,
    nonce,
    price: Number(feeLimit) / resourceLimit,
    rank: rankOf(hash),
    status: type === "invoke" ? "ready" : "waiting",
    judgement: undefined,
    abstentions: 0,
    stuckAt: undefined,
    isGone: false,
  };
}

/** Bytes that a proof takes here, and of a block: its own, and those of its certificate. */
export function heldBytes({ bytes, judgement }: PendingProof): number {
  return bytes + (judgement?.certificate?.length ?? 0);
}

/** Which lane of a block a proof is in. Each has its reserved half. */
export type Lane = "invoke" | "judged";

/** The lane of a proof. */
export function laneOf(pending: PendingProof): Lane {
  return pending.proof.body.type === "invoke" ? "invoke" : "judged";
}

/** Whether `left` pays at least a tenth more for each unit of its limit, exactly. */
export function paysTenthMore(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.proof.body, right.proof.body];
  const ours = a.feeLimit * BigInt(b.resourceLimit);
  const theirs = b.feeLimit * BigInt(a.resourceLimit);
  return ours * 10n >= theirs * 11n;
}

/** Invokes are served by fee per unit; equal ones by hash, so that the order is total. */
export function invokeFirst(left: PendingProof, right: PendingProof): boolean {
  if (left.price !== right.price) return left.price > right.price;
  if (left.rank !== right.rank) return left.rank < right.rank;
  return compareBytes(left.hash, right.hash) < 0;
}

/** What was judged is served by difficulty (P25), then by fee per unit. */
export function judgedFirst(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.judgement?.difficulty ?? 0, right.judgement?.difficulty ?? 0];
  if (a !== b) return a > b;
  return invokeFirst(left, right);
}

function rankOf(hash: Digest): number {
  const at = (index: number): number => hash[index] ?? 0;
  return ((at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3)) >>> 0;
}
