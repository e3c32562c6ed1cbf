import type { Flow, PeerMetrics, PeerTraffic, TransportMetrics } from "@aethel/p2p";
import type { Hono } from "hono";
import type { NodeView } from "./node-view.ts";
import { type Family, PROMETHEUS_TYPE, prometheusText, type Sample } from "./prometheus.ts";

/** Adds `GET /metrics`, the figures of this node in the text format of Prometheus. */
export function addMetricsRoutes(app: Hono, node: NodeView): void {
  app.get("/metrics", (context) => {
    const measured = node.transport()?.metrics();
    const bans = node.transport()?.bans.list().length ?? 0;
    const network = measured === undefined ? [] : networkFamilies(measured, bans);
    context.header("content-type", PROMETHEUS_TYPE);
    return context.body(prometheusText([...nodeFamilies(node), ...network]));
  });
}

function nodeFamilies({ ledger, consensus, events, quietMs }: NodeView): readonly Family[] {
  const { count, waiting, bytes } = ledger.mempool();
  const { rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge("aethel_head_sequence", "Sequence of the last final block.", [
      { value: ledger.head().header.sequence },
    ]),
    gauge("aethel_quiet_seconds", "Seconds since the last final block.", [
      { value: quietMs() / 1_000 },
    ]),
    gauge("aethel_consensus_view", "View of the consensus.", [{ value: consensus()?.view ?? 0 }]),
    gauge("aethel_mempool_proofs", "Proofs in the mempool.", [
      { labels: { state: "runnable" }, value: count - waiting },
      { labels: { state: "waiting" }, value: waiting },
    ]),
    gauge("aethel_mempool_bytes", "Bytes of the proofs in the mempool.", [{ value: bytes }]),
    gauge("aethel_event_streams", "Open event streams.", [{ value: events.subscribers }]),
    gauge("process_resident_memory_bytes", "Memory of the process.", [{ value: rss }]),
    counter("process_cpu_seconds_total", "Processor time of the process.", [
      { value: (user + system) / 1_000_000 },
    ]),
  ];
}

function networkFamilies(
  { total, peers, connections }: TransportMetrics,
  bans: number,
): readonly Family[] {
  const refusals = [...total.refusals].map(([reason, value]) => ({ labels: { reason }, value }));
  return [
    gauge("aethel_p2p_connections", "Open connections.", [{ value: connections }]),
    gauge("aethel_p2p_peers", "Peers that have passed the handshake.", [
      { labels: { kind: "validator" }, value: peers.filter(isValidator).length },
      { labels: { kind: "observer" }, value: peers.filter((peer) => !isValidator(peer)).length },
    ]),
    gauge("aethel_p2p_bans", "Bans in force.", [{ value: bans }]),
    counter("aethel_p2p_refusals_total", "Refused connections.", refusals),
    ...trafficFamilies("aethel_p2p", [{ labels: {}, traffic: total }]),
    ...trafficFamilies(
      "aethel_peer",
      peers.map((peer) => ({ labels: labelsOf(peer), traffic: peer })),
    ),
    gauge(
      "aethel_peer_ping_seconds",
      "Round trip of the last ping of a connected peer.",
      peers.flatMap((peer) => {
        const { pingMs } = peer;
        return pingMs === undefined ? [] : [{ labels: labelsOf(peer), value: pingMs / 1_000 }];
      }),
    ),
    ofPeers("score", "Score that gossip gives a connected peer; 0 is good.", peers, "score"),
    ofPeers("faults", "Violations by a connected peer.", peers, "faults"),
    ofPeers("unsent_item_bytes", "Bytes of proofs not sent yet.", peers, "unsentItemBytes"),
  ];
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly traffic: PeerTraffic;
}

function trafficFamilies(prefix: string, all: readonly Labelled[]): readonly Family[] {
  const flows = (ofIn: keyof Flow, ofOut: keyof Flow): readonly Sample[] =>
    all.flatMap(({ labels, traffic }) =>
      [...traffic.protocols].flatMap(([protocol, flow]) => [
        { labels: { ...labels, protocol, direction: "in" }, value: flow[ofIn] },
        { labels: { ...labels, protocol, direction: "out" }, value: flow[ofOut] },
      ]),
    );
  const drops = all.flatMap(({ labels, traffic }) =>
    [...traffic.drops].map(([reason, value]) => ({ labels: { ...labels, reason }, value })),
  );
  const seconds = all.map(({ labels, traffic }) => ({
    labels,
    value: traffic.roundTrips.sumMs / 1_000,
  }));
  const counts = all.map(({ labels, traffic }) => ({ labels, value: traffic.roundTrips.count }));
  return [
    counter(`${prefix}_bytes_total`, "Bytes of a protocol.", flows("bytesIn", "bytesOut")),
    counter(`${prefix}_messages_total`, "Messages.", flows("messagesIn", "messagesOut")),
    counter(`${prefix}_drops_total`, "Things that were dropped.", drops),
    counter(`${prefix}_request_seconds_total`, "Time of the answered requests.", seconds),
    counter(`${prefix}_requests_total`, "Answered requests of this node.", counts),
  ];
}

function ofPeers(
  name: string,
  help: string,
  peers: readonly PeerMetrics[],
  field: "score" | "faults" | "unsentItemBytes",
): Family {
  const samples = peers.map((peer) => ({ labels: labelsOf(peer), value: peer[field] }));
  return gauge(`aethel_peer_${name}`, help, samples);
}

function labelsOf({ peer }: PeerMetrics): Readonly<Record<string, string>> {
  return { peer };
}

function isValidator({ validator }: PeerMetrics): boolean {
  return validator !== undefined;
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "gauge", help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "counter", help, samples };
}
