import type { Judgement } from "../ports.ts";
import { refusal } from "../refusal.ts";
import type { SubmitRefusal } from "./mempool.ts";
import type { PendingProof } from "./pending.ts";
import { laneOf } from "./pending.ts";

/** Reason for which the Judge's answer takes a proof out of the mempool. */
export function refusalOf(
  judgement: Exclude<Judgement, { readonly type: "judged" }>,
): SubmitRefusal {
  if (judgement.type === "abstained") {
    return refusal("abstained", `the Judge abstained: ${judgement.reason}`);
  }
  const [first] = judgement.diagnostics;
  const message = first === undefined ? "rejected" : `${first.code}: ${first.message}`;
  return refusal("rejected", message);
}

/** Reason for which an author cannot have all that waits. */
export function unaffordable(balance: bigint, needed: bigint): SubmitRefusal {
  return refusal("balance", `insufficient balance: need ${needed}, have ${balance}`);
}

/** Reason for which a proof is given up that has waited for so many blocks. */
export function waitedTooLong(pending: PendingProof, nonce: number, blocks: number): SubmitRefusal {
  if (pending.nonce > nonce) {
    const message = `it waited ${blocks} blocks behind a nonce; the next is ${nonce}`;
    return refusal("nonce-gap", message);
  }
  if (laneOf(pending) === "invoke") {
    return refusal("cosigner-nonce", `it waited ${blocks} blocks for a cosigner's nonce`);
  }
  const what = pending.status === "ready" ? "took long to judge" : "was not judged";
  return refusal("abstained", `it waited ${blocks} blocks and ${what}`);
}
