import { toHex } from "@aethel/models";
import {
  createTestNetwork,
  REGIONS,
  type Region,
  TestkitError,
  type TestNetwork,
  type WorldOptions,
} from "@aethel/testkit";
import { describeReport } from "../report.ts";

/** Flags of `aethel-sim run`. */
export interface RunFlags {
  readonly nodes: number;
  readonly byzantine: number;
  readonly seed: number;
  readonly minutes: number;
  readonly application: string;
  readonly strategies?: string;
  readonly latency: number;
  readonly jitter: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly work: number;
  /** Regions by commas; nodes are spread over them in turn. */
  readonly regions?: string;
  readonly bandwidth: number;
  readonly json?: true;
}

/**
 * Runs one world and prints a report. Resolves with the exit code; a violation is thrown by the
 * world itself.
 */
export async function run(flags: RunFlags, write: (line: string) => void): Promise<number> {
  const started = performance.now();
  await using network = await createTestNetwork(worldOf(flags));
  if (flags.json === undefined) introduce(network, flags, write);
  await network.run(flags.minutes * 60_000);
  const progressMs = await network.expectProgress();
  const report = network.report();
  const realMs = performance.now() - started;
  if (flags.json === undefined) {
    for (const line of describeReport(network, { report, progressMs, realMs })) write(line);
  } else {
    write(JSON.stringify({ ...report, progressMs, realMs: Math.round(realMs) }));
  }
  return 0;
}

function worldOf(flags: RunFlags): WorldOptions {
  return {
    nodeCount: flags.nodes,
    byzantineCount: flags.byzantine,
    seed: flags.seed,
    application: flags.application,
    workEveryMs: flags.work,
    ...(flags.strategies === undefined ? {} : { strategies: flags.strategies.split(",") }),
    network: {
      latencyMs: flags.latency,
      jitterMs: flags.jitter,
      lossRate: flags.loss,
      duplicateRate: flags.duplicate,
      reorderRate: flags.reorder,
      bandwidth: flags.bandwidth,
      ...(flags.regions === undefined ? {} : { regions: regionsOf(flags.regions, flags.nodes) }),
    },
  };
}

/** What is no region is named with all others that are wrong where the world is built. */
function regionsOf(text: string, nodes: number): readonly Region[] {
  const wanted = text.split(",");
  const named = wanted.flatMap((name) => REGIONS.filter((region) => region === name));
  const [wrong] = wanted.filter((name) => !REGIONS.some((region) => region === name));
  if (wrong !== undefined) {
    const problems = [`--regions: there is no "${wrong}"; there are ${REGIONS.join(", ")}`];
    throw new TestkitError({ code: "CONFIG", problems });
  }
  return Array.from({ length: nodes }, (_, at) => named[at % named.length] ?? REGIONS[0]);
}

function introduce(network: TestNetwork, flags: RunFlags, write: (line: string) => void): void {
  write(
    `World of seed ${flags.seed}: ${flags.nodes} nodes on the ${flags.application}, ${flags.byzantine} of them Byzantine`,
  );
  for (const { index, id, isByzantine, strategies } of network.nodes) {
    if (!isByzantine) continue;
    write(`  node ${index} (${toHex(id).slice(0, 8)}): ${strategies.join(", ")}`);
  }
  if (3 * flags.byzantine >= flags.nodes) {
    write("  That is a third or more: neither agreement nor progress is promised.");
  }
}
