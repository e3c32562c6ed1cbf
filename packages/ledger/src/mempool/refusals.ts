import { laneOf, type PendingProof } from "../pending/pending.ts";
import type { StateView } from "../pending/state-view.ts";
import type { Judgement } from "../programs/judge-port.ts";
import { refusal } from "../results/refusal.ts";
import type { SubmitRefusal } from "./submit-refusal.ts";

/** Creates the refusal of a submitted proof. */
export function refused(
  code: SubmitRefusal["code"],
  message: string,
): { readonly type: "refused" } & SubmitRefusal {
  return { type: "refused", code, message };
}

/** Returns the refusal of a proof for which the Judge gave no verdict. */
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

/**
 * Returns the refusal of a proof whose author's balance does not cover the fee limits of all its
 * proofs.
 */
export function unaffordable(balance: bigint, needed: bigint): SubmitRefusal {
  return refusal("balance", `insufficient balance: need ${needed}, have ${balance}`);
}

/**
 * Returns the refusal of a proof that has waited for as many blocks as allowed. `next`: the nonce
 * after those of the author's runnable proofs.
 */
export function waitedTooLong(
  pending: PendingProof,
  at: { readonly next: number; readonly blocks: number; readonly view: StateView },
): SubmitRefusal {
  const waited = `it waited ${at.blocks} blocks`;
  if (pending.nonce > at.next) {
    return refusal("nonce-gap", `${waited} behind a nonce; the next is ${at.next}`);
  }
  if (!at.view.paysBase(pending)) {
    const { baseFeeMax } = pending.offer;
    return refusal("base-fee", `${waited} for a base fee of at most ${baseFeeMax}`);
  }
  if (laneOf(pending) === "invoke") {
    return refusal("cosigner-nonce", `${waited} for a cosigner's nonce`);
  }
  const what = pending.status === "ready" ? "took long to judge" : "was not judged";
  return refusal("abstained", `${waited} and ${what}`);
}
