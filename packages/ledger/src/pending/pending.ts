import { compareBytes, type Digest, equalBytes, type Proof } from "@aethel/models";
import type { SizedProof } from "../admission/admission.ts";
import type { Load } from "../metering/meter.ts";
import type { Judged } from "../programs/judge-port.ts";
import { type Offer, type Price, ratioOf } from "./offer.ts";

/** Proof that waits for a block. */
export interface PendingProof {
  readonly proof: Proof;
  readonly hash: Digest;
  readonly bytes: number;
  /** Author's nonce, copied from the body. */
  readonly nonce: number;
  readonly offer: Offer;
  /** Price as a number, for ordering only. */
  readonly ratio: number;
  /** First bytes of the hash as a number, which decide most ties. */
  readonly rank: number;
  /**
   * Progress of judging: `waiting` for the Judge, `judging`, or `ready` for a block. Invokes are
   * always ready.
   */
  status: "waiting" | "judging" | "ready";
  /**
   * Place: `runnable` when it could be in the next block after its author's earlier proofs, else
   * `waiting`.
   */
  place: "runnable" | "waiting";
  /** Next sequence at the time when it began to wait, and the serial number of that event. */
  waitingSince: number;
  waitingSerial: number;
  /** Lowest price of it and of its author's earlier proofs, while it is `runnable`. */
  floor: Price;
  judgement: Judged | undefined;
  /** Room that its record takes, once a leader has found it in a block without that room. */
  record: Load | undefined;
  /** Number of abstentions of the Judge. */
  abstentions: number;
  /** Sequence of the head on which a leader could not include it. Another state may allow it. */
  stuckAt: number | undefined;
  /** The index of base fees of its lane has an entry of it. */
  isInBaseFeeIndex: boolean;
  /** Whether it has left the mempool. Indices drop such entries when they find them. */
  isGone: boolean;
}

/** Creates the entry of a submitted proof. */
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

/** Copies the judgement of a replaced proof, if both make the same claim. */
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

/**
 * Bytes that a proof takes in the mempool and in a block: its own, and those of its certificate.
 */
export function heldBytes({ bytes, judgement }: PendingProof): number {
  return bytes + (judgement?.certificate?.length ?? 0);
}

/** Kibibytes of a proof, rounded up: the measure of waiting proofs. */
export function placesOf(pending: PendingProof): number {
  return Math.ceil(heldBytes(pending) / 1_024);
}

/** Lane of a block. Each has a reserved half. */
export type Lane = "invoke" | "judged";

/** Lane of a proof. */
export function laneOf(pending: PendingProof): Lane {
  return pending.proof.body.type === "invoke" ? "invoke" : "judged";
}

/** Whether the Judge has worked on a proof, or is at work on it. */
export function wasJudged(pending: PendingProof): boolean {
  return laneOf(pending) === "judged" && pending.status !== "waiting";
}

/** Orders invokes by price, then by hash, so that the order is total. */
export function invokeFirst(left: PendingProof, right: PendingProof): boolean {
  if (left.ratio !== right.ratio) return left.ratio > right.ratio;
  return hashFirst(left, right);
}

/** Orders proofs of equal price by hash. */
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
