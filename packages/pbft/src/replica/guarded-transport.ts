import type { TransportCall } from "../interface/replica-event.ts";
import type { Transport } from "../ports.ts";

/**
 * Wraps a transport so that it never throws. A message that it could not send counts as lost, which
 * the protocol tolerates. If a broken socket stopped the replica, one fault would become two.
 */
export function guardTransport(
  transport: Transport,
  onFailure: (call: TransportCall, error: unknown) => void,
): Required<Pick<Transport, "broadcast" | "send" | "peers" | "request" | "blame">> {
  return {
    broadcast(message) {
      try {
        transport.broadcast(message);
      } catch (error) {
        onFailure("broadcast", error);
      }
    },
    send(to, message) {
      try {
        transport.send(to, message);
      } catch (error) {
        onFailure("send", error);
      }
    },
    peers() {
      try {
        return transport.peers();
      } catch (error) {
        onFailure("peers", error);
        return [];
      }
    },
    blame(peer) {
      try {
        transport.blame?.(peer);
      } catch (error) {
        onFailure("blame", error);
      }
    },
    // Called where a rejection is awaited; it counts as no answer.
    request: async (to, request, signal) => await transport.request(to, request, signal),
  };
}
