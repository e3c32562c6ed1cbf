import type { SyncRequest, SyncResponse } from "@aethel/models";
import { answerCost, answerCostMax } from "@aethel/pbft";
import type { FairBudget, Reserved } from "../peers/fair-budget.ts";
import { withSignal } from "./with-signal.ts";

/**
 * Cost of a request in addition to its answer, in bytes of answers. Opening its stream, reading it
 * and sending one frame take as long as reading and sending this many bytes of blocks.
 */
const STREAM_COST = 131_072;
/** Cost of the signatures that are checked or made for a request, in bytes of answers. */
const SIGNATURES_COST = 131_072;

function requestCost({ type }: SyncRequest): number {
  return type === "evidence" || type === "signed-head"
    ? STREAM_COST + SIGNATURES_COST
    : STREAM_COST;
}

/**
 * Does the work for a request when its asker can pay for it. The highest possible cost is taken
 * from each budget before the work begins. When it ends, it is replaced by the actual cost, even if
 * nobody waits for the answer any more. Work that fails costs the highest possible cost.
 */
export async function doPaid(options: {
  readonly budgets: readonly FairBudget[];
  readonly request: SyncRequest;
  readonly signal: AbortSignal;
  /** Begins the work for the request. Returns undefined if it cannot begin. */
  readonly work: () => Promise<SyncResponse> | undefined;
}): Promise<SyncResponse> {
  const { budgets, request, signal } = options;
  for (const budget of budgets) budget.charge(requestCost(request));
  const reserved = await reserveAll(budgets, answerCostMax(request), signal);
  const settle = (cost: number): void => {
    for (const each of reserved) each(cost);
  };
  const work = options.work();
  if (work === undefined) {
    settle(0);
    throw new Error("not ready");
  }
  const answer = work.then((response) => {
    settle(answerCost(response));
    return response;
  });
  return withSignal(answer, signal);
}

async function reserveAll(
  budgets: readonly FairBudget[],
  most: number,
  signal: AbortSignal,
): Promise<readonly Reserved[]> {
  const reserved: Reserved[] = [];
  try {
    for (const budget of budgets) reserved.push(await budget.reserve(most, signal));
    return reserved;
  } catch (error) {
    for (const each of reserved) each(0);
    throw error;
  }
}
