import { type ProofBody, type Resource, toResource, UNITS } from "@aethel/models";
import { type Execution, interpretIntent } from "@aethel/verifier";
import { newEntries } from "../fees/growth.ts";
import type { ResultCode } from "../results/result-code.ts";
import type { BoundedContext } from "../state/block-context.ts";
import { applyStakeWrites, findStakeDefect } from "../validators/stake-writes.ts";
import { createPendingWrites, type PendingWrites } from "./pending-writes.ts";
import type { PreparedInvoke, PreparedStep } from "./prepare-invoke.ts";
import { act, actionOf, findActionDefect } from "./validator-actions.ts";
import { findWriteDefect } from "./write-defect.ts";

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

type InvokeBody = Extract<ProofBody, { readonly type: "invoke" }>;

/**
 * Runs the intents of a prepared invoke in order, each on the result of the one before. Either all
 * of them apply or none. The fee limit must already be subtracted from the author's balance, so
 * guards see the reduced balance. `findWriteDefect` checks the writes of the interpreter again,
 * without trust in the interpreter or the Judge.
 */
export function runInvoke(
  prepared: PreparedInvoke,
  body: InvokeBody,
  block: BoundedContext,
  covers: CoversRun,
): InvokeResult {
  const { overlay } = block;
  const pending = createPendingWrites(overlay, prepared.accounts);
  const action = actionOf(prepared);
  let spent = action === undefined ? 0 : UNITS.action;
  for (const [at, step] of prepared.steps.entries()) {
    if (at > 0) spent += UNITS.step;
    const execution = interpretIntent(step.intent, {
      unitsMax: Math.max(0, body.resourceLimit - spent),
      arguments: step.values,
      sequence: BigInt(block.sequence),
      now: BigInt(block.now),
      read: (account, field, asset) =>
        pending.read({ account, field, ...(asset === undefined ? {} : { asset }) }),
      supply: (asset) => pending.supply(asset),
    });
    spent += execution.executionUnits;
    if (execution.type === "out-of-units" || spent > body.resourceLimit) {
      const detail = `it needs more than its resource limit of ${body.resourceLimit} execution units`;
      return { outcome: "unknown", code: "execution-limit", units: body.resourceLimit, detail };
    }
    const stopped = stopOf(execution) ?? defectOf(step, execution, { prepared, pending });
    if (stopped !== undefined) {
      const where = prepared.steps.length === 1 ? "" : `${step.intent.name}: `;
      return { ...stopped, units: toResource(spent), detail: `${where}${stopped.detail}` };
    }
    if (execution.type === "applied") pending.add(execution.writes, execution.supplies);
  }
  const units = toResource(spent);
  // Stake rules speak of native balances: what happens to declared assets is nothing to them.
  const all = pending.writes();
  const writes = all.filter(({ asset }) => asset === undefined);
  const defect = findStakeDefect(writes, overlay, block);
  if (defect !== undefined) return { outcome: "forbidden", units, ...defect };
  const actionDefect = action === undefined ? undefined : findActionDefect(action, block);
  if (actionDefect !== undefined) return { outcome: "forbidden", units, ...actionDefect };
  const { hasAccount } = pending;
  const bindsKey = action?.action === "rotate-key";
  const growth = { writes: all, signed: prepared.signed, hasAccount, bindsKey };
  const entries = newEntries(growth, overlay);
  if (!covers({ units, entries })) {
    const detail = `the fee limit does not pay for ${entries} new entries of the state`;
    return { outcome: "forbidden", code: "state-fee", units, detail };
  }
  pending.apply();
  applyStakeWrites(writes, overlay, block);
  if (action !== undefined) act(action, block);
  return { outcome: "applied", code: "none", units, detail: "", entries };
}

type Stop = Pick<InvokeResult, "outcome" | "code" | "detail">;

function stopOf(execution: Execution): Stop | undefined {
  switch (execution.type) {
    case "applied":
    case "out-of-units":
      return undefined;
    case "guard-false": {
      const detail = `the guard is false: ${execution.label}`;
      return { outcome: "guard-false", code: "guard-false", detail };
    }
    case "fault":
      return { outcome: "forbidden", code: "fault", detail: execution.message };
  }
}

function defectOf(
  { intent, values }: PreparedStep,
  execution: Execution,
  where: {
    readonly prepared: PreparedInvoke;
    readonly pending: PendingWrites;
  },
): Stop | undefined {
  if (execution.type !== "applied") return undefined;
  const { writes, supplies } = execution;
  const { signed, record } = where.prepared;
  const privileged = record.origin === "genesis";
  const state = where.pending;
  const defect = findWriteDefect({ intent, values, writes, supplies, privileged, signed, state });
  return defect === undefined ? undefined : { outcome: "forbidden", ...defect };
}
