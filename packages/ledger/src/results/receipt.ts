import { CALLS_MAX, Outcome, Trust, Verdict } from "@aethel/models";
import {
  accountId,
  amount,
  boundedBytes,
  difficulty,
  digest,
  enumeration,
  type Infer,
  list,
  natural,
  resource,
  sequence,
  struct,
} from "@aethel/models/codec";
import { CallReceipt } from "./call-receipt.ts";

/** Most bytes of a receipt's detail. */
export const DETAIL_BYTES_MAX = 512;

/** Kind of a proof. */
export const ProofKind = enumeration(["publish", "invoke", "theorem"]);

export type ProofKind = Infer<typeof ProofKind>;

/**
 * Outcome and cost of one proof in its block. Headers do not commit to receipts, since anybody who
 * executes the block gets the same ones.
 */
export const Receipt = struct("Receipt", {
  proofHash: digest,
  sequence,
  /** Index of the proof in the block. */
  index: natural(4),
  kind: ProofKind,
  author: accountId,
  verdict: Verdict,
  trust: Trust,
  outcome: Outcome,
  difficulty,
  resource,
  /** Reason for an outcome other than `applied`: a number from `RESULT_CODES`. 0 for none. */
  errorCode: natural(2),
  /** Charge in micro-tokens: the sum of `burned`, `tip`, and the part for the treasury. */
  fee: amount,
  burned: amount,
  /** Part of the fee for the proposer of the block, in micro-tokens. */
  tip: amount,
  /** Micro-tokens that the author paid as deposit for cells, beside the fee. */
  depositPaid: amount,
  /** Micro-tokens that the author got for removed cells. It is 0 if `depositPaid` is not. */
  depositReturned: amount,
  /** Calls of a transaction, in their order. Empty for a publication or theorem. */
  calls: list(CallReceipt, CALLS_MAX),
  /** Text for people, in UTF-8: the false guard, the fault, or the reason that the Judge gave. */
  detail: boundedBytes(DETAIL_BYTES_MAX),
});

export type Receipt = Infer<typeof Receipt>;

/**
 * Encodes a text as a receipt's detail. A text with too many bytes is cut at the end of a
 * character.
 */
export function toDetail(text: string): Uint8Array {
  if (text === "") return new Uint8Array(0);
  const encoder = new TextEncoder();
  const target = new Uint8Array(DETAIL_BYTES_MAX);
  const { written } = encoder.encodeInto(text.toWellFormed(), target);
  return target.slice(0, written);
}

/** Returns a receipt's detail as text. */
export function detailText(receipt: Receipt): string {
  return new TextDecoder().decode(receipt.detail);
}
