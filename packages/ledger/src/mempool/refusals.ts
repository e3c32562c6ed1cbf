import type { Judgement } from "../ports.ts";
import { refusal } from "../refusal.ts";
import type { SubmitRefusal } from "./mempool.ts";

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
  return refusal("balance", `the author has ${balance} of ${needed} micro-tokens`);
}
