import type { ChainParameters } from "@aethel/models";
import type { DiskStore } from "./ledger-store.ts";
import type { PruneFloor } from "./pruning.ts";

/** Rule for the history that is kept. It is the configuration's `history`. */
export type KeepRule =
  | { readonly keep: "full" }
  | { readonly keep: "blocks"; readonly last: number }
  | { readonly keep: "days"; readonly last: number }
  | { readonly keep: "headers" };

/** Facts from which the floor of a store is derived. */
export interface FloorRequest {
  readonly rule: KeepRule;
  readonly store: Pick<DiskStore, "firstSince">;
  /** Last block of the store. */
  readonly head: { readonly sequence: number; readonly timestamp: number };
  readonly parameters: Pick<ChainParameters, "unbondingMs" | "epochMs" | "maxDriftMs">;
  /** Least number of blocks that are kept. */
  readonly blocksMin: number;
  /**
   * Sequence of the oldest snapshot that is served. Blocks after it are kept, so that a peer that
   * takes it gets to the head. Undefined if none is served.
   */
  readonly oldestSnapshot?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Returns the header time, in milliseconds, for which blocks are always kept: evidence about them
 * counts while stake of that time unbonds.
 */
export function windowMs(parameters: FloorRequest["parameters"]): number {
  // Power leaves at an epoch boundary, and unbonding counts from there.
  return parameters.unbondingMs + parameters.epochMs + parameters.maxDriftMs;
}

/**
 * Returns the floor below which a rule deletes blocks and headers. Nothing is deleted that the
 * windows of evidence and unbonding, the least number of blocks, or a served snapshot needs.
 */
export async function pruneFloor(request: FloorRequest): Promise<PruneFloor> {
  const { rule, store, head, parameters, blocksMin, oldestSnapshot } = request;
  if (rule.keep === "full") return { blocks: 0, headers: 0 };
  const since = (durationMs: number): Promise<number> =>
    store.firstSince(Math.max(0, head.timestamp - durationMs));
  const needed = Math.min(
    await since(windowMs(parameters)),
    head.sequence - blocksMin + 1,
    ...(oldestSnapshot === undefined ? [] : [oldestSnapshot + 1]),
  );
  const floor = (wanted: number): PruneFloor => {
    const from = Math.max(0, Math.min(wanted, needed));
    return { blocks: from, headers: from };
  };
  switch (rule.keep) {
    case "headers":
      return { ...floor(needed), headers: 0 };
    case "blocks":
      return floor(head.sequence - rule.last + 1);
    case "days":
      return floor(await since(rule.last * DAY_MS));
  }
}
