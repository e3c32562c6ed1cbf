import { z } from "zod";

const natural = z.int().nonnegative();

/** Ban of a peer id or an IP address. Times are milliseconds since 1970. */
export const BanBody = z.object({
  target: z.string(),
  sinceMs: natural,
  untilMs: natural,
  reason: z.string(),
  by: z.enum(["node", "operator"]),
  times: natural,
});
export type BanBody = z.infer<typeof BanBody>;

/** Body of `POST /peers/bans`. */
export const BanOrder = z.object({
  target: z.string().max(128),
  forMs: z.int().positive(),
  reason: z.string().max(200),
});
export type BanOrder = z.infer<typeof BanOrder>;

/** Connected peer, with what it sent and caused since it connected. */
export const PeerBody = z.object({
  peer: z.string(),
  validator: z.string().optional(),
  address: z.string(),
  direction: z.enum(["inbound", "outbound"]),
  openedAt: natural,
  pingMs: z.number().optional(),
  score: z.number(),
  faults: natural,
  unsentItemBytes: natural,
  bytesIn: natural,
  bytesOut: natural,
  messagesIn: natural,
  messagesOut: natural,
  requests: z.object({ count: natural, meanMs: z.number(), maxMs: z.number() }),
  /** Number of things that were dropped, for each reason. */
  drops: z.record(z.string(), natural),
});
export type PeerBody = z.infer<typeof PeerBody>;

/** Answer of `GET /peers`. */
export const PeersBody = z.object({ peers: z.array(PeerBody), bans: z.array(BanBody) });
export type PeersBody = z.infer<typeof PeersBody>;
