import {
  assert,
  assertNever,
  type Call,
  type Invoke,
  type Resource,
  toResource,
  UNITS,
  type VerifySigned,
} from "@aethel/models";
import { newEntries } from "../fees/growth.ts";
import type { CallReceipt } from "../results/call-receipt.ts";
import type { ResultCode } from "../results/result-code.ts";
import type { BoundedContext } from "../state/block-context.ts";
import { applyStakeWrites, findStakeDefect } from "../validators/stake-writes.ts";
import type { CallContext, CallRun, ContractReceipt } from "./call-run.ts";
import { createPendingContracts } from "./contract/pending-contracts.ts";
import { runContractCall } from "./contract/run-contract-call.ts";
import { createPendingWrites } from "./pending-writes.ts";
import type { PreparedCall, PreparedInvoke } from "./prepare-calls.ts";
import { runIntents } from "./run-intents.ts";
import { findOverspent } from "./spending.ts";
import { act, actionOf, findActionDefect, type PreparedAction } from "./validator-actions.ts";

/** Result of running an invoke. If the outcome is not `applied`, the state is unchanged. */
export interface InvokeResult extends Ending {
  /** Calls that were run, for the receipt. */
  readonly calls: readonly CallReceipt[];
}

/** Result of an invoke without its calls. */
export interface Ending {
  readonly outcome: "applied" | "guard-false" | "unknown" | "forbidden";
  readonly code: ResultCode;
  readonly units: Resource;
  readonly detail: string;
  /**
   * Number of entries that the invoke created in the state. Present only if the outcome is
   * `applied`.
   */
  readonly entries?: number;
  /**
   * Micro-tokens of deposits for cells that appear, less those for cells that disappear. Present
   * only if the outcome is `applied`.
   */
  readonly deposit?: bigint;
}

/**
 * Tells whether the fee limit covers a run that takes these execution units, creates this number of
 * entries in the state, and needs this deposit.
 */
export type CoversRun = (run: {
  readonly units: Resource;
  readonly entries: number;
  readonly deposit: bigint;
}) => boolean;

/**
 * Runs the calls of a prepared invoke in order, each on the result of the one before. Either all of
 * them apply or none. The fee limit must already be subtracted from the author's balance, so guards
 * see the reduced balance.
 */
export function runInvoke(
  prepared: PreparedInvoke,
  body: Invoke,
  block: BoundedContext,
  { covers, verifySigned }: { readonly covers: CoversRun; readonly verifySigned?: VerifySigned },
): InvokeResult {
  const { overlay } = block;
  const action = actionOf(prepared);
  const context: CallContext = {
    block,
    pending: createPendingWrites(overlay, prepared.accounts),
    contracts: createPendingContracts(overlay),
    signed: prepared.signed,
    verifySigned,
  };
  const receipts: CallReceipt[] = [];
  const run = runCalls(prepared.calls, context, {
    calls: body.calls,
    spent: action === undefined ? 0 : UNITS.action,
    limit: body.resourceLimit,
    receipts,
  });
  const ending = "outcome" in run ? run : settle(run.units, context, { body, action, covers });
  const calls =
    ending.outcome === "applied" ? receipts : receipts.map((one) => ({ ...one, ...NO_CHANGES }));
  return { ...ending, calls };
}

const NO_CHANGES: ContractReceipt = { cells: [], vaults: [], events: [] };

/**
 * Runs calls one after the other. Returns the units that all of them took, or the result of the
 * invoke if one of them stops it.
 */
function runCalls(
  calls: readonly PreparedCall[],
  context: CallContext,
  of: {
    /** Calls as the body has them. */
    readonly calls: readonly Call[];
    readonly spent: number;
    readonly limit: Resource;
    /** List to which the receipt of each call is added. */
    readonly receipts: CallReceipt[];
  },
): { readonly units: Resource } | Ending {
  const { limit, receipts } = of;
  let { spent } = of;
  for (const [at, call] of calls.entries()) {
    const run = runCall(call, context, limit - spent);
    const intent = of.calls[at]?.intent;
    assert(intent !== undefined, "each prepared call is one of the body");
    const isOut = run.type === "out-of-units" || spent + run.units > limit;
    const units = toResource(isOut ? Math.max(0, limit - spent) : run.units);
    const changes = run.type === "done" ? run.changes : undefined;
    const { cells, vaults, events } = changes ?? NO_CHANGES;
    receipts.push({ intent, units, cells, vaults, events });
    if (isOut) {
      const detail = `it needs more than its resource limit of ${limit} execution units`;
      return { outcome: "unknown", code: "execution-limit", units: limit, detail };
    }
    spent += run.units;
    if (run.type === "stopped") {
      const { outcome, code } = run;
      const where = calls.length === 1 ? "" : `call ${at + 1} of ${calls.length}: `;
      return { outcome, code, units: toResource(spent), detail: `${where}${run.detail}` };
    }
  }
  return { units: toResource(spent) };
}

function runCall(call: PreparedCall, context: CallContext, unitsMax: number): CallRun {
  switch (call.kind) {
    case "intents":
      return runIntents(call, context, unitsMax);
    case "contract":
      return runContractCall(call, context, unitsMax);
    default:
      return assertNever(call);
  }
}

/** Checks the writes of all calls together, and applies them if no rule forbids them. */
function settle(
  units: Resource,
  { block, pending, contracts, signed }: CallContext,
  of: {
    readonly body: Invoke;
    readonly action: PreparedAction | undefined;
    readonly covers: CoversRun;
  },
): Ending {
  const { overlay } = block;
  const { action, covers } = of;
  const all = pending.writes();
  const overspent = findOverspent(of.body, all);
  if (overspent !== undefined) return { units, ...overspent };
  // Stake rules compare stakes with native balances. Declared assets do not take part.
  const writes = all.filter(({ asset }) => asset === undefined);
  const defect = findStakeDefect(writes, overlay, block);
  if (defect !== undefined) return { outcome: "forbidden", units, ...defect };
  const actionDefect = action === undefined ? undefined : findActionDefect(action, block);
  if (actionDefect !== undefined) return { outcome: "forbidden", units, ...actionDefect };
  const { hasAccount } = pending;
  const bindsKey = action?.action === "rotate-key";
  const entries = newEntries({ writes: all, signed, hasAccount, bindsKey }, overlay);
  const grown = contracts.grownBytes();
  const deposit = grown === 0 ? 0n : block.state.parameters.depositPrice * BigInt(grown);
  if (!covers({ units, entries, deposit })) {
    if (deposit > 0n && covers({ units, entries, deposit: 0n })) {
      const detail = `the fee limit does not cover a deposit of ${deposit} micro-tokens for cells`;
      return { outcome: "forbidden", code: "deposit", units, detail };
    }
    const detail = `the fee limit does not pay for ${entries} new entries of the state`;
    return { outcome: "forbidden", code: "state-fee", units, detail };
  }
  pending.apply();
  contracts.apply();
  applyStakeWrites(writes, overlay, block);
  if (action !== undefined) act(action, block);
  return { outcome: "applied", code: "none", units, detail: "", entries, deposit };
}
