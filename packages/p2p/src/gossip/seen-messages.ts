import type { GossipSub } from "@libp2p/gossipsub";
import { P2pError } from "../errors.ts";

/** Memory of gossipsub that decides which messages it has seen. */
export interface SeenMessages {
  /** Forgets a message, so that the next peer may bring it. */
  readonly forget: (id: Uint8Array) => void;
  readonly has: (id: Uint8Array) => boolean;
  /** Notes a message again that was forgotten. */
  readonly note: (id: Uint8Array) => void;
}

/**
 * Returns the memory of gossipsub that decides which messages it has seen. gossipsub 17.1.1 marks a
 * message as seen before it asks for the verdict, and then ignores it for a while, whoever sends
 * it. So a peer whose budget is used up could keep a message from this node by being the first to
 * relay it. gossipsub has no option for it, so its cache is changed. If a version of gossipsub
 * lacks that cache, this function throws.
 */
export function seenMessages(gossip: GossipSub): SeenMessages {
  const cache: unknown = Reflect.get(gossip, "seenCache");
  const isObject = typeof cache === "object" && cache !== null;
  const entries: unknown = isObject ? Reflect.get(cache, "entries") : undefined;
  const put: unknown = isObject ? Reflect.get(cache, "put") : undefined;
  const toName: unknown = Reflect.get(gossip, "msgIdToStrFn");
  if (!(entries instanceof Map) || typeof put !== "function" || typeof toName !== "function") {
    const reason = "this version of @libp2p/gossipsub keeps seen messages elsewhere";
    throw new P2pError({ code: "OPTION", option: "@libp2p/gossipsub", reason });
  }
  const nameOf = (id: Uint8Array): unknown => Reflect.apply(toName, gossip, [id]);
  return {
    forget: (id) => void entries.delete(nameOf(id)),
    has: (id) => entries.has(nameOf(id)),
    note: (id) => void Reflect.apply(put, cache, [nameOf(id)]),
  };
}
