import { Cluster } from "../test/cluster.ts";

/**
 * Virtual milliseconds from the first time-out against a leader that is gone to the block of the next
 * one final at all others; one figure for each seed.
 */
export function viewChangeTimes(options: {
  readonly n: number;
  readonly latencyMs: number;
  readonly seeds: number;
}): readonly number[] {
  const { n, latencyMs, seeds } = options;
  return Array.from({ length: seeds }, (_, seed) => {
    const cluster = new Cluster({
      powers: Array.from({ length: n }, () => 1),
      scheme: "trusted",
      seed: seed + 1,
      // Half to one and a half times the mean.
      latency: [Math.ceil(latencyMs / 2), Math.floor(1.5 * latencyMs)],
      parameters: { viewTimeoutMs: 3_000, viewTimeoutMaxMs: 30_000 },
    });
    cluster.startAll();
    const gone = cluster.leader(1, 0);
    cluster.crash(gone);
    cluster.work();
    const others = cluster.nodes.flatMap((_, at) => (at === gone ? [] : [at]));
    const started = (): boolean => cluster.viewChanges.length > 0;
    if (!cluster.run({ forMs: 60_000, until: started })) throw new Error("no time-out");
    const since = cluster.now;
    const reached = (): boolean => others.every((at) => cluster.height(at) >= 1);
    if (!cluster.run({ forMs: 120_000, until: reached })) throw new Error("no progress");
    return cluster.now - since;
  });
}
