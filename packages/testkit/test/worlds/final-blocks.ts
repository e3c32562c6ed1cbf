import { type FinalizedBlock, toHex } from "@aethel/models";
import type { Checker } from "../../src/index.ts";

/** Observer that keeps the blocks that honest nodes have applied, and never objects. */
export interface FinalBlocks {
  readonly checker: Checker;
  readonly finalized: readonly FinalizedBlock[];
  /** Whether two blocks of one sequence were applied. */
  readonly isForked: () => boolean;
}

/** Creates an observer that has seen nothing. */
export function createFinalBlocks(): FinalBlocks {
  const finalized: FinalizedBlock[] = [];
  const final = new Map<number, Set<string>>();
  return {
    checker: {
      name: "collector",
      observe: (observation) => {
        if (observation.type !== "applied") return undefined;
        const { certificate } = observation.finalized;
        finalized.push(observation.finalized);
        const digests = final.get(certificate.sequence) ?? new Set();
        final.set(certificate.sequence, digests.add(toHex(certificate.digest)));
        return undefined;
      },
    },
    finalized,
    isForked: () => [...final.values()].some((digests) => digests.size > 1),
  };
}
