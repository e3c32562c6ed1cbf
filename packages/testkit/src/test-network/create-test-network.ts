import { toHex } from "@aethel/models";
import type { WorldReport } from "../trace/measures.ts";
import { settled } from "../virtual-time/scheduler.ts";
import { startNode } from "./actions.ts";
import { assemble, type WorldParts } from "./assemble.ts";
import { Clockwork } from "./clockwork.ts";
import type { TestNetwork, TestNetworkOptions } from "./test-network.ts";

const PROGRESS = { blocks: 2, boundMs: 300_000 };

/**
 * Builds a world and starts its nodes: production replicas with a production ledger (or another
 * application), a virtual network, virtual clocks and disks, Byzantine nodes, and the checkers.
 *
 * @throws TestkitError `CONFIG` with everything that is wrong with the options
 */
export async function createTestNetwork(options: TestNetworkOptions): Promise<TestNetwork> {
  const parts = await assemble(options);
  const { scheduler, nodes, genesis, chain, accounts, log } = parts;
  for (const node of nodes) await startNode(parts, node);
  await settled();
  const clockwork = new Clockwork(parts);
  const firstHonest = nodes.find((node) => !node.isByzantine)?.index ?? 0;
  const network: TestNetwork = {
    nodes,
    checkers: parts.checkers.map(({ name }) => name),
    genesis,
    chain,
    accounts,
    log,
    get nowMs() {
      return scheduler.nowMs;
    },
    get steps() {
      return scheduler.steps;
    },
    run: async (virtualMs) => {
      await clockwork.advance(scheduler.nowMs + virtualMs);
    },
    runUntil: (predicate, { boundMs }) =>
      clockwork.advance(scheduler.nowMs + boundMs, () => predicate(network)),
    crash: (node) => clockwork.perform({ type: "crash", node }),
    restart: (node) => clockwork.perform({ type: "restart", node }),
    pause: (node) => clockwork.perform({ type: "pause", node }),
    resume: (node) => clockwork.perform({ type: "resume", node }),
    partition: (groups, forMs) =>
      clockwork.perform({
        type: "partition",
        groups,
        ...(forMs === undefined ? {} : { forMs }),
      }),
    heal: () => clockwork.perform({ type: "heal" }),
    submit: (item, { to = firstHonest } = {}) =>
      clockwork.perform({ type: "submit", node: to, item: toHex(item.bytes) }),
    expectProgress: (wanted = {}) => clockwork.expectProgress({ ...PROGRESS, ...wanted }),
    report: () => report(parts),
    replayCommand: () => clockwork.replayCommand(),
    [Symbol.asyncDispose]: async () => {
      for (const node of nodes) node.crash();
      await settled();
    },
  };
  return network;
}

function report(parts: WorldParts): WorldReport {
  const { scheduler, nodes, log, measures } = parts;
  const heads = nodes
    .filter((node) => !node.isByzantine && node.state !== "down")
    .map((node) => node.head.header.sequence);
  return {
    virtualMs: scheduler.nowMs,
    steps: scheduler.steps,
    highestSequence: Math.max(0, ...heads),
    lowestSequence: heads.length === 0 ? 0 : Math.min(...heads),
    ...measures.report(),
    logDigest: log.digest(),
  };
}
