import { assertNever, type Invoke, type Resource, toResource, UNITS } from "@aethel/models";
import { newEntries } from "../fees/growth.ts";
import type { ResultCode } from "../results/result-code.ts";
import type { BoundedContext } from "../state/block-context.ts";
import { applyStakeWrites, findStakeDefect } from "../validators/stake-writes.ts";
import type { CallContext, CallRun } from "./call-run.ts";
import { createPendingWrites } from "./pending-writes.ts";
import type { PreparedCall, PreparedInvoke } from "./prepare-calls.ts";
import { runIntents } from "./run-intents.ts";
import { act, actionOf, findActionDefect, type PreparedAction } from "./validator-actions.ts";

/** Result of running an invoke. If the outcome is not `applied`, the state is unchanged. */
export interface InvokeResult {
  readonly outcome: "applied" | "guard-false" | "unknown" | "forbidden";
  readonly code: ResultCode;
  readonly units: Resource;
  readonly detail: string;
  /**
   * Number of entries that the invoke created in the state. Present only if the outcome is
   * `applied`.
   */
  readonly entries?: number;
}

/**
 * Tells whether the fee limit covers a run that takes these execution units and creates this number
 * of entries in the state.
 */
export type CoversRun = (run: { readonly units: Resource; readonly entries: number }) => boolean;

/**
 * Runs the calls of a prepared invoke in order, each on the result of the one before. Either all of
 * them apply or none. The fee limit must already be subtracted from the author's balance, so guards
 * see the reduced balance.
 */
export function runInvoke(
  prepared: PreparedInvoke,
  body: Invoke,
  block: BoundedContext,
  covers: CoversRun,
): InvokeResult {
  const pending = createPendingWrites(block.overlay, prepared.accounts);
  const action = actionOf(prepared);
  const context: CallContext = { block, pending, signed: prepared.signed };
  const run = runCalls(prepared.calls, context, {
    spent: action === undefined ? 0 : UNITS.action,
    limit: body.resourceLimit,
  });
  if ("outcome" in run) return run;
  return settle(run.units, context, { action, covers });
}

/**
 * Runs calls one after the other. Returns the units that all of them took, or the result of the
 * invoke if one of them stops it.
 */
function runCalls(
  calls: readonly PreparedCall[],
  context: CallContext,
  { spent: before, limit }: { readonly spent: number; readonly limit: Resource },
): { readonly units: Resource } | InvokeResult {
  let spent = before;
  for (const [at, call] of calls.entries()) {
    const run = runCall(call, context, limit - spent);
    if (run.type === "out-of-units" || spent + run.units > limit) {
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
    default:
      return assertNever(call.kind);
  }
}

/** Checks the writes of all calls together, and applies them if no rule forbids them. */
function settle(
  units: Resource,
  { block, pending, signed }: CallContext,
  { action, covers }: { readonly action: PreparedAction | undefined; readonly covers: CoversRun },
): InvokeResult {
  const { overlay } = block;
  // Stake rules speak of native balances: what happens to declared assets is nothing to them.
  const all = pending.writes();
  const writes = all.filter(({ asset }) => asset === undefined);
  const defect = findStakeDefect(writes, overlay, block);
  if (defect !== undefined) return { outcome: "forbidden", units, ...defect };
  const actionDefect = action === undefined ? undefined : findActionDefect(action, block);
  if (actionDefect !== undefined) return { outcome: "forbidden", units, ...actionDefect };
  const { hasAccount } = pending;
  const bindsKey = action?.action === "rotate-key";
  const entries = newEntries({ writes: all, signed, hasAccount, bindsKey }, overlay);
  if (!covers({ units, entries })) {
    const detail = `the fee limit does not pay for ${entries} new entries of the state`;
    return { outcome: "forbidden", code: "state-fee", units, detail };
  }
  pending.apply();
  applyStakeWrites(writes, overlay, block);
  if (action !== undefined) act(action, block);
  return { outcome: "applied", code: "none", units, detail: "", entries };
}
