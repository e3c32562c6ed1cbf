import type { ReplicaEvent } from "@aethel/pbft";
import type { NetworkEvent } from "../virtual-network/virtual-network.ts";

/** Counts of what a world has done so far. Times are virtual milliseconds. */
export interface WorldReport {
  readonly virtualMs: number;
  /** Number of events that happened. The checkers ran after each. */
  readonly steps: number;
  /** Highest head of an honest node that is up. */
  readonly highestSequence: number;
  readonly lowestSequence: number;
  /** Number of proofs in final blocks. */
  readonly proofs: number;
  readonly viewChanges: number;
  /**
   * Times from a node's first accepted proposal at a sequence to its applied block: median, 99th
   * percentile and count.
   */
  readonly finalityMs: { readonly p50: number; readonly p99: number; readonly samples: number };
  readonly messages: {
    readonly sent: number;
    readonly delivered: number;
    readonly lost: number;
    readonly requests: number;
    readonly discarded: number;
  };
  /** Number of pieces of evidence that honest nodes made, by kind. */
  readonly evidence: Readonly<Record<string, number>>;
  /** SHA-256 of the event log in hex. Worlds with equal options have equal digests. */
  readonly logDigest: string;
}

/** Counts the events of honest nodes and of the network. */
export interface Measures {
  readonly onNetwork: (event: NetworkEvent) => void;
  readonly onReplica: (event: ReplicaEvent) => void;
  readonly report: () => Omit<
    WorldReport,
    "virtualMs" | "steps" | "highestSequence" | "lowestSequence" | "logDigest"
  >;
}

/** Creates measures with all counts 0. */
export function createMeasures(): Measures {
  const messages = { sent: 0, delivered: 0, lost: 0, requests: 0, discarded: 0 };
  const finality: number[] = [];
  const evidence: Record<string, number> = {};
  const proofs = new Map<number, number>();
  let viewChanges = 0;
  return {
    onNetwork: ({ type }) => {
      if (type === "requested") messages.requests += 1;
      else if (type !== "answered") messages[type] += 1;
    },
    onReplica: (event) => {
      if (event.type === "discarded") messages.discarded += 1;
      if (event.type === "view-changed") viewChanges += 1;
      if (event.type === "evidence") {
        evidence[event.evidence.type] = (evidence[event.evidence.type] ?? 0) + 1;
      }
      if (event.type !== "finalized") return;
      proofs.set(event.sequence, event.items);
      if (event.milliseconds !== undefined) finality.push(event.milliseconds);
    },
    report: () => {
      const sorted = finality.toSorted((left, right) => left - right);
      return {
        proofs: [...proofs.values()].reduce((sum, count) => sum + count, 0),
        viewChanges,
        finalityMs: {
          p50: percentile(sorted, 0.5),
          p99: percentile(sorted, 0.99),
          samples: sorted.length,
        },
        messages: { ...messages },
        evidence: { ...evidence },
      };
    },
  };
}

function percentile(sorted: readonly number[], rank: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * rank) - 1)] ?? 0;
}
