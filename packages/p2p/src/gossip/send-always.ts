import type { GossipSub } from "@libp2p/gossipsub";
import { P2pError } from "../errors.ts";

/**
 * Makes gossipsub send each message to these peers whenever they are connected, outside of the mesh.
 * gossipsub 17 takes such peers only with their addresses, and dials them; this package has a dialer
 * of its own. If a version of gossipsub lacks the set of these peers, this function throws.
 */
export function sendAlways(gossip: GossipSub, peers: readonly string[]): void {
  if (peers.length === 0) return;
  const direct: unknown = Reflect.get(gossip, "direct");
  if (!(direct instanceof Set)) {
    const reason = "this version of @libp2p/gossipsub keeps direct peers elsewhere";
    throw new P2pError({ code: "OPTION", option: "@libp2p/gossipsub", reason });
  }
  for (const peer of peers) direct.add(peer);
}
