import { ledgerHeader } from "@aethel/models";
import type { Checker } from "./checker.ts";

/**
 * Checks properties P14 and P20, as far as headers show them: the supply before each block equals
 * the supply after its parent, and no supply exceeds what the emission schedule allows. The ledger
 * itself checks in every block that holdings add up to the supply, also in the auditor of the
 * validity checker.
 */
export function createConservationChecker(options: {
  readonly supply: bigint;
  /** Returns the greatest number of micro-tokens that may be minted up to a header time. */
  readonly scheduled: (timestamp: number) => bigint;
}): Checker {
  const after = new Map<number, bigint>([[0, options.supply]]);
  return {
    name: "conservation",
    observe: (observation) => {
      if (observation.type !== "applied") return undefined;
      const { header } = observation.finalized.block;
      const { sequence, timestamp } = header;
      const { supplyBefore, supplyAfter } = ledgerHeader(header);
      const before = after.get(sequence - 1);
      after.set(sequence, supplyAfter);
      const where = `node ${observation.node} at sequence ${sequence}`;
      if (before !== undefined && before !== supplyBefore) {
        return `${where}: supply is ${supplyBefore}, its parent left ${before}`;
      }
      const most = options.supply + options.scheduled(timestamp);
      return supplyAfter > most ? `${where}: supply ${supplyAfter} is above ${most}` : undefined;
    },
  };
}
