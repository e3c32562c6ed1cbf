import type { Receipt } from "@aethel/ledger";
import { type ChainParameters, ledgerHeader } from "@aethel/models";
import type { Checker } from "./checker.ts";

const MILLION = 1_000_000n;

/**
 * Checks properties P2 and P15: only proofs that are applied and certified count for a block, and
 * the next block mints for nothing else. A theorem with trust `solver` counts only if the
 * parameters say so. The checker counts from the receipts, without the ledger's functions.
 */
export function createMintingChecker(parameters: ChainParameters): Checker {
  /** Difficulty that counts for each sequence, from the first node that executed the block. */
  const counted = new Map<number, number>([[0, 0]]);
  /**
   * Last block that each node has executed but perhaps not applied, with the difficulty that
   * counts.
   */
  const executed = new Map<number, { readonly sequence: number; readonly counts: number }>();
  return {
    name: "minting",
    observe: (observation) => {
      const { node } = observation;
      if (observation.type === "executed") {
        const { transition, receipts } = observation;
        const { sequence, minted } = transition;
        const counts = receipts.reduce((sum, one) => sum + countOf(one, parameters), 0);
        executed.set(node, { sequence, counts });
        if (!counted.has(sequence)) counted.set(sequence, counts);
        const parent = counted.get(sequence - 1);
        if (parent === undefined) return undefined;
        const most = (parameters.baseReward * BigInt(parent)) / MILLION;
        if (minted <= most) return undefined;
        return `node ${node} minted ${minted} at sequence ${sequence}, ${most} for its parent's ${parent}`;
      }
      if (observation.type !== "applied") return undefined;
      const { header } = observation.finalized.block;
      const { sequence } = header;
      const { totalDifficulty } = ledgerHeader(header);
      const own = executed.get(node);
      if (own?.sequence !== sequence || own.counts === totalDifficulty) return undefined;
      return `node ${node} applied a difficulty of ${totalDifficulty} at sequence ${sequence}, its receipts count ${own.counts}`;
    },
  };
}

function countOf(receipt: Receipt, { solverTheoremsMint }: ChainParameters): number {
  const { outcome, trust, kind, difficulty } = receipt;
  if (outcome !== "applied") return 0;
  if (trust === "certified") return difficulty;
  return trust === "solver" && kind === "theorem" && solverTheoremsMint ? difficulty : 0;
}
