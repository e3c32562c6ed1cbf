import { compareBytes, type Digest, type Proof } from "@aethel/models";
import type { Judged } from "./ports.ts";

/** A proof that waits for a block. */
export interface PendingProof {
  readonly proof: Proof;
  readonly hash: Digest;
  /** The hash, and the author, as keys of maps. */
  readonly name: string;
  readonly author: string;
  readonly bytes: number;
  /** `waiting` for the Judge, with the Judge, or `ready` for a block. Invokes are always ready. */
  status: "waiting" | "judging" | "ready";
  judgement: Judged | undefined;
  /** How often the Judge abstained. */
  abstentions: number;
  /** A leader could not include it on top of this sequence; another state may change that. */
  stuckAt: number | undefined;
}

/** Which lane of a block a proof is in. Each has its reserved half. */
export type Lane = "invoke" | "judged";

/** The lane of a proof. */
export function laneOf(pending: PendingProof): Lane {
  return pending.proof.body.type === "invoke" ? "invoke" : "judged";
}

/** Whether `left` pays strictly more for each unit of its limit. */
export function paysMore(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.proof.body, right.proof.body];
  return a.feeLimit * BigInt(b.resourceLimit) > b.feeLimit * BigInt(a.resourceLimit);
}

/** Whether `left` pays at least a tenth more for each unit of its limit. */
export function paysTenthMore(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.proof.body, right.proof.body];
  const ours = a.feeLimit * BigInt(b.resourceLimit);
  const theirs = b.feeLimit * BigInt(a.resourceLimit);
  return ours * 10n >= theirs * 11n;
}

/** Invokes are served by fee per unit; equal ones by hash, so that the order is total. */
export function invokeFirst(left: PendingProof, right: PendingProof): boolean {
  if (paysMore(left, right)) return true;
  if (paysMore(right, left)) return false;
  return compareBytes(left.hash, right.hash) < 0;
}

/** What was judged is served by difficulty (P25), then by fee per unit. */
export function judgedFirst(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.judgement?.difficulty ?? 0, right.judgement?.difficulty ?? 0];
  if (a !== b) return a > b;
  return invokeFirst(left, right);
}
