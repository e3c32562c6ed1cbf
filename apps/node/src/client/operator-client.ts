import { z } from "zod";
import { BanBody, type BanOrder, PeersBody } from "../api/peer-api.ts";
import { callNode } from "./node-client.ts";

/** Client for what only the operator of a node may see and do. */
export interface OperatorClient {
  /** Reads the connected peers, and the bans in force. */
  peers(): Promise<PeersBody>;
  ban(order: BanOrder): Promise<BanBody>;
  /** Ends a ban. @throws NodeError `NOT_FOUND` if there is none. */
  unban(target: string): Promise<void>;
}

/** Creates a client with the token from a node's data directory. */
export function createOperatorClient(options: {
  readonly url: string;
  readonly token: string;
}): OperatorClient {
  const { token } = options;
  const base = options.url.endsWith("/") ? options.url : `${options.url}/`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return {
    peers: () => callNode(new URL("peers", base), PeersBody, { headers }),
    ban: (order) =>
      callNode(new URL("peers/bans", base), BanBody, {
        method: "POST",
        headers,
        body: JSON.stringify(order),
      }),
    async unban(target) {
      const url = new URL(`peers/bans/${encodeURIComponent(target)}`, base);
      await callNode(url, z.unknown(), { method: "DELETE", headers });
    },
  };
}
