import type { LabNode } from "../chain/lab-node.ts";
import type { Lab } from "../lab/lab.ts";
import { pause, timeUntil } from "../lab/waiting.ts";
import { percentilesOf } from "../report/figures.ts";
import type { LoadFigures } from "./case.ts";

/** Longest that a step waits for what should happen. */
export const PATIENCE_MS = 90_000;
/** Longest that a case waits for proofs that were sent. */
const DRAIN_MS = 60_000;
/** Blocks that a node may be behind the others and still be in step. */
const BEHIND_MAX = 1;

/** Runs a step under load. Returns what the load of that time came to, with the step's result. */
export async function underLoad<T>(
  lab: Lab,
  step: () => Promise<T>,
): Promise<{ readonly load: LoadFigures; readonly result: T }> {
  const { load, network, options } = lab;
  const first = load.sent.length;
  const before = await network.bytesCarried();
  load.start(options.proofsPerSecond);
  let result: T;
  try {
    result = await step();
  } finally {
    await load.stop();
  }
  const sent = load.sent.slice(first);
  await timeUntil(() => sent.every(({ finalMs }) => finalMs !== undefined), DRAIN_MS);
  const bytes = (await network.bytesCarried()) - before;
  const times = sent.flatMap(({ atMs, finalMs }) =>
    finalMs === undefined ? [] : [finalMs - atMs],
  );
  const figures: LoadFigures = {
    finality: percentilesOf(times),
    sent: sent.length,
    unfinished: sent.length - times.length,
    bytesPerProof: times.length === 0 ? undefined : bytes / times.length,
  };
  return { load: figures, result };
}

/** Highest final block among some nodes. */
export function highest(lab: Lab, nodes: readonly LabNode[]): number {
  return Math.max(0, ...nodes.map((node) => lab.observing.head(node)));
}

/**
 * Waits until each of some nodes has a final block above `sequence`. Returns the milliseconds, or
 * undefined after `PATIENCE_MS`.
 */
export async function untilAbove(
  lab: Lab,
  nodes: readonly LabNode[],
  sequence: number,
): Promise<number | undefined> {
  const isAbove = (node: LabNode): boolean => lab.observing.head(node) > sequence;
  return await timeUntil(() => nodes.every(isAbove), PATIENCE_MS);
}

/**
 * Waits until a node has the block that the others have, or the one before it. Returns the
 * milliseconds, or undefined after `PATIENCE_MS`. Asks the API, since a node need not tell of blocks
 * that came by a snapshot.
 */
export async function untilInStep(lab: Lab, node: LabNode): Promise<number | undefined> {
  const others = lab.validators.filter((other) => other !== node && other.isRunning());
  return await timeUntil(async () => {
    const { head } = await node.client().status();
    return head.sequence > 0 && head.sequence >= highest(lab, others) - BEHIND_MAX;
  }, PATIENCE_MS);
}

/** Waits for a first block on all nodes, which shows that the chain runs. */
export async function settle(lab: Lab): Promise<void> {
  const { load, options } = lab;
  load.start(options.proofsPerSecond);
  const took = await untilAbove(lab, lab.running(), highest(lab, lab.running()) + 1);
  await load.stop();
  if (took === undefined) {
    const states = await Promise.all(lab.running().map(describe));
    throw new Error(`no new block is final everywhere: ${states.join("; ")}`);
  }
  await timeUntil(() => load.sent.every(({ finalMs }) => finalMs !== undefined), DRAIN_MS);
  // What the relay was late while the nodes started does not count.
  await lab.network.relayFigures();
  options.say("the chain runs");
}

/**
 * Finds what must never be: different blocks of one sequence, a stake that was slashed although all
 * nodes are honest, a node that is left behind.
 */
export async function findFaults(lab: Lab): Promise<readonly string[]> {
  const faults = [...lab.observing.forks];
  for (const node of lab.running()) {
    const slashes = await node
      .client()
      .slashes()
      .catch(() => []);
    if (slashes.length > 0)
      faults.push(`${node.name} has ${slashes.length} slashes of honest nodes`);
  }
  const left = await Promise.all(
    lab.running().map(async (node) => ({ node, took: await untilInStep(lab, node) })),
  );
  for (const { node, took } of left) {
    if (took !== undefined) continue;
    faults.push(`others are at ${highest(lab, lab.validators)}, and ${await describe(node)}`);
  }
  return faults;
}

/** Describes where a node stands, and why it goes no further. */
async function describe(node: LabNode): Promise<string> {
  try {
    const { head, peers, why } = await node.client().status();
    const reasons = why.map(({ message }) => message).join(", ");
    return `${node.name} is at block ${head.sequence} with ${peers} peers: ${reasons || "no reason"}`;
  } catch {
    return `${node.name} does not answer`;
  }
}

/** Holds the present conditions for a while. */
export async function hold(milliseconds: number): Promise<void> {
  await pause(milliseconds);
}
