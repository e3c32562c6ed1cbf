import { failure } from "../cli/failure.ts";
import type { ReceiptBody } from "../http/api.ts";
import type { NodeClient } from "./node-client.ts";

const POLL_MS = 200;

/** The receipt of a submitted proof. @throws NodeError `REFUSED`, `DEADLINE`. */
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
      const next = "correct it, then submit it again: `aethel judge` shows the place";
      throw failure("REFUSED", `${state.code}: ${state.message}`, next);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const why = (await client.status()).why[0];
  const reason = why === undefined ? "" : `: ${why.message}`;
  const next = why?.next ?? `ask later: GET ${client.url}/proofs/${hash}`;
  throw failure("DEADLINE", `the proof was not final within ${timeoutMs / 1000} s${reason}`, next);
}
