import type { ProofBody } from "@aethel/models";
import { type Refusal, refusal } from "../results/refusal.ts";

/**
 * Refuses invokes that the wire format allows but this version cannot run: those with several calls
 * or with spending limits. Undefined for all others.
 */
export function refuseManyCalls(body: ProofBody): Refusal | undefined {
  if (body.type !== "invoke") return undefined;
  const { calls, spending } = body;
  if (calls.length !== 1) {
    return refusal("calls", `it makes ${calls.length} calls; this version runs one`);
  }
  if (spending === undefined) return undefined;
  return refusal(
    "calls",
    "it states spending limits, which this version does not check; leave them out",
  );
}
