import { toHex } from "@aethel/models";
import { group, INTERRUPTED } from "@aethel/terminal";
import { createTestNetwork, type TestNetwork } from "@aethel/testkit";
import { byzantineOf, isPromised, type WorldFlags, worldOf } from "../flags/world-flags.ts";
import { seconds } from "../output/format.ts";
import { ALONE, type Surroundings } from "../output/program-output.ts";
import type { Progress } from "../output/progress.ts";
import { describeReport } from "./report.ts";

/** Flags of `aethel-sim run`. */
export interface RunFlags extends WorldFlags {
  readonly seed: number;
  readonly minutes: number;
  readonly json?: true;
}

/**
 * Runs `aethel-sim run`: simulates a world and writes a report. Resolves with the exit code. A
 * violation is thrown.
 */
export async function run(
  flags: RunFlags,
  write: (line: string) => void,
  surroundings: Surroundings = ALONE,
): Promise<number> {
  const started = performance.now();
  using stop = surroundings.listenForStop();
  await using network = await createTestNetwork(worldOf(flags, flags.seed));
  if (flags.json === undefined) introduce(network, flags, write);
  const isInterrupted = await pass(network, {
    untilMs: flags.minutes * 60_000,
    progress: surroundings.progress,
    signal: stop.signal,
  });
  const progressMs = isInterrupted ? undefined : await network.expectProgress();
  surroundings.progress.hide();
  const report = network.report();
  const realMs = performance.now() - started;
  if (flags.json === undefined) {
    for (const line of describeReport(network, { report, progressMs, realMs })) write(line);
  } else {
    const { checkers } = network;
    write(JSON.stringify({ ...report, progressMs, realMs: Math.round(realMs), checkers }));
  }
  return isInterrupted ? INTERRUPTED : 0;
}

/** Lets virtual time pass until `untilMs`. Returns true if it was interrupted before. */
async function pass(
  network: TestNetwork,
  options: {
    readonly untilMs: number;
    readonly progress: Progress;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const { untilMs, progress, signal } = options;
  const line = (): string => {
    const sequence = Math.max(...network.nodes.map(({ head }) => head.header.sequence));
    return `${seconds(network.nowMs)} of ${seconds(untilMs)} virtual, ${group(sequence)} blocks`;
  };
  try {
    return await network.runUntil(
      () => {
        progress.show(line);
        return signal.aborted;
      },
      { boundMs: untilMs },
    );
  } finally {
    progress.hide();
  }
}

function introduce(network: TestNetwork, flags: RunFlags, write: (line: string) => void): void {
  write(
    `World of seed ${flags.seed}: ${flags.nodes} nodes on the ${flags.application}, ${byzantineOf(flags)} of them Byzantine`,
  );
  for (const { index, id, isByzantine, strategies } of network.nodes) {
    if (!isByzantine) continue;
    write(`  node ${index} (${toHex(id).slice(0, 8)}): ${strategies.join(", ")}`);
  }
  if (!isPromised(flags)) {
    write("  A third or more is Byzantine: neither agreement nor progress is guaranteed.");
  }
}
