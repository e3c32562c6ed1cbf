import type { ReplicaEvent } from "@aethel/pbft";
import type { Observation } from "../checkers/checker.ts";
import type { ResolvedWorld } from "../scenario/resolve-world.ts";
import { describeNetworkEvent, describeReplicaEvent, short } from "../trace/describe.ts";
import type { EventLog } from "../trace/event-log.ts";
import type { Measures } from "../trace/measures.ts";
import type { NetworkEvent } from "../virtual-network/virtual-network.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import type { Gossip } from "./gossip.ts";

/** Receives the events of nodes and network, and passes them to checkers, log and measures. */
export interface Observer {
  readonly tell: (observation: Observation) => void;
  readonly take: () => readonly Observation[];
  readonly onNetwork: (event: NetworkEvent) => void;
  readonly onReplica: (node: number, event: ReplicaEvent) => void;
  readonly onApplied: (action: Gossip["onApplied"]) => void;
  readonly trouble: () => string | undefined;
  readonly raise: (error: unknown) => void;
}

/** Creates an observer that has not received any event. */
export function createObserver(options: {
  readonly scheduler: Scheduler;
  readonly log: EventLog;
  readonly measures: Measures;
  readonly world: ResolvedWorld;
}): Observer {
  const { scheduler, log, measures } = options;
  const { network, nodeCount } = options.world;
  const isByzantine = (node: number): boolean =>
    node >= nodeCount || network.byzantineIds.includes(node);
  let waiting: Observation[] = [];
  let trouble: string | undefined;
  let onApplied: Gossip["onApplied"] = () => undefined;
  const write = (line: string): void => log.add(`${scheduler.nowMs} ${line}`);
  return {
    tell(observation) {
      waiting.push(observation);
      if (observation.type !== "applied") return;
      const { node, finalized, head } = observation;
      write(`${node} applied s${head.header.sequence} ${short(head.digest)}`);
      onApplied(finalized.block.items);
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    onNetwork(event) {
      measures.onNetwork(event);
      if (event.type !== "sent") write(describeNetworkEvent(event));
    },
    onReplica(node, event) {
      const line = describeReplicaEvent(event);
      if (line !== undefined) write(`${node} ${line}`);
      if (isByzantine(node)) return;
      measures.onReplica(event);
      if (event.type === "evidence") {
        waiting.push({ type: "accused", node, evidence: event.evidence });
      }
      if (event.type === "failed" || event.type === "diverged") {
        trouble ??= `node ${node} stopped: ${describeError(event.error)}`;
      }
    },
    onApplied(action) {
      onApplied = action;
    },
    trouble: () => trouble,
    raise(error) {
      trouble ??= describeError(error);
    },
  };
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
