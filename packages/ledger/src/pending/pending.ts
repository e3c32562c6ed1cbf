import { compareBytes, type Digest, equalBytes, type Proof } from "@aethel/models";
import type { SizedProof } from "../admission/admission.ts";
import type { Load } from "../metering/meter.ts";
import type { Judged } from "../programs/judge-port.ts";
import { type Offer, type Price, ratioOf } from "./offer.ts";

/** Proof in the mempool, with everything that the mempool knows about it. */
export interface PendingProof {
  readonly proof: Proof;
  readonly hash: Digest;
  readonly bytes: number;
  /** Author's nonce, copied from the body. */
  readonly nonce: number;
  readonly offer: Offer;
  /** Price as a number, for ordering only. */
  readonly ratio: number;
  /** First four bytes of the hash as a number: the first tie-breaker between equal prices. */
  readonly rank: number;
  /**
   * Progress of judging: `waiting` for the Judge, `judging`, or `ready` for a block. Invokes are
   * always ready.
   */
  status: "waiting" | "judging" | "ready";
  /**
   * `runnable` if the proof could be in the next block after its author's earlier proofs, else
   * `waiting`.
   */
  place: "runnable" | "waiting";
  /**
   * Sequence of the next block at the time when the proof began to wait. `waitingSerial` numbers
   * all beginnings of a wait in the mempool.
   */
  waitingSince: number;
  waitingSerial: number;
  /**
   * Lowest price among this proof and its author's earlier ones. Up to date only while the proof is
   * `runnable`.
   */
  floor: Price;
  judgement: Judged | undefined;
  /**
   * Execution units and growth of the record of the proof's claim. Undefined until a leader has
   * tried the proof in a block that had too little left for the record.
   */
  record: Load | undefined;
  /** Number of times that the Judge abstained about the proof. */
  abstentions: number;
  /**
   * Sequence of the state on which a leader failed to include the proof; undefined if none did. The
   * proof is tried again on a later state.
   */
  stuckAt: number | undefined;
  /** Whether the base fee index of its lane has an entry for the proof. */
  isInBaseFeeIndex: boolean;
  /**
   * Whether the proof has left the mempool. Indices that still have an entry of it drop the entry
   * when they find it.
   */
  isGone: boolean;
}

/**
 * Creates the entry of a submitted proof, as a waiting one. The status of an invoke is `ready`,
 * since it needs no judging.
 */
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

/**
 * Copies the judgement of the replaced proof `from` if both proofs have the same claim and resource
 * limit. Returns `pending`.
 */
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
 * Bytes that a proof takes in the mempool and in a block: those of the proof and of its
 * certificate.
 */
export function heldBytes({ bytes, judgement }: PendingProof): number {
  return bytes + (judgement?.certificate?.length ?? 0);
}

/**
 * Kibibytes of a proof and its certificate, rounded up. The bounds on waiting proofs use this unit.
 */
export function placesOf(pending: PendingProof): number {
  return Math.ceil(heldBytes(pending) / 1_024);
}

/**
 * Lane of a block, that is, a kind of proofs for which half of the block is reserved: invokes, or
 * proofs that the Judge judges.
 */
export type Lane = "invoke" | "judged";

/** Returns the lane of a proof. */
export function laneOf(pending: PendingProof): Lane {
  return pending.proof.body.type === "invoke" ? "invoke" : "judged";
}

/** Whether a proof was judged or is being judged. False for invokes. */
export function wasJudged(pending: PendingProof): boolean {
  return laneOf(pending) === "judged" && pending.status !== "waiting";
}

/**
 * Whether `left` comes before `right`: the higher price first, and of equal prices the lower hash.
 * The order is total.
 */
export function invokeFirst(left: PendingProof, right: PendingProof): boolean {
  if (left.ratio !== right.ratio) return left.ratio > right.ratio;
  return hashFirst(left, right);
}

/** Whether the hash of `left` comes before that of `right`. */
export function hashFirst(left: PendingProof, right: PendingProof): boolean {
  if (left.rank !== right.rank) return left.rank < right.rank;
  return compareBytes(left.hash, right.hash) < 0;
}

/**
 * Whether `left` comes before `right`: the higher difficulty first (P25), then the higher price,
 * then the lower hash.
 */
export function judgedFirst(left: PendingProof, right: PendingProof): boolean {
  const [a, b] = [left.judgement?.difficulty ?? 0, right.judgement?.difficulty ?? 0];
  if (a !== b) return a > b;
  return invokeFirst(left, right);
}

function rankOf(hash: Digest): number {
  const at = (index: number): number => hash[index] ?? 0;
  return ((at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3)) >>> 0;
}
