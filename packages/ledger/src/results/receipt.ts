import { Outcome, Trust, Verdict } from "@aethel/models";
import {
  accountId,
  amount,
  boundedBytes,
  difficulty,
  digest,
  enumeration,
  type Infer,
  natural,
  resource,
  sequence,
  struct,
} from "@aethel/models/codec";

/** Most bytes of a receipt's detail. */
export const DETAIL_BYTES_MAX = 512;

/** The kind of a proof. */
export const ProofKind = enumeration(["publish", "invoke", "theorem"]);

export type ProofKind = Infer<typeof ProofKind>;

/** Outcome and cost of one proof in its block. It is derived from the block, and not hashed. */
export const Receipt = struct("Receipt", {
  proofHash: digest,
  sequence,
  /** Position in the block. */
  index: natural(4),
  kind: ProofKind,
  author: accountId,
  verdict: Verdict,
  trust: Trust,
  outcome: Outcome,
  difficulty,
  resource,
  /** See `RESULT_CODES`. */
  errorCode: natural(2),
  /** Charge in micro-tokens: `burned`, `tip`, and the rest for the treasury. */
  fee: amount,
  burned: amount,
  /** For the proposer of the block. */
  tip: amount,
  /** False guard, fault, or reason of the Judge, in UTF-8. For people. */
  detail: boundedBytes(DETAIL_BYTES_MAX),
});

export type Receipt = Infer<typeof Receipt>;

/** Encodes a text as a receipt's detail, cut between characters. */
export function toDetail(text: string): Uint8Array {
  if (text === "") return new Uint8Array(0);
  const encoder = new TextEncoder();
  const target = new Uint8Array(DETAIL_BYTES_MAX);
  const { written } = encoder.encodeInto(text.toWellFormed(), target);
  return target.slice(0, written);
}

/** A receipt's detail as text. */
export function detailText(receipt: Receipt): string {
  return new TextDecoder().decode(receipt.detail);
}
