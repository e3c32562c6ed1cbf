import { compareBytes, type Digest, equalBytes, type Proof } from "@aethel/models";
import type { SizedProof } from "../admission/admission.ts";
import type { Load } from "../metering/meter.ts";
import type { Judged } from "../programs/judge-port.ts";
import { type Offer, type Price, ratioOf } from "./offer.ts";

/** A proof that waits for a block. */
export interface PendingProof {
  readonly proof: Proof;
  readonly hash: Digest;
  readonly bytes: number;
  /** The author's nonce: as in the body, but at hand. */
  readonly nonce: number;
  readonly offer: Offer;
  /** Its price as a number: for the order alone, never for money. */
  readonly ratio: number;
  /** The first bytes of the hash as a number: decides most ties without looking at the hash. */
  readonly rank: number;
  /** `waiting` for the Judge, with the Judge, or `ready` for a block. Invokes are always ready. */
  status: "waiting" | "judging" | "ready";
  /** `runnable`: it could be in the next block, after its author's earlier ones; else `waiting`. */
  place: "runnable" | "waiting";
  /** Next sequence when it began to wait, and the how manieth it was to do so. */
  waitingSince: number;
  waitingSerial: number;
  /** The least price of it and of all before it of its author, while it is `runnable`. */
  floor: Price;
  judgement: Judged | undefined;
  /** Room that its record takes, once a leader has found that out in a block too full for it. */
  record: Load | undefined;
  /** How often the Judge abstained. */
  abstentions: number;
  /** A leader could not include it on top of this sequence; another state may change that. */
  stuckAt: number | undefined;
  /** The index of base fees of its lane has an entry of it. */
  isInBaseFeeIndex: boolean;
  /** It has left the mempool; indices that still name it drop it when they meet it. */
  isGone: boolean;
}

/** A proof that has just come in. */
export function createPending({ proof, hash, bytes }: SizedProof, offer: Offer): PendingProof {
  const { type, nonce } = proof.body;
  return {
    proof,
    hash,
    bytes,
    nonce,
    offer,
    ratio: ratioOf(offer.price),
    rank: rankOf(hash),
    status: type === "invoke" ? "ready" : "waiting",
    place: "waiting",
    waitingSince: 0,
    waitingSerial: 0,
    floor: offer.price,
    judgement: undefined,
    record: undefined,
    abstentions: 0,
    stuckAt: undefined,
    isInBaseFeeIndex: false,
    isGone: false,
  };
}

/** Gives a proof what the Judge said of the one that it replaces, if both claim the same. */
export function inherit(pending: PendingProof, from: PendingProof | undefined): PendingProof {
  if (from?.judgement === undefined || !isSameClaim(pending, from)) return pending;
  pending.status = "ready";
  pending.judgement = from.judgement;
  return pending;
}

function isSameClaim(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.proof.body, right.proof.body];
  if (a.resourceLimit !== b.resourceLimit) return false;
  if (a.type === "theorem" && b.type === "theorem") return equalBytes(a.script, b.script);
  return a.type === "publish" && b.type === "publish" && equalBytes(a.source, b.source);
}

/** Bytes that a proof takes here, and of a block: its own, and those of its certificate. */
export function heldBytes({ bytes, judgement }: PendingProof): number {
  return bytes + (judgement?.certificate?.length ?? 0);
}

/** Kibibytes begun: the measure of what waits without being able to run. */
export function placesOf(pending: PendingProof): number {
  return Math.ceil(heldBytes(pending) / 1_024);
}

/** Lane of a block that a proof is in. Each has its reserved half. */
export type Lane = "invoke" | "judged";

/** The lane of a proof. */
export function laneOf(pending: PendingProof): Lane {
  return pending.proof.body.type === "invoke" ? "invoke" : "judged";
}

/** Whether the Judge has worked for it, or is at it. */
export function wasJudged(pending: PendingProof): boolean {
  return laneOf(pending) === "judged" && pending.status !== "waiting";
}

/** Invokes are served by price; equal ones by hash, so that the order is total. */
export function invokeFirst(left: PendingProof, right: PendingProof): boolean {
  if (left.ratio !== right.ratio) return left.ratio > right.ratio;
  return hashFirst(left, right);
}

/** Decides between equals. */
export function hashFirst(left: PendingProof, right: PendingProof): boolean {
  if (left.rank !== right.rank) return left.rank < right.rank;
  return compareBytes(left.hash, right.hash) < 0;
}

/** Orders judged proofs by difficulty (P25), then by price. */
export function judgedFirst(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.judgement?.difficulty ?? 0, right.judgement?.difficulty ?? 0];
  if (a !== b) return a > b;
  return invokeFirst(left, right);
}

function rankOf(hash: Digest): number {
  const at = (index: number): number => hash[index] ?? 0;
  return ((at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3)) >>> 0;
}
