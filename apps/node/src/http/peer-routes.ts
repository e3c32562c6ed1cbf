import { toHex } from "@aethel/models";
import type { Flow, PeerMetrics, PeerTransport } from "@aethel/p2p";
import type { Hono } from "hono";
import { BanOrder, type PeerBody, type PeersBody } from "../api/peer-api.ts";
import { failure } from "../failure/failure.ts";
import type { NodeView } from "./node-view.ts";
import { operatorOnly } from "./operator.ts";
import { limitBody } from "./request-body.ts";

/** Most bytes of a request for a ban. */
const BODY_BYTES_MAX = 4_096;

/** Adds routes about the peers and bans of this node. Only the operator may use them. */
export function addPeerRoutes(app: Hono, node: NodeView): void {
  app.use("/peers", operatorOnly(node.operatorToken));
  app.use("/peers/*", operatorOnly(node.operatorToken));
  app.get("/peers", (context) => context.json(peersBody(transportOf(node))));
  app.post("/peers/bans", limitBody(BODY_BYTES_MAX, "an order"), async (context) => {
    const order = BanOrder.safeParse(await context.req.json().catch(() => undefined));
    if (!order.success) {
      const next = "send JSON with target, forMs and reason";
      throw failure("BAD_REQUEST", "the body is no order for a ban", next);
    }
    return context.json(transportOf(node).bans.ban(order.data), 201);
  });
  app.delete("/peers/bans/:target", (context) => {
    const target = context.req.param("target");
    if (transportOf(node).bans.unban(target)) return context.json({ target });
    const next = "see `aethel peers` for the bans";
    throw failure("NOT_FOUND", `${target} is not banned`, next);
  });
}

function transportOf({ transport }: NodeView): PeerTransport {
  const current = transport();
  if (current !== undefined) return current;
  throw failure("NOT_FOUND", "this node's network has not started", "try again in a second");
}

/** Returns the peers and bans of a transport, as the API gives them. */
function peersBody(transport: PeerTransport): PeersBody {
  const figures = new Map(transport.metrics().peers.map((each) => [each.peer, each]));
  const peers = new Map<string, PeerBody>();
  for (const { peer, address, direction, openedAt } of transport.connections()) {
    const measured = figures.get(peer);
    if (measured === undefined) continue;
    peers.set(peer, { ...figuresOf(measured), address, direction, openedAt });
  }
  return { peers: [...peers.values()], bans: [...transport.bans.list()] };
}

function figuresOf(measured: PeerMetrics): Omit<PeerBody, "address" | "direction" | "openedAt"> {
  const { peer, validator, pingMs, score, faults, unsentItemBytes, roundTrips } = measured;
  const { count, sumMs, maxMs } = roundTrips;
  return {
    peer,
    ...(validator === undefined ? {} : { validator: toHex(validator) }),
    ...(pingMs === undefined ? {} : { pingMs }),
    score,
    faults,
    unsentItemBytes,
    ...sumOf([...measured.protocols.values()]),
    requests: { count, meanMs: count === 0 ? 0 : sumMs / count, maxMs },
    drops: Object.fromEntries(measured.drops),
  };
}

function sumOf(flows: readonly Readonly<Flow>[]): Flow {
  const sum = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  for (const flow of flows) {
    sum.bytesIn += flow.bytesIn;
    sum.bytesOut += flow.bytesOut;
    sum.messagesIn += flow.messagesIn;
    sum.messagesOut += flow.messagesOut;
  }
  return sum;
}
