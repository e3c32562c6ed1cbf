import { pause } from "../lab/waiting.ts";
import type { LabNode } from "./lab-node.ts";
import { FinalizedEventSchema } from "./node-app.ts";

/** Final block, as one node has told of it. */
export interface Sighting {
  readonly node: LabNode;
  readonly sequence: number;
  readonly digest: string;
  readonly atMs: number;
  /** Hashes of the proofs in the block. */
  readonly proofs: readonly string[];
}

/** Record of the final blocks of all nodes. */
export interface Observing {
  /** Highest final block that a node has told of; 0 before the first. */
  head(node: LabNode): number;
  /** Time at which a node told of a block at `sequence` or above; undefined if it has not yet. */
  reachedAtMs(node: LabNode, sequence: number): number | undefined;
  /** Blocks of which two nodes have different ones. Empty unless the chain has forked. */
  readonly forks: readonly string[];
  /** Follows one more node. */
  follow(node: LabNode): void;
}

const RETRY_MS = 100;

/** Creates a record without nodes. `onBlock` is called for each block of each node. */
export function createObserving(onBlock: (sighting: Sighting) => void): Observing {
  const heads = new Map<LabNode, number>();
  const times = new Map<LabNode, Map<number, number>>();
  const digests = new Map<number, string>();
  const forks: string[] = [];
  const see = (sighting: Sighting): void => {
    const { node, sequence, digest, atMs } = sighting;
    const known = digests.get(sequence) ?? digest;
    digests.set(sequence, known);
    if (known !== digest) forks.push(`${node.name} has another block ${sequence} than the others`);
    const own = times.get(node) ?? new Map<number, number>();
    times.set(node, own);
    if (own.has(sequence)) return;
    own.set(sequence, atMs);
    heads.set(node, Math.max(sequence, heads.get(node) ?? 0));
    onBlock(sighting);
  };
  return {
    head: (node) => heads.get(node) ?? 0,
    reachedAtMs(node, sequence) {
      const reached = [...(times.get(node) ?? [])].filter(([at]) => at >= sequence);
      return reached.length === 0 ? undefined : Math.min(...reached.map(([, time]) => time));
    },
    forks,
    follow: (node) => void follow(node, see),
  };
}

/** Reads the events of a node for ever. After a restart of the node they begin at 1 again. */
async function follow(node: LabNode, see: (sighting: Sighting) => void): Promise<void> {
  for (;;) {
    const stream = new AbortController();
    const client = node.client();
    // A stream to the old address of a host would stay open for minutes without a word.
    const watch = setInterval(() => {
      if (node.client().url !== client.url) stream.abort();
    }, RETRY_MS);
    try {
      for await (const { type, data } of client.events({ after: 0, signal: stream.signal })) {
        if (type !== "finalized") continue;
        const { sequence, digest, proofs } = FinalizedEventSchema.parse(data);
        const hashes = proofs.map(({ hash }) => hash);
        see({ node, sequence, digest, proofs: hashes, atMs: performance.now() });
      }
    } catch {
      // The node does not run. Its next process is followed too.
    } finally {
      clearInterval(watch);
    }
    await pause(RETRY_MS);
  }
}
