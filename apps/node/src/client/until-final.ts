import type { ReceiptBody } from "../api/api.ts";
import { failure } from "../failure/failure.ts";
import type { NodeClient } from "./node-client.ts";

const POLL_MS = 200;

/** Waits for the receipt of a submitted proof. @throws NodeError `REFUSED`, `DEADLINE`. */
export async function untilFinal(
  client: NodeClient,
  hash: string,
  timeoutMs: number,
): Promise<ReceiptBody> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const state = await client.proof(hash);
    if (state.status === "final") return state.receipt;
    if (state.status === "refused") {
      throw failure("REFUSED", `${state.code}: ${state.message}`, afterLeaving(state.code));
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const why = (await client.status()).why[0];
  const reason = why === undefined ? "" : `: ${why.message}`;
  const next = why?.next ?? `ask later: GET ${client.url}/proofs/${hash}`;
  throw failure("DEADLINE", `the proof was not final within ${timeoutMs / 1000} s${reason}`, next);
}

/**
 * Returns the next step for the author of a proof that left the mempool without being in a block.
 */
function afterLeaving(code: string): string {
  switch (code) {
    case "replaced":
      return "wait for the other proof, which has the same nonce";
    case "expired":
    case "nonce-used":
      return "submit it again if you still want it: it gets a new expiry and nonce";
    case "rejected":
      return "correct it, then submit it again: `aethel judge` shows the place";
    default:
      return "remove the reason, then submit it again";
  }
}
