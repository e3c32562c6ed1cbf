import { UNITS } from "@aethel/models";
import { type Execution, interpretIntent } from "@aethel/verifier";
import type { CallContext, CallRun, Stop } from "./call-run.ts";
import type { PreparedIntents, PreparedStep } from "./prepare-calls.ts";
import { findWriteDefect } from "./write-defect.ts";

/**
 * Runs the intents of a call in order, each on the result of the one before. `findWriteDefect`
 * checks the writes of the interpreter again, without trust in the interpreter or the Judge.
 * `unitsMax`: most execution units that the call may take.
 */
export function runIntents(call: PreparedIntents, context: CallContext, unitsMax: number): CallRun {
  const { block, pending } = context;
  let units = 0;
  for (const [at, step] of call.steps.entries()) {
    if (at > 0) units += UNITS.step;
    const execution = interpretIntent(step.intent, {
      unitsMax: Math.max(0, unitsMax - units),
      arguments: step.values,
      sequence: BigInt(block.sequence),
      now: BigInt(block.now),
      read: (account, field, asset) =>
        pending.read(asset === undefined ? { account, field } : { account, field, asset }),
      supply: (asset) => pending.supply(asset),
    });
    units += execution.executionUnits;
    if (execution.type === "out-of-units" || units > unitsMax) return { type: "out-of-units" };
    const stopped = stopOf(execution) ?? defectOf(step, execution, { call, context });
    if (stopped !== undefined) {
      const where = call.steps.length === 1 ? "" : `${step.intent.name}: `;
      return { type: "stopped", units, ...stopped, detail: `${where}${stopped.detail}` };
    }
    if (execution.type === "applied") pending.add(execution.writes, execution.supplies);
  }
  return { type: "done", units };
}

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
  where: { readonly call: PreparedIntents; readonly context: CallContext },
): Stop | undefined {
  if (execution.type !== "applied") return undefined;
  const { writes, supplies } = execution;
  const { pending: state, signed } = where.context;
  const privileged = where.call.record.origin === "genesis";
  const defect = findWriteDefect({ intent, values, writes, supplies, privileged, signed, state });
  return defect === undefined ? undefined : { outcome: "forbidden", ...defect };
}
