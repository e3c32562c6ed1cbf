import { toHex } from "@aethel/models";
import type { Checker } from "../checkers/checker.ts";
import type { Throughput } from "./throughput.ts";

/** Counts the blocks and proofs that are finalized between `begin` and `end`. */
export interface ThroughputMeter {
  readonly checker: Checker;
  /** Starts the measurement at the current sequence and time. */
  begin(): void;
  end(): Throughput;
}

/** Creates a meter. Its checker observes a world together with the other checkers. */
export function createThroughputMeter(options: {
  readonly now: () => number;
  /** Indices of the nodes that are measured: the slowest of them counts. */
  readonly honest: readonly number[];
  /** Returns the ids of the Byzantine nodes in hex. */
  readonly byzantine: () => ReadonlySet<string>;
}): ThroughputMeter {
  const { now, honest } = options;
  const heads = new Map<number, number>();
  const first = new Map<number, Applied>();
  const lowest = (): number => Math.min(...honest.map((node) => heads.get(node) ?? 0));
  let from = { sequence: 0, atMs: 0 };
  let punished = 0;
  return {
    checker: {
      name: "throughput-meter",
      observe: (observation) => {
        if (observation.type !== "applied") return undefined;
        const { node, finalized, head } = observation;
        const { sequence, proposer } = finalized.block.header;
        heads.set(node, head.header.sequence);
        if (!first.has(sequence)) {
          const proofs = finalized.block.items.length;
          punished += finalized.block.evidence.length;
          const { view } = finalized.certificate;
          first.set(sequence, { atMs: now(), view, proofs, proposer: toHex(proposer) });
        }
        return undefined;
      },
    },
    begin() {
      from = { sequence: lowest(), atMs: now() };
    },
    end() {
      const to = lowest();
      const byzantine = options.byzantine();
      const blocks = span(first, { after: from.sequence, to });
      // The first block waits for the start of all nodes.
      const all = span(first, { after: 1, to });
      return {
        virtualMs: now() - from.atMs,
        blocks: to - from.sequence,
        proofs: proofsIn(blocks),
        proofsInAll: proofsIn(span(first, { after: 0, to })),
        lostViews: blocks.filter(({ view }) => view > 0).length,
        byzantineBlocks: blocks.filter((block) => block.view === 0 && byzantine.has(block.proposer))
          .length,
        punished,
        gapsMs: blocks.map(({ gapMs }) => gapMs),
        usualGapMs: mean(blocks.filter(({ view }) => view === 0).map(({ gapMs }) => gapMs)),
        lostGapsMs: all.filter(({ view }) => view > 0).map(({ gapMs }) => gapMs),
      };
    },
  };
}

function proofsIn(blocks: readonly Applied[]): number {
  return blocks.reduce((sum, { proofs }) => sum + proofs, 0);
}

interface Applied {
  readonly atMs: number;
  readonly view: number;
  readonly proofs: number;
  readonly proposer: string;
}

function span(
  first: ReadonlyMap<number, Applied>,
  { after, to }: { readonly after: number; readonly to: number },
): readonly (Applied & { readonly gapMs: number })[] {
  return Array.from({ length: to - after }, (_, at) => after + 1 + at).flatMap((sequence) => {
    const [before, block] = [first.get(sequence - 1), first.get(sequence)];
    return block === undefined ? [] : [{ ...block, gapMs: block.atMs - (before?.atMs ?? 0) }];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
