import type { GossipSub } from "@libp2p/gossipsub";
import { P2pError } from "../errors.ts";

/**
 * Limits every prune backoff to `backoffMaxMs` (B22). gossipsub 17.1.1 accepts any duration that a
 * peer puts into a PRUNE, and keeps the entry until it expires, even after the peer has
 * disconnected. With 2^53 seconds it stays forever, one entry for each peer id that somebody
 * invents. gossipsub has no option for it, so the one function that writes these entries is
 * wrapped. If a version of gossipsub lacks that function, this function throws.
 */
export function clampPruneBackoff(gossip: GossipSub, backoffMaxMs: number): void {
  const addBackoff: unknown = Reflect.get(gossip, "doAddBackoff");
  if (typeof addBackoff !== "function") {
    const reason = "this version of @libp2p/gossipsub writes prune backoffs elsewhere";
    throw new P2pError({ code: "OPTION", option: "@libp2p/gossipsub", reason });
  }
  const clamped = (peer: string, topic: string, intervalMs: number): void => {
    const bounded = Number.isFinite(intervalMs) ? Math.min(intervalMs, backoffMaxMs) : backoffMaxMs;
    Reflect.apply(addBackoff, gossip, [peer, topic, Math.max(0, bounded)]);
  };
  Reflect.set(gossip, "doAddBackoff", clamped);
}
