import type { SyncRequest, SyncResponse } from "@aethel/models";
import type { Clock, PeerName, Transport } from "../ports.ts";

/** Sends a request to one peer. Resolves to undefined if the peer does not answer in time. */
export async function ask(
  world: {
    readonly transport: Pick<Transport, "request">;
    readonly clock: Clock;
    readonly answerMs: number;
  },
  peer: PeerName,
  request: SyncRequest,
  limit: AbortController,
): Promise<SyncResponse | undefined> {
  const { signal } = limit;
  if (signal.aborted) return undefined;
  const cancel = world.clock.schedule(world.answerMs, () => limit.abort());
  try {
    const answer = world.transport.request(peer, request, signal);
    const response = await Promise.race([answer, aborted(signal)]);
    return signal.aborted ? undefined : response;
  } catch {
    // No answer is an answer: another peer is asked.
    return undefined;
  } finally {
    cancel();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
    if (signal.aborted) resolve(undefined);
  });
}
