import { createTestNetwork, STRATEGIES, type WorldReport } from "@aethel/testkit";
import { ALONE, type Surroundings } from "../program-output.ts";

/** Flags of `aethel-sim strategies`. */
export interface StrategyFlags {
  readonly seconds: number;
  readonly seed: number;
  readonly nodes: readonly number[];
  /** Default: none, and then each of them. */
  readonly strategies?: readonly string[];
}

const TICK_MS = 500;

/** What each strategy of f nodes leaves of the throughput (B3), one line each. */
export async function strategies(
  flags: StrategyFlags,
  write: (line: string) => void,
  { progress }: Surroundings = ALONE,
): Promise<number> {
  const { seconds, seed, nodes } = flags;
  write("| strategy | nodes | Byzantine | blocks | proofs | finality p50 / p99, ms |");
  write("| --- | --- | --- | --- | --- | --- |");
  const all = [undefined, ...STRATEGIES.map((strategy) => strategy.name)];
  const names = flags.strategies ?? all;
  let ended = 0;
  for (const name of names) {
    for (const nodeCount of nodes) {
      const showing = setInterval(() => {
        const of = names.length * nodes.length;
        progress.show(() => `${ended} of ${of} worlds; now ${name ?? "none"}, ${nodeCount} nodes`);
      }, TICK_MS);
      const faulty = name === undefined ? 0 : Math.floor((nodeCount - 1) / 3);
      const { lowestSequence, proofs, finalityMs } = await measureStrategy({
        strategy: name,
        nodeCount,
        seed,
        virtualMs: seconds * 1_000,
      }).finally(() => clearInterval(showing));
      ended += 1;
      progress.hide();
      write(
        `| ${name ?? "none"} | ${nodeCount} | ${faulty} | ${lowestSequence} | ${proofs} | ${finalityMs.p50} / ${finalityMs.p99} |`,
      );
    }
  }
  return 0;
}

/** Ten proofs a virtual second, and as many nodes as may be that follow one strategy. */
export async function measureStrategy(options: {
  readonly strategy: string | undefined;
  readonly nodeCount: number;
  readonly seed: number;
  readonly virtualMs: number;
}): Promise<WorldReport> {
  const { strategy, nodeCount, seed, virtualMs } = options;
  const byzantineCount = Math.floor((nodeCount - 1) / 3);
  await using network = await createTestNetwork({
    nodeCount,
    application: "counter",
    workEveryMs: 100,
    seed,
    ...(strategy === undefined ? {} : { byzantineCount, strategies: [strategy] }),
  });
  await network.run(virtualMs);
  return network.report();
}
