import { fromHex, itemOf } from "@aethel/models";
import { TestkitError } from "../errors.ts";
import type { ManagedNode } from "../node/test-node.ts";
import type { WorldAction } from "../scenario/world-action.ts";
import { settled } from "../virtual-time/scheduler.ts";
import type { WorldParts } from "./assemble.ts";

/** Action on a world, without its time. */
export type ActionBody = WorldAction extends infer Action
  ? Action extends WorldAction
    ? Omit<Action, "atMs" | "afterStep">
    : never
  : never;

/** An action that changes the world: every action except a demand for progress. */
export type Deed = Exclude<ActionBody, { readonly type: "expect-progress" }>;

/** Performs an action on the world now, and schedules its end. */
export async function act(parts: WorldParts, action: Deed): Promise<void> {
  const { scheduler, network, log } = parts;
  const { nowMs } = scheduler;
  const later = (forMs: number | undefined, then: () => void): void => {
    if (forMs !== undefined) scheduler.at(nowMs + forMs, then);
  };
  if (action.type !== "submit") {
    log.add(`${nowMs} ${JSON.stringify(action)}`);
    if ("node" in action) parts.tell({ type: "disturbed", node: action.node });
  }
  switch (action.type) {
    case "crash":
      nodeAt(parts, action.node).crash();
      return later(action.forMs, () => startLater(parts, nodeAt(parts, action.node)));
    case "flip-bit":
      nodeAt(parts, action.node).crash();
      nodeAt(parts, action.node).flipBit(action.bit);
      return later(action.forMs, () => startLater(parts, nodeAt(parts, action.node)));
    case "disk":
      nodeAt(parts, action.node).setDiskFault(action);
      return later(action.forMs, () => nodeAt(parts, action.node).setDiskFault(undefined));
    case "roll-back":
      nodeAt(parts, action.node).crash();
      nodeAt(parts, action.node).rollBack(action.blocks);
      return later(action.forMs, () => startLater(parts, nodeAt(parts, action.node)));
    case "lose-log":
      nodeAt(parts, action.node).crash();
      nodeAt(parts, action.node).loseLog(action.blocks ?? 0);
      return later(action.forMs, () => startLater(parts, nodeAt(parts, action.node)));
    case "snapshot":
      return nodeAt(parts, action.node).takeSnapshot();
    case "restore":
      nodeAt(parts, action.node).crash();
      nodeAt(parts, action.node).restoreSnapshot();
      return later(action.forMs, () => startLater(parts, nodeAt(parts, action.node)));
    case "restart":
      return startNode(parts, nodeAt(parts, action.node));
    case "pause":
      nodeAt(parts, action.node).pause();
      return later(action.forMs, () => nodeAt(parts, action.node).resume());
    case "resume":
      return nodeAt(parts, action.node).resume();
    case "clock-jump":
      nodeAt(parts, action.node).jumpClock(action.byMs);
      return later(action.forMs, () => nodeAt(parts, action.node).jumpClock(0));
    case "partition": {
      const toMs = nowMs + (action.forMs ?? Number.POSITIVE_INFINITY);
      const { groups, oneWay } = action;
      const direction = oneWay === undefined ? {} : { oneWay };
      return network.partition({ fromMs: nowMs, toMs, groups, ...direction });
    }
    case "heal":
      network.heal();
      for (const node of parts.nodes) {
        node.setDiskFault(undefined);
        node.resume();
        node.jumpClock(0);
        await startNode(parts, node);
      }
      for (const checker of parts.checkers) checker.healed?.();
      return;
    case "submit":
      return parts.gossip.submit(itemOf(fromHex(action.item)), action.node);
  }
}

/**
 * Returns the node with an index.
 * @throws TestkitError `CONFIG` if there is none
 */
function nodeAt({ nodes }: WorldParts, index: number): ManagedNode {
  const node = nodes[index];
  if (node !== undefined) return node;
  const problem = `node: there is no node ${index}; there are 0 to ${nodes.length - 1}`;
  throw new TestkitError({ code: "CONFIG", problems: [problem] });
}

function startLater(parts: WorldParts, node: ManagedNode): void {
  startNode(parts, node).catch(parts.raise);
}

/** Starts a node that is down, and sends it the items that other nodes have in their mempools. */
export async function startNode(parts: WorldParts, node: ManagedNode): Promise<void> {
  if (node.state !== "down") return;
  await node.start();
  parts.gossip.onStart(node.index);
  await settled();
}
