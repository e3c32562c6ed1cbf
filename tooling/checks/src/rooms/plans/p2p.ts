import type { RoomPlan } from "../plan.ts";

/** Rooms of `packages/p2p`. A peer is admitted first; then it may gossip and send requests. */
export const P2P: RoomPlan = {
  transport: {
    holds: "the libp2p node, the parts put together, and dialing",
    imports: `
      admission gossip sync records relay discovery outbound bans metrics
      peer-transport peers framing limits errors events protocols`,
  },
  admission: {
    holds: "from an open connection to a session or a refusal",
    imports: "bans peer-transport peers framing limits events protocols",
  },
  gossip: {
    holds: "consensus messages and proofs, each once",
    imports: "peer-transport peers framing limits errors events protocols",
  },
  relay: {
    holds: "requests to and from private validators, over sentries",
    imports: "sync records peers framing limits errors events",
  },
  sync: {
    holds: "requests for blocks and headers, and their answers",
    imports: "peers framing limits errors events",
  },
  records: {
    holds: "what validators sign about how they are reached",
    imports: "peer-transport peers framing limits events",
  },
  "peer-transport": {
    holds: "options and interface of a transport",
    imports: "discovery bans metrics peers limits events",
  },
  discovery: {
    holds: "addresses of peers: who told them, which to dial, whom to tell",
    imports: "outbound peers framing limits errors events protocols",
  },
  outbound: { holds: "which peers are dialed, and which stay", imports: "" },
  bans: {
    holds: "who is refused for how long, and why",
    imports: "limits errors events",
  },
  metrics: {
    holds: "counts of what goes over the network",
    imports: "peers events",
  },
  peers: {
    holds: "who the peers are, and what each may still use",
    imports: "limits events",
  },
  framing: { holds: "frames in a stream of bytes", imports: "errors" },
  limits: { holds: "bounds on all that a peer can send", imports: "errors" },
  errors: { holds: "the error class", imports: "" },
  events: { holds: "news for an operator", imports: "" },
  protocols: { holds: "protocol names of a chain", imports: "" },
};
