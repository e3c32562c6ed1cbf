import type { GossipSub } from "@libp2p/gossipsub";
import { P2pError } from "../errors.ts";

/**
 * Returns a function that makes gossipsub forget that it saw a message. gossipsub 17.1.1 marks a
 * message as seen before it asks for the verdict, and then ignores it for a while, whoever sends
 * it. So a peer whose budget is used up could keep a message from this node by being the first to
 * relay it. gossipsub has no option for it, so the entry is deleted from its cache. If a version of
 * gossipsub lacks that cache, this function throws.
 */
export function seenMessages(gossip: GossipSub): (id: Uint8Array) => void {
  const cache: unknown = Reflect.get(gossip, "seenCache");
  const entries: unknown =
    typeof cache === "object" && cache !== null ? Reflect.get(cache, "entries") : undefined;
  const toName: unknown = Reflect.get(gossip, "msgIdToStrFn");
  if (!(entries instanceof Map) || typeof toName !== "function") {
    const reason = "this version of @libp2p/gossipsub keeps seen messages elsewhere";
    throw new P2pError({ code: "OPTION", option: "@libp2p/gossipsub", reason });
  }
  return (id) => void entries.delete(Reflect.apply(toName, gossip, [id]));
}
